# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes a stranger's file down piece by piece, up to a size."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path


class TooLargeError(Exception):
    """There is more of it than there may be."""


async def written(path: Path, chunks: AsyncIterator[bytes], most_bytes: int) -> tuple[int, bytes]:
    """Write a file; its size in bytes and its SHA-256.

    Raises:
        TooLargeError: it has more than `most_bytes`; a part of it may stand there.
    """
    size, digest = 0, hashlib.sha256()
    with await asyncio.to_thread(path.open, "wb") as file:
        async for chunk in chunks:
            size += len(chunk)
            if size > most_bytes:
                raise TooLargeError
            digest.update(chunk)
            await asyncio.to_thread(file.write, chunk)
    return size, digest.digest()
