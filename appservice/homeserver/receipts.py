# SPDX-License-Identifier: AGPL-3.0-or-later
"""Read receipts of Matrix clients become read marks.

A pushed receipt can be lost, and of private ones none is pushed on: Synapse's table is the truth
and is read by position; the push is a hint. On a foreign Synapse the pushed public ones are all
there is.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog

from appservice import metrics
from appservice.clock import Clock, epoch_ms
from appservice.database import Database, Transaction
from appservice.errors import Unavailable
from appservice.homeserver.event import is_user_id
from appservice.registry import marks
from appservice.registry.marks import Mark

_LOG = structlog.get_logger("kith.receipts")
_TICK = 2.0
"""Seconds between looks without a hint: how late a private receipt may come."""

OVERLAP = 500
"""Positions read again: with several writers they may become visible out of order."""

_PAGE = 1000
_ANSWERED = 10_000
_WAITING = 2000
"""Pushed receipts kept until their events have come in; more are forgotten."""

_LONGEST = 255
_PRIVATE = "m.read.private"
_LOAD = "SELECT position FROM positions WHERE stream = 'receipts'"
_SAVE = """
INSERT INTO positions (stream, position) VALUES ('receipts', %(position)s)
ON CONFLICT (stream) DO UPDATE SET position = greatest(positions.position, excluded.position)
"""
_PLACES = """
SELECT event_id, room_id, coalesce(counts_at, origin_server_ts) FROM events
WHERE event_id = ANY (%(ids)s)
"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt.

    Attributes:
        stream_id: its own position; 0 when it was pushed.
        thread_id: None or ``main`` for the room, else the root of a thread.
        position: of the event; None when it is not known.
        ts: when it was read, ms since 1970.
    """

    stream_id: int
    room_id: str
    kind: str
    user_id: str
    event_id: str
    thread_id: str | None
    position: int | None
    ts: int | None


class ReceiptSource(Protocol):
    """What is read of receipts."""

    async def receipts(self, after: int, limit: int) -> list[Receipt]:
        """Receipts behind a position, in its order."""


class Receipts:
    """Turns receipts into marks."""

    def __init__(self, database: Database, stream: ReceiptSource | None, clock: Clock) -> None:
        """Take Kith's database, Synapse's (None on a foreign one) and the time."""
        self._database = database
        self._stream = stream
        self._clock = clock
        self._wake = asyncio.Event()
        self._pushed: dict[tuple[str, str, str], Receipt] = {}
        # What an overlapping read shows again has been seen to.
        self._done: dict[tuple[int, str, str, str | None], None] = {}

    def hint(self, events: Sequence[Mapping[str, Any]] = ()) -> None:
        """Hear pushed ephemeral events."""
        if self._stream is None:
            for one in pushed(events):
                if len(self._pushed) < _WAITING:
                    self._pushed[one.user_id, one.room_id, one.thread_id or ""] = one
        self._wake.set()

    async def run(self, held: asyncio.Event) -> None:
        """Look for receipts for ever, at every hint and every few seconds."""
        while True:
            await held.wait()
            self._wake.clear()
            try:
                await self.look()
            except Unavailable as error:
                metrics.ERRORS.labels("receipts").inc()
                _LOG.warning("receipts_wait", part=error.part)
            try:
                async with asyncio.timeout(_TICK):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Take what is new."""
        if self._stream is None:
            await self._take_pushed()
            return
        rows = await self._database.read(_LOAD)
        after = max(0, (rows[0][0] if rows else 0) - OVERLAP)
        while True:
            found = await self._stream.receipts(after, _PAGE)
            fresh = [one for one in found if _key(one) not in self._done]
            if fresh:
                async with self._database.transaction() as tx:
                    await self._mark(tx, fresh)
                    await tx.read(_SAVE, {"position": found[-1].stream_id})
                self._remember(fresh)
            if len(found) < _PAGE:
                return
            after = found[-1].stream_id

    async def _take_pushed(self) -> None:
        """Take those whose events have come in; the others wait for the next look."""
        waiting, self._pushed = self._pushed, {}
        if not waiting:
            return
        try:
            ids = [one.event_id for one in waiting.values()]
            rows = await self._database.read(_PLACES, {"ids": ids})
            places = {(row[0], row[1]): row[2] for row in rows}
            known = [
                Receipt(0, o.room_id, o.kind, o.user_id, o.event_id, o.thread_id, at, o.ts)
                for o in waiting.values()
                if (at := places.get((o.event_id, o.room_id))) is not None
            ]
            if known:
                async with self._database.transaction() as tx:
                    await self._mark(tx, known)
        except Unavailable:
            self._pushed = {**waiting, **self._pushed}
            raise
        left = {
            key: one for key, one in waiting.items() if (one.event_id, one.room_id) not in places
        }
        self._pushed = {**left, **self._pushed}

    async def _mark(self, tx: Transaction, receipts: Iterable[Receipt]) -> None:
        now = epoch_ms(self._clock.now())
        await marks.move(
            tx,
            [
                Mark(
                    one.user_id,
                    one.room_id,
                    # Reading the room's own line of messages reads the room up to there.
                    one.thread_id if one.thread_id not in (None, "main") else "",
                    one.event_id,
                    one.position,
                    one.kind != _PRIVATE,
                    datetime.fromtimestamp(min(max(one.ts or now, 0), now) / 1000, UTC),
                )
                for one in receipts
                # History fetched at a join stands at negative positions, and is read anyway.
                if one.position is not None and one.position > 0 and is_user_id(one.user_id)
            ],
        )

    def _remember(self, receipts: Iterable[Receipt]) -> None:
        self._done.update(dict.fromkeys(map(_key, receipts)))
        while len(self._done) > _ANSWERED:
            del self._done[next(iter(self._done))]


def _key(one: Receipt) -> tuple[int, str, str, str | None]:
    return one.stream_id, one.user_id, one.room_id, one.thread_id


def pushed(events: Sequence[Mapping[str, Any]]) -> list[Receipt]:
    """The public receipts among pushed events; anything odd is passed over."""
    found: list[Receipt] = []
    for event in events:
        room_id, content = event.get("room_id"), event.get("content")
        if (
            event.get("type") != "m.receipt"
            or not _id(room_id)
            or not isinstance(content, Mapping)
        ):
            continue
        for event_id, kinds in content.items():
            readers = kinds.get("m.read") if isinstance(kinds, Mapping) else None
            for user_id, data in readers.items() if isinstance(readers, Mapping) else ():
                if not is_user_id(user_id) or not _id(event_id) or not isinstance(data, Mapping):
                    continue
                thread, ts = data.get("thread_id"), data.get("ts")
                found.append(
                    Receipt(
                        0,
                        str(room_id),
                        "m.read",
                        user_id,
                        str(event_id),
                        str(thread) if _id(thread) else None,
                        None,
                        ts if type(ts) is int else None,
                    )
                )
    return found


def _id(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST and "\0" not in value
