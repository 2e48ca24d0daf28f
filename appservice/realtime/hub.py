# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rooms of this process: which are listened to, and what the bus has not brought.

One subscription of the bus a room, however many sockets there are.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable

import structlog

from appservice import metrics
from appservice.errors import NotFound, Unavailable
from appservice.realtime import channels
from appservice.realtime.access import Access, Place
from appservice.realtime.bus import Bus, Handler
from appservice.realtime.entry import Begin, Entry
from appservice.realtime.envelope import Envelope
from appservice.realtime.people import People
from appservice.realtime.replay import Replay
from appservice.realtime.room import Room
from appservice.realtime.sink import Sink

_LOG = structlog.get_logger("kith.realtime")
_SWEEP = 5.0
"""Seconds between looks into the database for what the bus has not brought."""

_ON_ITS_WAY = 0.25


class Hub:
    """All rooms that are open here.

    Attributes:
        bus: what connects the processes.
        people: who has something open here.
    """

    def __init__(
        self,
        bus: Callable[[Callable[[], None]], Bus],
        replay: Replay,
        access: Access,
        *,
        sweep: float = _SWEEP,
    ) -> None:
        """Args: makes the bus, given whom to tell of losses; the past; the registry."""
        self._missed = asyncio.Event()
        self.bus = bus(self._missed.set)
        self.people = People(self.bus, access, self._hears)
        self._replay = replay
        self._access = access
        self._sweep = sweep
        self._entry = Entry(replay, access, self.people.hides)
        self._rooms: dict[str, Room] = {}
        self._handlers: dict[str, Handler] = {}
        self._starting: dict[str, asyncio.Task[None]] = {}

    async def find(self, user_id: str, reference: str) -> Place:
        """The room meant.

        Raises:
            NotFound: the person is not joined to it.
        """
        place = await self._access.find(user_id, reference)
        if place is None:
            raise NotFound
        return place

    async def enter(self, sink: Sink, place: Place, resume_from: int | None, begin: Begin) -> None:
        """Let a receiver hear a room (see `Entry.into`).

        Raises:
            Denied: the person is not trusted enough for it.
        """
        await self._access.trusts(sink.user_id, place)
        room = self._rooms.get(place.room_id) or self._open(place.room_id)
        room.expect(sink)
        try:
            await asyncio.shield(self._starting[place.room_id])
            await self._entry.into(room, sink, place, resume_from, begin)
        except BaseException:
            await self._exit(room, sink)
            raise

    async def shown_to(self, reader: str, people: Collection[str]) -> set[str]:
        """Whose presence a person may know of (D31)."""
        if not people:
            return set()
        return {who for _, who in await self._access.sees([reader], people)}

    def listeners(self) -> dict[str, set[str]]:
        """Who listens to which room here."""
        return {room_id: room.people for room_id, room in self._rooms.items()}

    def listens(self, user_id: str, room_id: str) -> bool:
        """Whether a person has a room open here."""
        room = self._rooms.get(room_id)
        return room is not None and user_id in room.people

    @property
    def ordered(self) -> bool:
        """Whether positions are the homeserver's own."""
        return self._replay.possible

    def seen(self, room_id: str) -> int | None:
        """Up to where a room that is listened to has been heard; None where nothing tells."""
        return self._rooms[room_id].seen if self._replay.possible else None

    async def exit(self, sink: Sink, rooms: Iterable[str]) -> None:
        """A receiver wants no more of rooms."""
        for room_id in rooms:
            room = self._rooms.get(room_id)
            if room is not None:
                await self._exit(room, sink)

    async def run(self) -> None:
        """Look for ever for what was missed: at every loss of the bus, and now and then."""
        while True:
            lost = self._missed.is_set()
            self._missed.clear()
            try:
                await self._look(lost=lost)
            except Unavailable as error:
                _LOG.warning("sweep_waits", part=error.part)
            try:
                async with asyncio.timeout(self._sweep):
                    await self._missed.wait()
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """End what runs for rooms."""
        for room in self._rooms.values():
            await room.stop()

    async def _look(self, *, lost: bool) -> None:
        if not self._replay.possible:
            for room in self._rooms.values() if lost else ():
                room.resync(None)
            return
        if not self._rooms:
            return
        newest = await self._replay.newest(self._rooms.keys())
        if not lost and any(self._behind(*place) for place in newest.items()):
            # What has just been committed is most likely on its way.
            await asyncio.sleep(_ON_ITS_WAY)
        for room_id, position in newest.items():
            if self._behind(room_id, position):
                self._rooms[room_id].catch_up()

    def _behind(self, room_id: str, position: int) -> bool:
        room = self._rooms.get(room_id)
        return room is not None and room.seen < position

    def _hears(self, sink: Sink, own: Envelope) -> bool:
        room = self._rooms.get(own.subject[0]) if own.subject else None
        if room is None or not room.hears(sink):
            return False
        # What a room has passed before it let them in, they hear nowhere else.
        return own.position is None or own.position > room.seen

    def _open(self, room_id: str) -> Room:
        room = Room(room_id, self._replay, self._access, self.people.blockers)
        handler = room.receive
        self._rooms[room_id] = room
        metrics.ROOMS.set(len(self._rooms))
        self._handlers[room_id] = handler
        self._starting[room_id] = asyncio.create_task(self._start(room, handler))
        return room

    async def _start(self, room: Room, handler: Handler) -> None:
        await self.bus.subscribe({channels.room(room.room_id): handler})
        newest = await self._replay.newest([room.room_id]) if self._replay.possible else {}
        room.begin(newest.get(room.room_id, 0))

    async def _exit(self, room: Room, sink: Sink) -> None:
        room.remove(sink)
        if not room.empty or self._rooms.get(room.room_id) is not room:
            return
        del self._rooms[room.room_id]
        starting = self._starting.pop(room.room_id)
        handler = self._handlers.pop(room.room_id)
        metrics.ROOMS.set(len(self._rooms))
        await asyncio.wait([starting])
        await room.stop()
        self.bus.unsubscribe({channels.room(room.room_id): handler})
