# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m appservice serve | work | …`: the commands of the launcher."""

import asyncio
import contextlib
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from appservice import logs, server, setup_link
from appservice.adoption import command as adoption
from appservice.adoption.admission import NotAdoptedError
from appservice.adoption.adopter import AdoptionError
from appservice.erasure import command as erasure
from appservice.erasure.command import ErasureError
from appservice.errors import Unavailable
from appservice.exports import command as export
from appservice.exports.command import ExportError
from appservice.people_search import command as search
from appservice.settings import Settings, SettingsError, load

_new_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
with contextlib.suppress(ImportError):  # absent on Windows
    import uvloop

    _new_loop = uvloop.new_event_loop

Command = Callable[[Settings], Coroutine[Any, Any, None]]

_COMMANDS: dict[str, Command] = {
    "serve": server.serve,
    "work": server.work,
    "setup-link": setup_link.print_link,
    "search-rebuild": search.rebuild,
}
_WITH_WORDS: dict[str, Callable[[list[str]], Command]] = {
    "adopt": adoption.parsed,
    "erase": erasure.parsed,
    "export": export.parsed,
}
_KNOWN = (AdoptionError, NotAdoptedError, ErasureError, ExportError)
"""What a command says in one line."""


def main(arguments: list[str]) -> int:
    """Exit code 2 with one line of why when it cannot start."""
    command = _command(arguments)
    if command is None:
        names = " | ".join((*_COMMANDS, *_WITH_WORDS))
        sys.stderr.write(f"usage: python -m appservice {names}\n")
        return 2
    _allow_many_sockets()
    try:
        settings = load()
        logs.configure(settings.log)
        with asyncio.Runner(loop_factory=_new_loop) as runner:
            runner.run(command(settings))
    except SettingsError as error:
        sys.stderr.write(f"kith settings: {error}\n")
        return 2
    except (OSError, Unavailable, *_KNOWN) as error:
        sys.stderr.write(f"kith {arguments[0]}: {error}\n")
        return 2
    except server.PartEndedError:
        return 1
    return 0


def _allow_many_sockets() -> None:
    """As many open files as the system lets this account have, not what shells begin with."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - absent on Windows

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _command(arguments: list[str]) -> Command | None:
    if arguments[:1] and arguments[0] in _WITH_WORDS:
        return _WITH_WORDS[arguments[0]](arguments[1:])
    return _COMMANDS.get(arguments[0]) if len(arguments) == 1 else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
