# SPDX-License-Identifier: AGPL-3.0-or-later
"""One stack a data folder: a lock that the kernel frees when its holder dies."""

import fcntl
import os
import signal
import time
from pathlib import Path
from typing import IO

from stack.errors import StackError

_POLL = 0.1


class DataLock:
    """The lock of a data folder."""

    def __init__(self, path: Path) -> None:
        """Args: the lock file; it stays when the lock is free."""
        self._path = path
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take it for this process.

        Raises:
            StackError: another process has it, or the folder is read-only.
        """
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as problem:
            raise StackError(
                f"The data folder {self._path.parent} cannot be written to "
                f"({problem.strerror}); choose another with --data."
            ) from problem
        file = os.fdopen(descriptor, "r+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            holder = file.read().strip()
            file.close()
            who = f" (process {holder})" if holder else ""
            raise StackError(
                f"Kith already runs on {self._path.parent}{who}; "
                f"stop it with `kith down`, or choose another folder with --data."
            ) from problem
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    def free(self) -> None:
        """Give it back."""
        if self._file:
            self._file.close()
            self._file = None

    def holder(self) -> int | None:
        """The process that runs the stack, or None when nothing does."""
        try:
            with self._path.open("r+", encoding="ascii") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except OSError:
                    text = file.read().strip()
                    return int(text) if text.isdigit() else None
        except OSError:
            return None
        return None


def end_holder(lock: DataLock, within: float = 60.0) -> bool:
    """Ask the process that runs the stack to stop, and wait until it did.

    Args:
        lock: of the data folder.
        within: seconds to wait.

    Returns:
        False when nothing ran.

    Raises:
        StackError: it does not stop, or belongs to somebody else.
    """
    pid = lock.holder()
    if pid is None:
        return False
    try:
        os.kill(pid, signal.SIGTERM)
    except PermissionError as problem:
        raise StackError(f"Process {pid} belongs to another account; stop it there.") from problem
    except ProcessLookupError:
        return True
    deadline = time.monotonic() + within
    while lock.holder() == pid:
        if time.monotonic() > deadline:
            raise StackError(f"Process {pid} does not stop; look into its logs, then end it.")
        time.sleep(_POLL)
    return True
