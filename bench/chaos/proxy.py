# SPDX-License-Identifier: AGPL-3.0-or-later
"""A TCP proxy that can be made to fail: it goes silent, or it cuts every connection."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Self

_CHUNK = 64 * 1024
Target = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


class Proxy:
    """Listens on a port of its own.

    Attributes:
        port: where it listens.
    """

    def __init__(self, target: Target) -> None:
        """Args: opens a connection to what stands behind it."""
        self.port = 0
        self._target = target
        self._open = asyncio.Event()
        self._open.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        self._open.set()
        self.cut()

    def silence(self) -> None:
        """Accept, and pass nothing on: what a network does that swallows packets."""
        self._open.clear()

    def mend(self) -> None:
        """Pass on again, also what has waited."""
        self._open.set()

    def cut(self) -> None:
        """End every connection without a farewell."""
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await self._open.wait()
            there, back = await self._target()
            self._writers.add(back)
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
            self._writers.discard(back)
        except OSError:
            writer.transport.abort()
        finally:
            self._writers.discard(writer)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                await self._open.wait()
                writer.write(data)
                await writer.drain()
        writer.transport.abort() if writer.is_closing() else writer.close()


def to_port(port: int) -> Target:
    """What listens on a port of this machine."""
    return lambda: asyncio.open_connection("127.0.0.1", port)


def to_socket(path: str) -> Target:
    """What listens on a socket in the file system."""
    return lambda: asyncio.open_unix_connection(path)
