# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a build of the web app weighs, compressed as it is sent; read from its manifest."""

import json
from pathlib import Path
from typing import Any

from stack import webapp

ENTRY = "index.html"
ROOM = "src/app/places/pages.ts"
"""The part with conversations."""


class Weight:
    """One build.

    Raises:
        FileNotFoundError: there is none, or it is older than its manifest.
    """

    def __init__(self, folder: Path = webapp.BUILT) -> None:
        self._folder = folder
        self._parts: dict[str, Any] = json.loads((folder / ".manifest.json").read_text("utf-8"))

    @property
    def entry(self) -> int:
        """Bytes of scripts that every page waits for."""
        return self._sum(self._needed(ENTRY))

    @property
    def room(self) -> int:
        """Bytes of scripts that a conversation waits for besides."""
        return self._sum(self._needed(ROOM) - self._needed(ENTRY))

    @property
    def styles(self) -> int:
        """Bytes of all style sheets."""
        return self._sum({path.name for path in (self._folder / "assets").glob("*.css")})

    @property
    def scripts(self) -> list[int]:
        """Bytes of every script."""
        return [self._sum({path.name}) for path in (self._folder / "assets").glob("*.js")]

    def _needed(self, name: str) -> set[str]:
        """Files that are loaded together with a part, itself included."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            part = self._parts[waiting.pop()]
            file = Path(part["file"]).name
            if file not in found:
                found.add(file)
                waiting.extend(part.get("imports", ()))
        return found

    def _sum(self, names: set[str]) -> int:
        return sum((self._folder / "assets" / f"{name}.gz").stat().st_size for name in names)
