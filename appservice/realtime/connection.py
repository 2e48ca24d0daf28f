# SPDX-License-Identifier: AGPL-3.0-or-later
"""One open socket: writing without waiting, never more than a bounded amount unread.

Frames go to the transport as the bytes every other socket gets too.
"""

import asyncio
import time
from collections.abc import Callable
from enum import IntEnum

from appservice import metrics
from appservice.realtime import frames
from appservice.realtime.envelope import Packet
from appservice.realtime.wire import Wire

MOST_UNREAD = 1024 * 1024
"""Bytes a client may be behind; then it is closed and may resume (4008)."""

_BURST, _PER_SECOND = 60, 5.0
"""Commands at once, and over time."""


class Close(IntEnum):
    """Why a socket ends (M4)."""

    GOING_AWAY = 1001
    UNAUTHENTICATED = 4001
    NOT_A_MEMBER = 4003
    TOO_SLOW = 4008
    TOO_MANY = 4009


class Connection(Wire):
    """A `Sink` over a WebSocket.

    Attributes:
        user_id: whose it is; empty until that is known.
        personal: it takes what is for the person alone; not before it is ready.
        rooms: rooms it hears.
        ends_with_room: it is for one room, and ends when that does.
        direct: it is for direct conversations alone.
    """

    __slots__ = (
        "_allowance",
        "_counted_at",
        "_monotonic",
        "_most",
        "direct",
        "ends_with_room",
        "personal",
        "rooms",
        "user_id",
    )

    def __init__(
        self,
        transport: asyncio.Transport,
        now: float,
        *,
        direct: bool = False,
        most_unread: int = MOST_UNREAD,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(transport, now)
        self.user_id = ""
        self.personal = False
        self.rooms: set[str] = set()
        self.ends_with_room = False
        self.direct = direct
        self._most = most_unread
        self._monotonic = monotonic
        self._allowance = float(_BURST)
        self._counted_at = monotonic()

    def send(self, packet: Packet) -> None:
        """Write a frame."""
        if self.ending:
            return
        if self.transport.get_write_buffer_size() > self._most:
            self.close(Close.TOO_SLOW)
            return
        self.transport.write(packet.direct.wire if self.direct else packet.wire)

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
        if not self.ending:
            metrics.CLOSED.labels(str(int(code))).inc()
            self.end(code, code.name.lower())
