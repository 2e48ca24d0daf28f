# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a socket's commands do. Every command is answered, a refused one with code and sentence."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Protocol

import structlog
from pydantic import ValidationError

from appservice import metrics
from appservice.errors import Denied, KithError, NotFound, Unavailable
from appservice.messages.asked import Send
from appservice.realtime import commands, frames
from appservice.realtime.connection import Close, Connection
from appservice.realtime.fleeting import Fleeting
from appservice.realtime.hub import Hub
from appservice.realtime.online import Online
from appservice.realtime.outbox import Outbox
from appservice.realtime.rates import Rates
from appservice.realtime.unread import UnreadFeed
from appservice.rest.codes import Code

_LOG = structlog.get_logger("kith.realtime")
MOST_ROOMS = 500
"""Rooms one socket may hear."""

SENDING = 20.0
"""Seconds until a message that the homeserver does not take is given up."""


class Sender(Protocol):
    """Sends messages, and types, as people."""

    async def post(self, me: str, reference: str, wish: Send) -> tuple[str, str]:
        """Ids of the room and of the event that was accepted."""

    async def type(self, me: str, reference: str, *, typing: bool) -> None:
        """Somebody types, or stops."""


class Reader(Protocol):
    """Moves read marks."""

    async def read(
        self,
        me: str,
        reference: str,
        event_id: str,
        *,
        private: bool = False,
        thread_root: str | None = None,
    ) -> object:
        """Somebody has read a room, or a thread, up to an event."""


@dataclass(frozen=True, slots=True)
class Session:
    """One socket's commands.

    Attributes:
        connection: the socket.
        local: whether the person has the account here; others cannot be acted for.
    """

    connection: Connection
    local: bool
    hub: Hub
    fleeting: Fleeting
    rates: Rates
    online: Online
    sender: Sender
    unread: UnreadFeed
    reader: Reader
    outbox: Outbox = field(default_factory=Outbox)

    async def take(self, text: str) -> None:
        """Carry out one command; never fails."""
        if not self.connection.charge():
            self.connection.close(Close.TOO_MANY)
            return
        try:
            command = commands.ADAPTER.validate_json(text)
        except ValidationError as error:
            fields = error.errors(include_url=False, include_context=False, include_input=False)
            problems = [problem["msg"][:200] for problem in fields[:5]]
            self._failed(Code.INVALID.error(problems=problems), None)
            return
        await self._answered(command.id, self._do(command))

    async def _answered(self, re: str | None, doing: Awaitable[None]) -> None:
        """Do it; whatever goes wrong is told."""
        try:
            await doing
        except KithError as error:
            self._failed(error, re)
        except TimeoutError:
            self._failed(Code.TIMEOUT.error(), re)
        except Exception:  # noqa: BLE001 - the last net: a socket outlives one bad command
            metrics.ERRORS.labels("socket").inc()
            _LOG.exception("command_failed")
            self._failed(Code.INTERNAL.error(), re)

    async def subscribe(
        self, reference: str, resume_from: int | None = None, re: str | None = None
    ) -> None:
        """Hear a room.

        Raises:
            NotFound: it is not there, or not the person's.
            Denied: the person is not trusted enough for it.
            Unavailable: a part is away.
        """
        place = await self.hub.find(self.connection.user_id, reference)
        if self.connection.direct and not place.direct:
            raise NotFound
        if len(self.connection.rooms) >= MOST_ROOMS:
            raise Code.TOO_MANY_REQUESTS.error("This connection hears too many rooms already.")
        if place.room_id in self.connection.rooms:
            await self.hub.exit(self.connection, [place.room_id])
        me = self.connection.user_id
        typing = await self.fleeting.typists(place.room_id)
        open_there = await self.online.who(place.room_id)
        shown = await self.hub.shown_to(me, open_there)
        # Before the answer: who asks for the room's numbers next is counted in them.
        await self.online.here({place.room_id: [me]})
        hides = self.hub.people.hides

        def begin(position: int | None) -> None:
            self.connection.rooms.add(place.room_id)
            self.connection.tell(
                frames.Subscribed(
                    room_id=place.room_id,
                    id=place.id,
                    position=position,
                    typing=[who for who in typing if not hides(me, who)],
                    online=[who for who in open_there if who in shown],
                    re=re,
                )
            )

        try:
            await self.hub.enter(self.connection, place, resume_from, begin)
        except BaseException:
            self.connection.rooms.discard(place.room_id)
            await self._closed(place.room_id)
            raise
        # Who began or stopped while the door was opened: nobody will say it again.
        now = await self.fleeting.typists(place.room_id)
        for who in {*typing} ^ {*now}:
            if not hides(me, who):
                self.connection.tell(
                    frames.Typing(room_id=place.room_id, user_id=who, typing=who in now)
                )

    async def _do(self, command: commands.Command) -> None:
        if isinstance(command, commands.Ping):
            self.connection.tell(frames.Pong(re=command.id))
            return
        await self.rates.charge(self.connection.user_id)
        if isinstance(command, commands.Subscribe):
            await self.subscribe(command.room, command.resume_from, command.id)
        elif isinstance(command, commands.Unsubscribe):
            await self._unsubscribe(command)
        elif isinstance(command, commands.SendNow):
            if not self.local:
                raise Code.LOCAL_ONLY.error()
            self.outbox.put(lambda: self._answered(command.id, self._send(command)))
        elif isinstance(command, commands.Unread):
            await self.unread.watch(self.connection, command.id)
        else:
            await self._act(command)

    async def _unsubscribe(self, command: commands.Unsubscribe) -> None:
        place = await self.hub.find(self.connection.user_id, command.room)
        self.connection.rooms.discard(place.room_id)
        await self.hub.exit(self.connection, [place.room_id])
        await self._closed(place.room_id)
        self.connection.tell(frames.Unsubscribed(room_id=place.room_id, re=command.id))

    async def _closed(self, room_id: str) -> None:
        """This socket has the room open no more; another one of the person may."""
        if not self.hub.listens(self.connection.user_id, room_id):
            await self.online.gone(self.connection.user_id, [room_id])

    async def _send(self, command: commands.SendNow) -> None:
        wish = Send.model_validate({**command.message.model_dump(), "txn_id": command.txn_id})
        async with asyncio.timeout(SENDING):
            room_id, event_id = await self.sender.post(self.connection.user_id, command.room, wish)
        self.connection.tell(
            frames.MessageSent(
                re=command.id,
                txn_id=command.txn_id,
                event_id=event_id,
                room_id=room_id,
            )
        )

    async def _act(self, command: commands.TypingNow | commands.Read) -> None:
        me = self.connection.user_id
        if not self.local:
            raise Code.LOCAL_ONLY.error()
        if isinstance(command, commands.TypingNow):
            await self.sender.type(me, command.room, typing=command.typing)
        else:
            await self.reader.read(
                me,
                command.room,
                command.event_id,
                private=command.private,
                thread_root=command.thread_root,
            )
        if command.id is not None:
            self.connection.tell(frames.Done(re=command.id))

    def _failed(self, error: KithError, re: str | None) -> None:
        details = dict(error.details)
        wait = error.retry_after_ms if isinstance(error, Denied | Unavailable) else None
        if wait is not None:
            details["retry_after_ms"] = wait
        self.connection.tell(
            frames.Failed(code=error.code, message=error.sentence, details=details, re=re)
        )
