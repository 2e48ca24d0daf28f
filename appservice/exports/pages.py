# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows as files of the archive: JSON for programs, and beside each a page that a browser opens.

A file ends before it is too long for a browser, so that memory and pages stay small however much
there is. Blocks.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from appservice.exports.archive import Archive

Row = Mapping[str, Any]
Render = Callable[[str, Sequence[Row], str], str]
"""Title, rows, way up to the archive's top → a page of HTML."""

_MOST_ROWS = 1000
_MOST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    """One written file: its path without the ending, its title, how many rows it has."""

    path: str
    title: str
    rows: int


class Pages:
    """Writes the rows of one kind."""

    def __init__(self, archive: Archive, base: str, title: str, render: Render) -> None:
        """Args: the archive, the path of the files without ending, title, and how they look."""
        self._archive = archive
        self._base = base
        self._title = title
        self._render = render
        self._rows: list[Row] = []
        self._lines: list[str] = []
        self._bytes = 0
        self._part = ""
        self._used: dict[str, int] = {}
        self.written: list[Page] = []

    @property
    def count(self) -> int:
        """Rows so far."""
        return sum(page.rows for page in self.written) + len(self._rows)

    def extend(self, rows: Iterable[Row], part: Callable[[Row], str] | None = None) -> None:
        """Add rows; those of another part (a month) begin a new file."""
        for row in rows:
            name = part(row) if part else ""
            if self._rows and (
                name != self._part or len(self._rows) >= _MOST_ROWS or self._bytes >= _MOST_BYTES
            ):
                self.flush()
            self._part = name
            line = json.dumps(row, ensure_ascii=False, default=plain)
            self._rows.append(row)
            self._lines.append(line)
            self._bytes += len(line)

    def flush(self) -> None:
        """Write what was added."""
        if not self._rows:
            return
        name = f"{self._base}/{self._part}" if self._part else self._base
        used = self._used[name] = self._used.get(name, 0) + 1
        path = name if used == 1 else f"{name}-{used}"
        title = " ".join(filter(None, (self._title, self._part, str(used) if used > 1 else "")))
        self._archive.add(f"{path}.json", "[\n" + ",\n".join(self._lines) + "\n]\n")
        up = "../" * path.count("/")
        self._archive.add(f"{path}.html", self._render(title, self._rows, up))
        self.written.append(Page(path, title, len(self._rows)))
        self._rows, self._lines, self._bytes = [], [], 0


def plain(value: object) -> object:
    """What JSON has no word for."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)
