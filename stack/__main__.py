# SPDX-License-Identifier: AGPL-3.0-or-later
"""The commands of `kith`. Each does its work in a module of its own."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from stack import (
    accounts,
    adopt,
    doctor,
    erase,
    export,
    migrate,
    screen,
    search,
    serve,
    webapp,
)
from stack.errors import EXIT_UNUSABLE, StackError
from stack.layout import DEFAULT_DATA, Layout
from stack.lock import DataLock, end_holder
from stack.options import POLICIES, Asked

app = typer.Typer(
    name="kith",
    help="Kith: friends, communities and trust, enforced inside a Synapse Matrix homeserver.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
user = typer.Typer(help="People of a running instance.", no_args_is_help=True)
config = typer.Typer(help="Configuration to copy elsewhere.", no_args_is_help=True)
searching = typer.Typer(help="The search for people.", no_args_is_help=True)
app.add_typer(user, name="user")
app.add_typer(searching, name="search")
app.add_typer(config, name="config")

Data = Annotated[
    Path, typer.Option("--data", metavar="DIR", readable=False, help="Where everything is kept.")
]


@app.command()
def up(
    *,
    data: Data = DEFAULT_DATA,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Web, API and Matrix (8080).")
    ] = None,
    matrix_port: Annotated[
        int, typer.Option(min=1, max=65535, help="Synapse itself, on loopback.")
    ] = 8008,
    server_name: Annotated[
        str | None, typer.Option(help="Part of every user id; fixed at the first start.")
    ] = None,
    federation_port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Let other homeservers in, with TLS, on this port."),
    ] = None,
    registration: Annotated[
        str | None, typer.Option(help="Who may sign up: closed, token or open.")
    ] = None,
    open_registration: Annotated[
        bool, typer.Option("--open-registration", help="The same as --registration open.")
    ] = False,
    demo: Annotated[bool, typer.Option("--demo", help="Add a believable community.")] = False,
) -> None:
    """Start everything and keep it running until Ctrl-C."""
    if registration and registration not in POLICIES:
        raise StackError(f"--registration takes one of: {', '.join(POLICIES)}.")
    serve.up(
        Asked(
            data=data,
            port=port,
            matrix_port=matrix_port,
            server_name=server_name,
            federation_port=federation_port,
            registration="open" if open_registration else registration,
            demo=demo,
        )
    )


@app.command()
def down(*, data: Data = DEFAULT_DATA) -> None:
    """Stop the instance of a data folder."""
    layout = Layout(data.expanduser().resolve())
    stopped = end_holder(DataLock(layout.lock))
    screen.say("Stopped." if stopped else f"Nothing runs on {layout.data}.")


@app.command("web")
def web_command() -> None:
    """Build the web app, if it has changed; `up` does so too."""
    if not asyncio.run(webapp.ensure(screen.say)):
        raise typer.Exit(1)


@app.command("migrate")
def migrate_command(*, data: Data = DEFAULT_DATA) -> None:
    """Bring Kith's database up to this version."""
    migrate.run(Layout(data.expanduser().resolve()))


@app.command("adopt")
def adopt_command(
    *,
    dms: Annotated[
        str, typer.Option(help="1:1s in which both wrote: befriend, keep open, or freeze.")
    ] = "befriend",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Take over the people and rooms of a Synapse that was in use before Kith came."""
    if dms not in adopt.DMS:
        raise StackError(f"--dms takes one of: {', '.join(adopt.DMS)}.")
    adopt.run(Layout(data.expanduser().resolve()), dms, dry_run=dry_run)


@app.command("export")
def export_command(
    person: Annotated[str, typer.Argument(metavar="@USER", help="Whose data.")],
    *,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Where the archive goes.")
    ] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Write everything about a person into one archive."""
    export.run(Layout(data.expanduser().resolve()), person, to)


@app.command("doctor")
def doctor_command(*, data: Data = DEFAULT_DATA) -> None:
    """Look at every part and say how to mend what is wrong."""
    if not doctor.run(Layout(data.expanduser().resolve())):
        raise typer.Exit(1)


@user.command("create")
def user_create(
    name: Annotated[str, typer.Argument(help="The part of the user id before the colon.")],
    *,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    admin: Annotated[bool, typer.Option("--admin", help="Make them an administrator.")] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Make an account."""
    if not password_stdin:
        raise StackError(
            "Give the password on standard input with --password-stdin: as an argument it "
            "would stand in the shell's history."
        )
    password = sys.stdin.readline().rstrip("\r\n")
    layout = Layout(data.expanduser().resolve())
    screen.say(f"Made {accounts.create(layout, name, password, admin=admin)}.")


@searching.command("rebuild")
def search_rebuild(*, data: Data = DEFAULT_DATA) -> None:
    """Put everybody into the search anew; searching goes on meanwhile."""
    search.rebuild(Layout(data.expanduser().resolve()))


@app.command("erase")
def erase_command(
    who: Annotated[
        str, typer.Argument(metavar="@USER", help="Matrix id or bare name, or a proof's id.")
    ],
    *,
    now: Annotated[
        bool, typer.Option("--now", help="Without the days in which it can be cancelled.")
    ] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="Keep the account.")] = False,
    proof: Annotated[bool, typer.Option("--proof", help="Print a proof again.")] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Delete somebody's account, with a proof of what was removed and what is kept."""
    chosen = {"--now": now, "--cancel": cancel, "--proof": proof}
    words = [word for word, given in chosen.items() if given]
    if len(words) > 1:
        raise StackError(f"Choose one of: {', '.join(words)}.")
    erase.run(Layout(data.expanduser().resolve()), who, *words)


@config.command("synapse")
def config_synapse(*, data: Data = DEFAULT_DATA) -> None:
    """Print what to add to an existing Synapse."""
    typer.echo(adopt.instructions(Layout(data.expanduser().resolve())))


def main() -> None:
    """Run a command; what a person can mend is one line and exit code 2."""
    try:
        app(prog_name="kith")
    except StackError as problem:
        screen.fail(str(problem))
        sys.exit(EXIT_UNUSABLE)


if __name__ == "__main__":
    main()
