# SPDX-License-Identifier: AGPL-3.0-or-later
"""One room in this process: its receivers, and how far it has heard, in order and once.

Every accepted event passes here by its position. An envelope that does not follow the last one
means that some were lost on the way; they are then read from the database instead.
"""

import asyncio
from collections.abc import Callable, Collection

import structlog

from appservice import metrics
from appservice.errors import Unavailable
from appservice.realtime import frames
from appservice.realtime.access import Access
from appservice.realtime.envelope import Envelope, Packet
from appservice.realtime.replay import Replay
from appservice.realtime.sink import Sink

_LOG = structlog.get_logger("kith.realtime")
_PAUSE = 0.5
_NEVER, _ALWAYS = -1, 1 << 63
"""Positions before and behind all others."""

Blockers = Callable[[str], Collection[str]]


class Room:
    """Hands envelopes to receivers.

    Attributes:
        seen: position of the last event that passed.
        members: people known to be joined, with the position of what says so. It may be ahead of
            `seen`: whoever has just come in may ask for the room before it has heard of them.
    """

    def __init__(self, room_id: str, replay: Replay, access: Access, blockers: Blockers) -> None:
        """Args: the room; where lost events are read; the registry; who blocks a sender."""
        self.room_id = room_id
        self.seen = 0
        self.members: dict[str, int] = {}
        self._replay = replay
        self._access = access
        self._blockers = blockers
        self._live: set[Sink] = set()
        self._waiting: dict[Sink, int] = {}
        self._catching: asyncio.Task[None] | None = None
        self._behind = False
        self._begun = False

    @property
    def empty(self) -> bool:
        """Whether nobody listens or is about to."""
        return not self._live and not self._waiting

    @property
    def people(self) -> set[str]:
        """Who listens."""
        return {sink.user_id for sink in self._live}

    def hears(self, sink: Sink) -> bool:
        """Whether a receiver is in."""
        return sink in self._live

    def receive(self, envelope: Envelope) -> None:
        """Take an envelope from the bus."""
        if envelope.position is None:
            self._pass(envelope)
        elif not self._begun:
            self._behind = True
        elif envelope.position > self.seen:
            if self._catching is None and envelope.previous == self.seen:
                self._pass(envelope)
            else:
                self._behind = True
                self.catch_up()

    def catch_up(self) -> None:
        """Read from the database what was missed."""
        if self._catching is None and self._replay.possible:
            self._catching = asyncio.create_task(self._catch_up())

    async def caught_up(self) -> None:
        """Wait until what is being read has passed."""
        if self._catching is not None:
            await asyncio.wait([self._catching])

    def begin(self, newest: int) -> None:
        """Start behind a position, which was read while the bus was heard already."""
        self.seen = newest
        self._begun = True
        if self._behind:
            self.catch_up()

    def expect(self, sink: Sink) -> None:
        """A receiver is about to come in; from now on a leave keeps it out."""
        self._waiting[sink] = _NEVER

    def vouch(self, sink: Sink, since: int) -> bool:
        """An expected receiver is joined by a position; whether that still holds."""
        self.members[sink.user_id] = max(since, self.members.get(sink.user_id, since))
        return self.expected(sink)

    def expected(self, sink: Sink) -> bool:
        """Whether one that was vouched for may still come in."""
        left = self._waiting.get(sink)
        return left is not None and left < self.members.get(sink.user_id, _NEVER)

    def admit(self, sink: Sink) -> None:
        """Let an expected receiver hear everything from now on."""
        self._waiting.pop(sink, None)
        self._live.add(sink)

    def remove(self, sink: Sink) -> None:
        """It goes."""
        self._waiting.pop(sink, None)
        self._live.discard(sink)

    def drop(self, user_id: str, position: int | None = None) -> None:
        """Somebody is no member any more: nothing reaches them from here on.

        Unless they are in by something behind `position`, of which this room has not heard yet.
        """
        if position is not None and position < self.members.get(user_id, _NEVER):
            return
        self.members.pop(user_id, None)
        for sink in [one for one in self._live if one.user_id == user_id]:
            self._live.discard(sink)
            sink.dropped(self.room_id)
        for sink in [one for one in self._waiting if one.user_id == user_id]:
            # Whether they are in again is being asked.
            self._waiting[sink] = _ALWAYS if position is None else position

    def resync(self, position: int | None) -> None:
        """Tell everybody to read the history."""
        frame = frames.Resync(room_id=self.room_id, position=position)
        self._pass(Envelope(frames.encoded(frame)))

    async def stop(self) -> None:
        """End what runs."""
        if self._catching is not None:
            self._catching.cancel()
            await asyncio.wait([self._catching])

    def _pass(self, envelope: Envelope) -> None:
        if envelope.position is not None:
            self.seen = envelope.position
        if envelope.body and self._live:
            packet = Packet(envelope.body)
            hidden = self._blockers(envelope.sender) if envelope.sender else ()
            if hidden:
                for sink in tuple(self._live):
                    if sink.user_id not in hidden:
                        sink.send(packet)
            else:
                for sink in tuple(self._live):
                    sink.send(packet)
            metrics.DELIVERED.inc(len(self._live))
        if envelope.subject is not None and envelope.subject[1] != "join":
            self.drop(envelope.subject[0], envelope.position)

    async def _catch_up(self) -> None:
        try:
            while not self.empty:
                try:
                    if await self._read_on():
                        return
                except Unavailable as error:
                    _LOG.warning("room_waits", part=error.part)
                    await asyncio.sleep(_PAUSE)
        finally:
            self._catching = None

    async def _read_on(self) -> bool:
        """Pass what is in the database; whether that was all."""
        self._behind = False
        missed = await self._replay.since(self.room_id, self.seen)
        if missed is None:
            newest = (await self._replay.newest([self.room_id]))[self.room_id]
            there = {sink.user_id for sink in (*self._live, *self._waiting)}
            gone = there - (await self._access.joined(self.room_id, there)).keys()
            self.seen = newest
            self.resync(newest)
            for user_id in gone:
                self.drop(user_id)
            return False
        for envelope in missed:
            self._pass(envelope)
        metrics.CAUGHT_UP.inc(len(missed))
        # Something may have come in while the answer was under way.
        return not missed and not self._behind
