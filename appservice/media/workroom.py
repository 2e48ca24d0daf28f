# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where files lie while they come in: a folder a process, which the next one clears after a kill.

A process holds a lock in its folder as long as it lives; whoever can take the lock may clear up.
Several processes, and several instances of one account, may share the place.
"""

import asyncio
import fcntl
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir, mkdtemp
from typing import IO

import structlog
from aiohttp import web

_LOG = structlog.get_logger("kith.media")
_PREFIX, _NEW = "kith-uploads-", "kith-new-uploads-"
_LOCK = "lock"


class Workroom:
    """One process's folder; there is one between the start and the end of `lifespan`."""

    def __init__(self, place: Path | None = None) -> None:
        """Args: where folders are made; None is the machine's place for temporary files."""
        self._place = place or Path(gettempdir())
        self._folder: Path | None = None

    async def lifespan(self, _: web.Application) -> AsyncIterator[None]:
        """Clear up after the dead and hold a folder; for `Application.cleanup_ctx`."""
        cleared = await asyncio.to_thread(self._clear)
        if cleared:
            _LOG.info("uploads_cleared", folders=cleared)
        folder, lock = await asyncio.to_thread(self._make)
        self._folder = folder
        try:
            yield
        finally:
            self._folder = None
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            lock.close()

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder for one upload, gone afterwards."""
        if self._folder is None:
            raise RuntimeError("the workroom is used outside its lifespan")
        with TemporaryDirectory(dir=self._folder) as made:
            yield Path(made)

    def _make(self) -> tuple[Path, IO[bytes]]:
        # Locked before it has the name by which others look for it.
        made = Path(mkdtemp(prefix=_NEW, dir=self._place))
        lock = (made / _LOCK).open("wb")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        folder = made.with_name(made.name.replace(_NEW, _PREFIX, 1))
        made.rename(folder)
        return folder, lock

    def _clear(self) -> int:
        return sum(_cleared(folder) for folder in self._place.glob(f"{_PREFIX}*"))


def _cleared(folder: Path) -> bool:
    with suppress(OSError):
        # Others' folders are theirs; and a link would lead anywhere.
        if folder.is_symlink() or folder.stat().st_uid != os.getuid():
            return False
        with (folder / _LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
            return True
    return False
