# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `kith` says on the terminal: one line a step, a short table when all is well."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape

out = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def say(line: str) -> None:
    """One line about what happened."""
    out.print(f"[dim]·[/dim] {escape(line)}")


def fail(line: str) -> None:
    """One line about why it cannot go on."""
    errors.print(f"[bold red]kith:[/bold red] {escape(line)}")


def overview(*, web: str, matrix: str, admin: str, data: Path, logs: Path) -> None:
    """The table of a running instance."""
    rows = {
        "Web": web,
        "Matrix": f"{web}  (Synapse itself: {matrix})",
        "Administrator": admin,
        "Data": str(data),
        "Logs": str(logs),
    }
    out.print()
    # Not a rich table: it would fold a long link, and links are copied from here.
    for name, value in rows.items():
        out.print(f"[bold]{name:<16}[/bold]{escape(value)}")
    out.print("\n[dim]Ctrl-C stops everything.[/dim]")
