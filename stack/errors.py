# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can stop the stack: one sentence a person can act on. Knows no service."""

from pathlib import Path

EXIT_UNUSABLE = 2


class StackError(Exception):
    """The stack cannot go on; the message is one clear line with the way out."""


def log_tail(log: Path, lines: int = 5) -> str:
    """The last lines of a log file, indented, or an empty string when there is none."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "".join(f"\n    {line}" for line in text.splitlines()[-lines:])
