# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many WebSocket clients in one process, as cheap as Python allows: they count and note the time.

A message carries the time at which it was said (`"at":<monotonic ns>`); both ends share a clock.
"""

import asyncio
import base64
import os
import re
import time
from collections.abc import Callable, Sequence

AT = re.compile(rb'"at":(\d+)')
_MEDIUM, _LONG = 126, 127
_GIVEN_UP = 5.0
"""Seconds without any frame after which those that are missing are taken for lost."""

_OF_ONE_ADDRESS = 10_000
"""Sockets from one address of the loopback network: each has some 28,000 ports."""

_PING, _PONG = 0x89, b"\x8a\x80\0\0\0\0"


class Client(asyncio.Protocol):
    """One socket.

    Attributes:
        open: it was let in and has not ended.
        ready: done once it is subscribed.
    """

    def __init__(self, crowd: "Crowd", request: bytes) -> None:
        self.crowd = crowd
        self._request = request
        self._buffer = b""
        self.open = False
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        if isinstance(transport, asyncio.Transport):
            self.transport = transport
            transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        """A socket that ends early spoils the figures."""
        self.open = False
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionError("closed"))

    def data_received(self, data: bytes) -> None:
        """Count what came."""
        data = self._buffer + data
        if not self.open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._buffer = head
                return
            if b" 101 " not in head[:20]:
                self.ready.set_exception(ConnectionError(head[:100].decode("latin-1")))
                return
            self.open = True
            self.opened()
        start = 0
        while len(data) - start >= 2:  # noqa: PLR2004 - the shortest header
            begin, length = start + 2, data[start + 1]
            if length == _MEDIUM:
                begin, length = begin + 2, int.from_bytes(data[begin : begin + 2], "big")
            elif length == _LONG:
                begin, length = begin + 8, int.from_bytes(data[begin : begin + 8], "big")
            if len(data) < begin + length:
                break
            if data[start] == _PING and self.transport is not None:
                self.transport.write(_PONG)
            self.frame(data[begin : begin + length])
            start = begin + length
        self._buffer = data[start:]

    def opened(self) -> None:
        """It was let in."""

    def frame(self, frame: bytes) -> None:
        """One message came."""
        said = AT.search(frame)
        if said is not None:
            self.crowd.heard(int(said[1]))
        elif b'"message:new"' in frame:
            # Said by somebody who does not tell the time.
            self.crowd.heard(time.monotonic_ns())
        elif b'"subscribed"' in frame and not self.ready.done():
            self.ready.set_result(None)


Kind = Callable[["Crowd", bytes], Client]


class Crowd:
    """All clients together.

    Attributes:
        latencies: milliseconds on the way, of every frame since `forget`.
        lost: frames that were given up since then.
        idle: seconds that it took to give them up.
    """

    def __init__(self, *, lossy: bool = False) -> None:
        """Args: whether the server may lose frames; then they are given up when none comes."""
        self.latencies: list[float] = []
        self.lost = 0
        self.idle = 0.0
        self._lossy = lossy
        self._clients: list[Client] = []
        self._until = 0
        self._reached = asyncio.Event()

    async def connect(
        self, port: int, paths: Sequence[str], at_once: int = 50, kind: Kind = Client
    ) -> None:
        """Open one socket a path; returns when all are subscribed."""
        for first in range(0, len(paths), at_once):
            chunk = paths[first : first + at_once]
            await asyncio.gather(*(self._connect(port, path, kind) for path in chunk))

    @property
    def alive(self) -> int:
        """Sockets that are open."""
        return sum(client.open for client in self._clients)

    async def count(self, number: int, within: float = 60.0) -> None:
        """Wait until that many frames came since `forget`."""
        if self._lossy:
            await self._most(number)
            return
        self._until = number
        if len(self.latencies) < number:
            self._reached.clear()
            try:
                async with asyncio.timeout(within):
                    await self._reached.wait()
            except TimeoutError:
                came = (
                    f"{len(self.latencies)} of {number} frames came, {self.alive} sockets are open"
                )
                raise RuntimeError(came) from None

    def forget(self) -> None:
        """Begin to count."""
        self.latencies = []
        self.lost, self.idle = 0, 0.0

    async def _most(self, number: int) -> None:
        while (came := len(self.latencies)) + self.lost < number:
            self._until = number - self.lost
            self._reached.clear()
            try:
                async with asyncio.timeout(_GIVEN_UP):
                    await self._reached.wait()
            except TimeoutError:
                if len(self.latencies) == came:
                    self.lost = number - came
                    self.idle += _GIVEN_UP

    def heard(self, said: int) -> None:
        """A frame came."""
        self.latencies.append((time.monotonic_ns() - said) / 1e6)
        if len(self.latencies) >= self._until:
            self._reached.set()

    def close(self) -> None:
        """Close all."""
        for client in self._clients:
            if client.transport is not None:
                client.transport.abort()

    async def _connect(self, port: int, path: str, kind: Kind) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
        )
        loop = asyncio.get_running_loop()
        source = f"127.0.0.{1 + len(self._clients) // _OF_ONE_ADDRESS}"
        _, client = await loop.create_connection(
            lambda: kind(self, request.encode()), "127.0.0.1", port, local_addr=(source, 0)
        )
        self._clients.append(client)
        await client.ready
