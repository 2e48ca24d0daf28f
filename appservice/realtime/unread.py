# SPDX-License-Identifier: AGPL-3.0-or-later
"""Unread counts on sockets: a snapshot, then every change, as absolute numbers (M2).

What may have changed is told by the database itself (NOTIFY with the commit), so it does not
matter which process read, wrote or applied it. Only people who asked are counted for, all that
changed within a moment in one statement.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import structlog

from appservice import metrics
from appservice.database import Database
from appservice.errors import Unavailable
from appservice.realtime import frames
from appservice.realtime.envelope import Packet
from appservice.realtime.sink import Sink
from appservice.unread import store
from appservice.unread.store import Counted
from appservice.unread.wire import TotalModel, room_counts

_LOG = structlog.get_logger("kith.realtime")
_PAUSE = 0.05
"""Seconds in which changes gather."""

_AWAY = 1.0
_PAIRS, _PEOPLE = 1000, 50
"""Counted in one statement."""

_NONE = TotalModel(unread_rooms=0, mentions=0)


@dataclass(slots=True)
class _Watcher:
    """One person's counts, and how many frames each of their sockets has had."""

    sinks: dict[Sink, int] = field(default_factory=dict)
    rooms: dict[str, Counted] = field(default_factory=dict)
    total: TotalModel = _NONE
    loaded: bool = False
    missed: set[str] = field(default_factory=set)
    stale: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class UnreadFeed:
    """The people of this process who want to know."""

    def __init__(self, database: Database, *, pause: float = _PAUSE) -> None:
        self._database = database
        self._pause = pause
        self._watchers: dict[str, _Watcher] = {}
        self._in_room: dict[str, set[str]] = defaultdict(set)
        self._pairs: set[tuple[str, str]] = set()
        self._people: set[str] = set()
        self._loading = 0
        self._wake = asyncio.Event()

    async def watch(self, sink: Sink, re: str | None = None) -> None:
        """Send a snapshot to a receiver, and from then on every change.

        Raises:
            Unavailable: the counts cannot be read; nothing is watched.
        """
        watcher = await self._loaded(sink.user_id)
        watcher.sinks[sink] = 1
        rooms = [room_counts(one) for one in watcher.rooms.values()]
        _tell(sink, frames.UnreadSnapshot(seq=1, rooms=rooms, total=watcher.total, re=re))

    async def _loaded(self, user_id: str) -> _Watcher:
        """Somebody's counts, read when nobody has asked for them before."""
        while True:
            watcher = self._watchers.setdefault(user_id, _Watcher())
            try:
                async with watcher.lock:
                    if not watcher.loaded:
                        await self._load(user_id, watcher)
            except BaseException:
                self._drop_unwatched(user_id)
                raise
            # Meanwhile the one who had asked first may be gone, and with them what they had.
            if self._watchers.get(user_id) is watcher:
                return watcher

    async def _load(self, user_id: str, watcher: _Watcher) -> None:
        self._loading += 1
        try:
            found = await store.of_people(self._database, [user_id])
        finally:
            self._loading -= 1
        for one in found:
            self._keep(watcher, one)
        watcher.loaded = True
        # What changed while the answer was under way may or may not be in it.
        self._pairs |= {(user_id, room_id) for room_id in watcher.missed}
        if watcher.stale:
            self._people.add(user_id)
        if watcher.missed or watcher.stale:
            self._wake.set()

    def forget(self, sink: Sink) -> None:
        """A receiver is gone."""
        watcher = self._watchers.get(sink.user_id)
        if watcher is not None:
            watcher.sinks.pop(sink, None)
            self._drop_unwatched(sink.user_id)

    def heard(self, payload: str) -> None:
        """Take a notification (`schema.channels.UNREAD`)."""
        if not self._watchers:
            return
        try:
            kind, *names = json.loads(payload)
        except ValueError:
            return
        people = {names[0]} if kind == "pair" else self._in_room.get(names[0], set())
        room_id = names[-1]
        self._pairs |= {(who, room_id) for who in people if who in self._watchers}
        for watcher in self._watchers.values() if self._loading else ():
            if not watcher.loaded:
                watcher.missed.add(room_id)
        if self._pairs:
            self._wake.set()

    def recount(self, people: Iterable[str] | None = None) -> None:
        """Count everything of people anew: of those who blocked, or of all after a loss."""
        known = self._watchers.keys()
        for user_id in known if people is None else known & set(people):
            self._people.add(user_id)
            self._watchers[user_id].stale = True
        if self._people:
            self._wake.set()

    async def run(self) -> None:
        """Count and tell for ever."""
        loop = asyncio.get_running_loop()
        pause = self._pause
        while True:
            await self._wake.wait()
            await asyncio.sleep(pause)
            self._wake.clear()
            began = loop.time()
            try:
                await self._count()
                # Counting takes at most half of the time, however much there is to do.
                pause = max(self._pause, loop.time() - began)
            except Unavailable as error:
                metrics.ERRORS.labels("unread").inc()
                _LOG.warning("unread_waits", part=error.part)
                self._wake.set()
                pause = _AWAY

    async def _count(self) -> None:
        while self._people:
            some = [self._people.pop() for _ in range(min(_PEOPLE, len(self._people)))]
            try:
                found = await store.of_people(self._database, some)
            except Unavailable:
                self._people.update(some)
                raise
            had = {(who, room) for who in some for room in self._rooms_of(who)}
            self._changed(had | {(one.user_id, one.room_id) for one in found}, found)
        while self._pairs:
            pairs = [self._pairs.pop() for _ in range(min(_PAIRS, len(self._pairs)))]
            try:
                found = await store.of_pairs(self._database, pairs)
            except Unavailable:
                self._pairs.update(pairs)
                raise
            self._changed(pairs, found)

    def _changed(self, pairs: Iterable[tuple[str, str]], found: Sequence[Counted]) -> None:
        counted = {(one.user_id, one.room_id): one for one in found}
        for user_id, room_id in pairs:
            watcher = self._watchers.get(user_id)
            if watcher is None or not watcher.loaded:
                continue
            old, new = watcher.rooms.get(room_id), counted.get((user_id, room_id))
            if new is None and old is not None:
                # No member any more.
                gone = replace(old, unread=0, mentions=0, read_event_id=None)
                self._lose(watcher, old)
                if _differ(old, gone):
                    self._say(watcher, gone)
            elif new is not None:
                self._keep(watcher, new)
                if old is None or _differ(old, new):
                    self._say(watcher, new)

    def _say(self, watcher: _Watcher, one: Counted) -> None:
        room = room_counts(one).model_dump()
        for sink, seq in list(watcher.sinks.items()):
            watcher.sinks[sink] = seq + 1
            _tell(sink, frames.UnreadChanged(seq=seq + 1, total=watcher.total, **room))

    def _keep(self, watcher: _Watcher, one: Counted) -> None:
        old = watcher.rooms.get(one.room_id)
        watcher.rooms[one.room_id] = one
        self._in_room[one.room_id].add(one.user_id)
        watcher.total = _total(watcher.total, old, one)

    def _lose(self, watcher: _Watcher, one: Counted) -> None:
        del watcher.rooms[one.room_id]
        self._leave(one.user_id, one.room_id)
        watcher.total = _total(watcher.total, one, None)

    def _leave(self, user_id: str, room_id: str) -> None:
        there = self._in_room[room_id]
        there.discard(user_id)
        if not there:
            del self._in_room[room_id]

    def _rooms_of(self, user_id: str) -> Iterable[str]:
        watcher = self._watchers.get(user_id)
        return watcher.rooms if watcher else ()

    def _drop_unwatched(self, user_id: str) -> None:
        watcher = self._watchers.get(user_id)
        if watcher is not None and not watcher.sinks and not watcher.lock.locked():
            del self._watchers[user_id]
            for room_id in watcher.rooms:
                self._leave(user_id, room_id)


def _differ(old: Counted, new: Counted) -> bool:
    return (old.unread, old.mentions, old.read_event_id, old.muted) != (
        new.unread,
        new.mentions,
        new.read_event_id,
        new.muted,
    )


def _total(before: TotalModel, old: Counted | None, new: Counted | None) -> TotalModel:
    rooms = before.unread_rooms + bool(new and new.new) - bool(old and old.new)
    mentions = before.mentions + (new.mentions if new else 0) - (old.mentions if old else 0)
    return TotalModel(unread_rooms=rooms, mentions=mentions)


def _tell(sink: Sink, frame: frames.Frame) -> None:
    sink.send(Packet(frames.encoded(frame)))
