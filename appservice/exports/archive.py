# SPDX-License-Identifier: AGPL-3.0-or-later
"""A zip file written front to back: nothing of it is held but the list of what is inside. Blocks.

Its last file but one names what could not be had, its last one every other file with its SHA-256.
"""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from appservice.errors import KithError

MANIFEST, MISSING = "manifest.json", "missing.json"
_LEVEL = 6


class DiskFullError(KithError):
    """There is no room for the archive; what was written of it is worth nothing."""

    def __init__(self) -> None:
        super().__init__("disk_full", 507, "There is no room for the archive.")


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of the archive."""

    name: str
    size: int
    sha256: str


class Entry:
    """One file while it is written."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Add to it."""
        self._out.write(data)
        self._digest.update(data)
        self.size += len(data)

    @property
    def sha256(self) -> str:
        """Of what was written so far."""
        return self._digest.hexdigest()


class Archive:
    """One archive; used by one thread at a time."""

    def __init__(self, path: Path, made_at: datetime, keep_free: int) -> None:
        """Begin a new file.

        Args:
            path: where; nothing may be there yet.
            made_at: the time that stands at every file.
            keep_free: bytes of the disk that are left to everybody else.
        """
        self._path = path
        self._keep_free = keep_free
        self._moment = made_at.timetuple()[:6]
        self._file = path.open("xb")
        path.chmod(0o600)
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
        self.files: list[Listed] = []
        self.missing: list[dict[str, str]] = []

    @contextmanager
    def entry(self, name: str, *, packed: bool = False) -> Iterator[Entry]:
        """One more file.

        Args:
            name: its path in the archive.
            packed: it is compressed already, as pictures are.

        Raises:
            DiskFullError: there is no room for more.
        """
        if shutil.disk_usage(self._path.parent).free < self._keep_free:
            raise DiskFullError
        info = zipfile.ZipInfo(name, self._moment)
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=packed) as out:
            made = Entry(out)
            yield made
        self.files.append(Listed(name, made.size, made.sha256))

    def add(self, name: str, text: str) -> None:
        """A whole file of text."""
        with self.entry(name) as made:
            made.write(text.encode())

    def spool(self) -> Path:
        """A place beside it for a file that is on its way into it."""
        return self._path.with_suffix(".arriving")

    def lacks(self, what: str, reason: str) -> None:
        """Note something that could not be had."""
        self.missing.append({"what": what, "reason": reason})

    def close(self, about: dict[str, Any]) -> None:
        """Write the two last files and end the archive.

        Args:
            about: what the manifest says besides, as JSON.
        """
        self.add(MISSING, json.dumps(self.missing, ensure_ascii=False, indent=1))
        with self.entry(MANIFEST) as made:
            head = json.dumps(about, ensure_ascii=False)
            made.write(f'{head[:-1]}, "files": [\n'.encode())
            for number, one in enumerate(self.files):
                line = {"name": one.name, "size": one.size, "sha256": one.sha256}
                made.write(f"{',' if number else ''}{json.dumps(line)}\n".encode())
            made.write(b"]}\n")
        self._zip.close()
        self._file.flush()
        self._file.close()

    def abandon(self) -> None:
        """Let go of the file as it is."""
        # Closing the archive would write its end; an unfinished one must not look whole.
        self._zip.fp = None
        self._file.close()
