# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where archives lie: one file each, named by its id. Blocks.

What stands under its final name is whole: it gets it by renaming.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

_WHOLE, _PART = ".zip", ".part"


class Folder:
    """The folder of one instance, shared by its processes."""

    def __init__(self, root: Path) -> None:
        """Args: where; made when first needed."""
        self._root = root

    def whole(self, export_id: UUID) -> Path:
        """A finished archive."""
        return self._root / f"{export_id}{_WHOLE}"

    def part(self, export_id: UUID, attempt: UUID) -> Path:
        """An archive that is being made; `attempt` tells runs of the job apart."""
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._root / f"{export_id}.{attempt}{_PART}"

    def keep(self, export_id: UUID, part: Path) -> None:
        """Take a finished one."""
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(self.whole(export_id))

    def forget(self, export_id: UUID) -> None:
        """Remove whatever there is of an archive."""
        for path in self._root.glob(f"{export_id}.*"):
            with suppress(OSError):
                path.unlink()

    def old(self, before: float) -> list[UUID]:
        """The archives that lie here finished since before then (seconds since 1970)."""
        return [one for one, path in self._old(before) if path.suffix == _WHOLE]

    def drop_parts(self, before: float) -> None:
        """Remove what nobody has written to since then."""
        for _, path in self._old(before):
            if path.suffix != _WHOLE:
                path.unlink(missing_ok=True)

    def _old(self, before: float) -> Iterator[tuple[UUID, Path]]:
        if not self._root.is_dir():
            return
        for path in self._root.iterdir():
            with suppress(ValueError, OSError):
                export_id = UUID(path.name.partition(".")[0])
                if path.stat().st_mtime < before:
                    yield export_id, path
