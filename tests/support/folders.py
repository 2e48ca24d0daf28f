# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the servers of a test session keep their files."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "kith-test"
_MEMORY = Path("/dev/shm")  # noqa: S108 - folders there have names that nobody can guess
_ENOUGH = 2 * 1024**3
"""Bytes that have to be free: a process of tests needs a quarter of it."""


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder in memory when there is room, because tests make hundreds of databases.

    Not pytest's own folder: a socket's path must be short.
    """
    where = _MEMORY if _roomy(_MEMORY) else Path(tempfile.gettempdir())
    _forget_the_dead(where)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}-{os.getpid()}-", dir=where))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _roomy(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= _ENOUGH


def _forget_the_dead(where: Path) -> None:
    """Memory that killed sessions have left is given back."""
    for folder in where.glob(f"{_PREFIX}-*-*"):
        owner = folder.name.split("-")[2]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(folder, ignore_errors=True)
