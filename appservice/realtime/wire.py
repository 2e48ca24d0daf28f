# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server's end of one WebSocket, on a connection taken over from aiohttp after the handshake.

aiohttp keeps a request, its headers, parsers, queues and two tasks for each open socket. Of those
who only listen there are thousands: here nothing runs and next to nothing is kept for them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from aiohttp import web

from appservice.realtime.rfc6455 import Message, Opcode, Parser, Wrong, WrongError, accept, closing
from appservice.realtime.rfc6455 import control as control_frame
from appservice.rest.codes import Code

PING = 30.0
"""Seconds of silence until the other side is asked whether it is still there."""

_ANSWER = 15.0
"""Seconds it has to answer."""

_GRACE = 5.0
"""Seconds a close may take until the connection is cut."""

_MOST_WAITING = 64
"""Commands that may wait for the one before them; then nothing more is read."""

_MOST_PONGS = 64 * 1024
"""Bytes that may wait to be read when a ping is answered."""

_ANSWERED = (
    "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\r\n"
)
_VERSION = "13"
_LEAST_CODE, _MOST_CODE = 1000, 4999

Take = Callable[[str], Awaitable[None]]
Left = Callable[[], Awaitable[None]]


class Wire(asyncio.Protocol):
    """One connection.

    Attributes:
        transport: what is written to; frames go there as they are.
        heard: when the other side last said anything (the loop's clock, s).
        opened: when this began.
    """

    __slots__ = (
        "_closing",
        "_cut",
        "_deaf",
        "_left",
        "_lost",
        "_parser",
        "_pinged",
        "_take",
        "_task",
        "_texts",
        "heard",
        "opened",
        "transport",
    )

    def __init__(self, transport: asyncio.Transport, now: float) -> None:
        self.transport = transport
        self.opened = self.heard = now
        self._pinged = now
        self._parser = Parser()
        self._texts: list[str] = []
        self._take: Take | None = None
        self._left: Left | None = None
        self._task: asyncio.Task[None] | None = None
        self._cut: asyncio.TimerHandle | None = None
        self._closing = False
        self._deaf = False
        self._lost = False

    @property
    def ending(self) -> bool:
        """Whether nothing is to be written any more."""
        return self._closing or self._lost or self.transport.is_closing()

    def begin(self, entering: Coroutine[Any, Any, None]) -> None:
        """Run what comes before the first command."""
        self._task = asyncio.create_task(self._work(entering))

    def serve(self, take: Take, left: Left) -> None:
        """Who gets the commands, one after the other, and who is told of the end."""
        self._take, self._left = take, left

    def end(self, code: int, reason: str = "") -> None:
        """Begin to close; nothing else is written after this."""
        if self.ending:
            return
        self._closing = True
        self.transport.write(closing(code, reason))
        if not self.transport.is_reading():
            # Else its farewell would not be seen.
            self.transport.resume_reading()
        self._limit()

    def beat(self, now: float) -> None:
        """See to it that the other side is still there; called every few seconds."""
        if self.ending:
            return
        if self._pinged > self.heard and now - self._pinged > _ANSWER:
            self.transport.abort()
        elif now - max(self.heard, self._pinged) > PING:
            self._pinged = now
            self.transport.write(control_frame(Opcode.PING))

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        self.heard = asyncio.get_running_loop().time()
        if self._deaf or self._lost or self.transport.is_closing():
            return
        try:
            for message in self._parser.feed(data):
                self._hear(message)
        except WrongError as error:
            self._wrong(error.code)

    def eof_received(self) -> None:
        """The other side has gone without a word."""

    def connection_lost(self, exc: Exception | None) -> None:
        """All is over; what runs comes to its end first."""
        del exc
        self._lost = True
        self._texts.clear()
        if self._cut is not None:
            self._cut.cancel()
        if self._task is None:
            self._task = asyncio.create_task(self._work())

    def _hear(self, message: Message) -> None:
        if message.opcode is Opcode.CLOSE:
            self._other_ends(message.payload)
        elif self.ending:
            return
        elif message.opcode is Opcode.TEXT:
            try:
                self._texts.append(message.payload.decode())
            except UnicodeDecodeError:
                raise WrongError(Wrong.NOT_UTF8) from None
            if len(self._texts) >= _MOST_WAITING and self.transport.is_reading():
                self.transport.pause_reading()
            if self._task is None:
                self._task = asyncio.create_task(self._work())
        elif message.opcode is Opcode.PING:
            if self.transport.get_write_buffer_size() < _MOST_PONGS:
                self.transport.write(control_frame(Opcode.PONG, message.payload))
        elif message.opcode is Opcode.BINARY:
            raise WrongError(Wrong.NO_TEXT)

    def _other_ends(self, payload: bytes) -> None:
        if not self._closing:
            self._closing = True
            code = int.from_bytes(payload[:2], "big")
            known = len(payload) > 1 and _LEAST_CODE <= code <= _MOST_CODE
            self.transport.write(closing(code) if known else control_frame(Opcode.CLOSE))
        self.transport.close()
        self._limit()

    def _wrong(self, code: Wrong) -> None:
        """Whoever speaks another language is told, and not listened to any more."""
        # Not closed at once: with words unread the kernel would throw the farewell away.
        self._deaf = True
        self.end(code, code.name.lower())

    def _limit(self) -> None:
        # Whoever does not read does not read a farewell either.
        if self._cut is None:
            self._cut = asyncio.get_running_loop().call_later(_GRACE, self.transport.abort)

    async def _work(self, entering: Coroutine[Any, Any, None] | None = None) -> None:
        try:
            if entering is not None:
                await entering
            while self._texts and self._take is not None and not self.ending:
                text = self._texts.pop(0)
                if not self._texts and not self.transport.is_reading():
                    self.transport.resume_reading()
                await self._take(text)
        finally:
            self._task = None
            if self._lost and self._left is not None:
                left, self._left, self._take = self._left, None, None
                await left()


AnyWire = TypeVar("AnyWire", bound=Wire)


def taken_over(request: web.Request, make: Callable[[asyncio.Transport], AnyWire]) -> AnyWire:
    """Answer a handshake and take the connection; what the handler answers then goes nowhere.

    Raises:
        KithError: `invalid`: it is none.
    """
    headers = request.headers
    upgrade = headers.get("Upgrade", "").strip().lower() == "websocket"
    wanted = {one.strip().lower() for one in headers.get("Connection", "").split(",")}
    key = accept(headers.get("Sec-WebSocket-Key", "").strip())
    known = headers.get("Sec-WebSocket-Version") == _VERSION
    transport = request.transport
    if not upgrade or "upgrade" not in wanted or key is None or not known or transport is None:
        raise Code.INVALID.error("This address takes WebSocket connections, version 13.")
    wire = make(transport)
    transport.write(_ANSWERED.format(key).encode())
    former = request.protocol
    transport.set_protocol(wire)
    # As if the connection were gone: aiohttp forgets all it keeps for it.
    former.transport = None
    former.connection_lost(None)
    if not transport.is_reading():
        transport.resume_reading()
    return wire
