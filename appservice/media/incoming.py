# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads one uploaded file off the wire into a folder of its own; bounded in size, time, number."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from aiohttp import BodyPartReader, ClientError, web
from aiohttp.http_exceptions import HttpProcessingError

from appservice.errors import KithError
from appservice.media.names import file_name
from appservice.media.turns import Turns
from appservice.media.workroom import Workroom
from appservice.rest.codes import Code

_Found = TypeVar("_Found")

FIELD = "file"
"""Name of the form's one field."""

_FORM = "multipart/form-data"
_CHUNK = 256 * 1024
_SILENCE = 30.0
"""Seconds a sender may say nothing."""

_MOST_PRESENT = 12
"""Uploads of a person, those that wait included; a message has ten."""

_AROUND = 16 * 1024
"""Bytes a form may have around its file."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that came in whole."""

    path: Path
    name: str
    size: int


class Arrivals:
    """How much may come in at once."""

    def __init__(self, most_bytes: int, at_once: int, of_one: int, workroom: Workroom) -> None:
        """Args: bytes of a file; uploads of a process; uploads of a person; where they lie."""
        self._workroom = workroom
        self._most_bytes = most_bytes
        self._free = at_once
        self._turns = Turns(of_one)
        self._present: dict[str, int] = {}

    @asynccontextmanager
    async def receive(self, request: web.Request, person: str) -> AsyncIterator[Arrived]:
        """The file of a form; it and whatever is put beside it is gone afterwards.

        Raises:
            KithError: `unsupported_type`, `too_large`, `too_many_requests`, `invalid`; or
                `uploads_busy`: this process has enough to do.
        """
        if request.content_type != _FORM:
            raise Code.UNSUPPORTED_TYPE.error(f"Send the file as {_FORM}.")
        if (request.content_length or 0) > self._most_bytes + _AROUND:
            raise Code.TOO_LARGE.error(most_bytes=self._most_bytes)
        async with self._place(person):
            with self._workroom.folder() as folder:
                try:
                    arrived = await self._read(request, folder / "file")
                except (ValueError, ClientError, HttpProcessingError, ConnectionError) as error:
                    raise _wrong("cannot be read") from error
                yield arrived

    @asynccontextmanager
    async def _place(self, person: str) -> AsyncIterator[None]:
        """A person's turn; ten files of one message come in one after another."""
        if self._present.get(person, 0) >= _MOST_PRESENT:
            raise Code.TOO_MANY_REQUESTS.error(retry_after_ms=2000)
        self._present[person] = self._present.get(person, 0) + 1
        try:
            async with self._turns.of(person):
                if not self._free:
                    raise Code.UPLOADS_BUSY.error(retry_after_ms=2000)
                self._free -= 1
                try:
                    yield
                finally:
                    self._free += 1
        finally:
            self._present[person] -= 1
            if not self._present[person]:
                del self._present[person]

    async def _read(self, request: web.Request, path: Path) -> Arrived:
        form = await request.multipart()
        part = await _in_time(form.next())
        if not isinstance(part, BodyPartReader) or part.name != FIELD or part.filename is None:
            raise _wrong("is not the first thing in the form")
        size = await self._write(part, path)
        if await _in_time(form.next()) is not None:
            raise _wrong("is not the only thing in the form")
        if not size:
            raise _wrong("is empty")
        return Arrived(path, file_name(part.filename), size)

    async def _write(self, part: BodyPartReader, path: Path) -> int:
        size = 0
        with await asyncio.to_thread(path.open, "wb") as file:
            while chunk := await _in_time(part.read_chunk(_CHUNK)):
                size += len(chunk)
                if size > self._most_bytes:
                    raise Code.TOO_LARGE.error(most_bytes=self._most_bytes)
                await asyncio.to_thread(file.write, chunk)
        return size


async def _in_time(reading: Awaitable[_Found]) -> _Found:
    async with asyncio.timeout(_SILENCE):
        return await reading


def _wrong(problem: str) -> KithError:
    return Code.INVALID.error(fields=[{"field": FIELD, "problem": f"the file {problem}"}])
