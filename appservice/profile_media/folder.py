# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where pictures of profiles lie: one folder a picture, with the original until it was cut.

What stands under its final name is whole: files and folders get it by renaming. Blocks.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from appservice.profile_media.shapes import PLACE, SCANNED, WHOLE

_ORIGINAL, _VARIANTS, _PART = "original", "variants", ".part"


class Folder:
    """The folder of one instance, shared by its processes."""

    def __init__(self, root: Path) -> None:
        """Args: where; made when first needed."""
        self._root = root

    def of(self, media_id: UUID) -> Path:
        """The folder of one picture."""
        return self._root / media_id.hex[:2] / media_id.hex

    def original(self, media_id: UUID) -> Path:
        """What was uploaded."""
        return self.of(media_id) / _ORIGINAL

    def variant(self, media_id: UUID, file: str) -> Path:
        """One variant."""
        return self.of(media_id) / _VARIANTS / file

    def has_variants(self, media_id: UUID) -> bool:
        """Whether all of them were made."""
        return (self.of(media_id) / _VARIANTS).is_dir()

    def scanned(self, media_id: UUID) -> list[Path]:
        """What the scanner looks at of a picture set in a Matrix client: all frames, or all."""
        variants = self.of(media_id) / _VARIANTS
        return sorted(variants.glob(SCANNED[1])) or [variants / WHOLE]

    def says_place(self, media_id: UUID) -> bool:
        """Whether the file set in a Matrix client says where it was taken."""
        return self.variant(media_id, PLACE).is_file()

    def incoming(self, media_id: UUID, mark: str) -> Path:
        """A name for what is not whole yet; `mark` tells attempts apart."""
        self.of(media_id).mkdir(parents=True, exist_ok=True, mode=0o700)
        return self.of(media_id) / f"{mark}{_PART}"

    def keep_original(self, media_id: UUID, arrived: Path) -> None:
        """Take a file that arrived whole."""
        _flush(arrived)
        arrived.replace(self.original(media_id))

    def keep_variants(self, media_id: UUID, made: Path) -> None:
        """Take a folder with every variant; one that was there already stays."""
        for file in made.iterdir():
            _flush(file)
        # Fails when a job that ran twice was quicker: what it made is the same.
        with suppress(OSError):
            made.rename(self.of(media_id) / _VARIANTS)
        shutil.rmtree(made, ignore_errors=True)

    def drop_original(self, media_id: UUID) -> None:
        """Forget what came in, and the copies of all of it; only variants are shown."""
        self.original(media_id).unlink(missing_ok=True)
        for pattern in SCANNED:
            for copy in (self.of(media_id) / _VARIANTS).glob(pattern):
                copy.unlink(missing_ok=True)
        for part in self.of(media_id).glob(f"*{_PART}"):
            shutil.rmtree(part, ignore_errors=True)
            with suppress(OSError):
                part.unlink()

    def forget(self, media_id: UUID) -> None:
        """Remove everything of a picture."""
        shutil.rmtree(self.of(media_id), ignore_errors=True)

    def all(self) -> Iterator[tuple[UUID, float]]:
        """Every picture that has a folder, and when that last changed (seconds since 1970)."""
        for shelf in self._root.glob("??"):
            for entry in shelf.iterdir():
                with suppress(ValueError, OSError):
                    yield UUID(entry.name), entry.stat().st_mtime


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
