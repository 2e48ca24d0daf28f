# SPDX-License-Identifier: AGPL-3.0-or-later
"""One open socket: writing without waiting, never more than a bounded amount unread.

Frames go to the transport as the bytes every other socket gets too; aiohttp sees to pings,
closing and everything that is read.
"""

import asyncio
import time
from collections.abc import Callable
from enum import IntEnum

from aiohttp import web

from appservice import metrics
from appservice.realtime import frames
from appservice.realtime.envelope import Packet

MOST_UNREAD = 1024 * 1024
"""Bytes a client may be behind; then it is closed and may resume (4008)."""

_GRACE = 5.0
"""Seconds a close may take until the connection is cut."""

_BURST, _PER_SECOND = 60, 5.0
"""Commands at once, and over time."""


class Close(IntEnum):
    """Why a socket ends (M4)."""

    GOING_AWAY = 1001
    UNAUTHENTICATED = 4001
    NOT_A_MEMBER = 4003
    TOO_SLOW = 4008
    TOO_MANY = 4009


class Connection:
    """A `Sink` over a WebSocket.

    Attributes:
        user_id: whose it is.
        personal: it takes what is for the person alone.
        rooms: rooms it hears.
        ends_with_room: it is for one room, and ends when that does.
        direct: it is for direct conversations alone.
    """

    __slots__ = (
        "_allowance",
        "_closing",
        "_counted_at",
        "_monotonic",
        "_most",
        "_transport",
        "_websocket",
        "direct",
        "ends_with_room",
        "personal",
        "rooms",
        "user_id",
    )

    def __init__(
        self,
        user_id: str,
        websocket: web.WebSocketResponse,
        transport: asyncio.Transport,
        *,
        direct: bool = False,
        most_unread: int = MOST_UNREAD,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.user_id = user_id
        self.personal = True
        self.rooms: set[str] = set()
        self.ends_with_room = False
        self.direct = direct
        self._websocket = websocket
        self._transport = transport
        self._most = most_unread
        self._monotonic = monotonic
        self._closing: asyncio.Task[None] | None = None
        self._allowance = float(_BURST)
        self._counted_at = monotonic()

    def send(self, packet: Packet) -> None:
        """Write a frame."""
        if self._closing is not None or self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() > self._most:
            self.close(Close.TOO_SLOW)
            return
        self._transport.write(packet.direct.wire if self.direct else packet.wire)

    def tell(self, frame: frames.Frame) -> None:
        """Write a frame of its own."""
        self.send(Packet(frames.encoded(frame)))

    def dropped(self, room_id: str) -> None:
        """A room is no longer the person's."""
        self.rooms.discard(room_id)
        if self.ends_with_room:
            self.close(Close.NOT_A_MEMBER)
        else:
            self.tell(frames.Unsubscribed(room_id=room_id))

    def charge(self) -> bool:
        """Count a command; whether there was room for it."""
        now = self._monotonic()
        gained = (now - self._counted_at) * _PER_SECOND
        self._allowance = min(float(_BURST), self._allowance + gained)
        self._counted_at = now
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True

    def close(self, code: Close) -> None:
        """Begin to close; nothing is written any more."""
        if self._closing is None:
            metrics.CLOSED.labels(str(int(code))).inc()
            self._closing = asyncio.create_task(self._close(code))

    async def closed(self) -> None:
        """Wait until a close that has begun is done."""
        if self._closing is not None:
            await asyncio.wait([self._closing])

    async def _close(self, code: Close) -> None:
        # Whoever does not read does not read a farewell either.
        cut = asyncio.get_running_loop().call_later(_GRACE, self._transport.abort)
        try:
            await self._websocket.close(code=code, message=code.name.lower().encode())
        finally:
            if not self._transport.get_write_buffer_size():
                cut.cancel()
