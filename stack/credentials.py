# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secrets of one data folder: made once, kept in one 0600 file, never printed or logged."""

import json
import secrets
from pathlib import Path

from stack.errors import StackError
from stack.files import write_private


class Credentials:
    """Named secrets that stay the same over restarts."""

    def __init__(self, path: Path) -> None:
        """Args: the file, made at the first secret asked for."""
        self._path = path
        self._known: dict[str, str] = {}
        if path.exists():
            try:
                self._known = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError) as problem:
                raise StackError(f"{path} cannot be read: {problem}.") from problem

    def __repr__(self) -> str:
        return f"Credentials({str(self._path)!r})"

    def get(self, name: str) -> str:
        """The secret called `name`, 256 random bits, made now when it is new."""
        if name not in self._known:
            self._known[name] = secrets.token_urlsafe(32)
            write_private(self._path, json.dumps(self._known, indent=1, sort_keys=True))
        return self._known[name]
