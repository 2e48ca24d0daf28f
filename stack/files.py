# SPDX-License-Identifier: AGPL-3.0-or-later
"""Folders and files only their owner may read, and short folders for sockets."""

import hashlib
import os
import tempfile
from pathlib import Path

from stack.errors import StackError
from stack.identity import servant

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
_SOCKET_PATH_LIMIT = 103  # macOS; Linux allows 107
_LONGEST_SOCKET_NAME = "/.s.PGSQL.65535.lock"


def private_folder(path: Path) -> Path:
    """Make `path` (and its parents) and give only its owner access."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(PRIVATE_FOLDER)
    return path


def write_private(path: Path, text: str) -> None:
    """Replace `path` by `text` at once, mode 0600 from its first byte on."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def socket_folder(wanted: Path) -> Path:
    """`wanted`, or a short private folder under the temp dir when its path is too long.

    A socket's path is limited by the kernel's `sun_path`, whatever the file system allows.
    """
    if len(os.fsencode(wanted)) + len(_LONGEST_SOCKET_NAME) <= _SOCKET_PATH_LIMIT:
        return private_folder(wanted)
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"kith-{os.getuid()}-{digest}"
    short.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    # The temp dir is everyone's: a folder somebody else put there must not be used.
    if short.is_symlink() or short.stat().st_uid not in _trusted_owners():
        raise StackError(f"{short} belongs to someone else; remove it, or set TMPDIR.")
    short.chmod(PRIVATE_FOLDER)
    return short


def _trusted_owners() -> set[int]:
    who = servant()
    return {os.getuid(), who.uid} if who else {os.getuid()}
