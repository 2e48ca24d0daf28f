# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a room heard since a position, once more: order from Kith's events, bodies from Synapse.

Kith keeps no bodies. What was removed meanwhile comes without its content, what a person may not
see does not come at all.
"""

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from appservice.database import Database, Rows
from appservice.homeserver.event import Event, MalformedError
from appservice.homeserver.stream import Row
from appservice.realtime.envelope import Envelope
from appservice.realtime.shaper import Shaper
from appservice.realtime.visibility import OPEN, Sight

MOST = 500
"""Events a replay may hold; who is further behind reads the history (`resync`)."""

_RULE = "m.room.history_visibility"
_SINCE = """
SELECT stream_ordering, event_id, type FROM events
WHERE room_id = %(room_id)s AND stream_ordering > %(after)s
ORDER BY stream_ordering LIMIT %(limit)s
"""
_NEWEST = """
SELECT given.room_id, (SELECT max(e.stream_ordering) FROM events e
                       WHERE e.room_id = given.room_id)
FROM unnest(%(rooms)s::text[]) AS given(room_id)
"""


class Bodies(Protocol):
    """Where bodies and the room's past state come from."""

    async def these(self, positions: Collection[int]) -> list[Row]:
        """Rows of positions."""

    async def redacted(self, event_ids: Collection[str]) -> set[str]:
        """Which events were removed."""

    async def room_state(
        self, room_id: str, kind: str, *, past: bool
    ) -> list[tuple[int, Mapping[str, Any]]]:
        """A piece of state, with positions."""

    async def memberships(self, room_id: str, user_id: str) -> list[tuple[int, str]]:
        """Somebody's memberships, with positions."""


class Replay:
    """Reads both databases; every method raises `Unavailable` when one does not answer."""

    def __init__(self, database: Database, bodies: Bodies | None, shaper: Shaper) -> None:
        """Args: Kith's database; Synapse's, None when foreign; who makes frames."""
        self._database = database
        self._bodies = bodies
        self._shaper = shaper

    @property
    def possible(self) -> bool:
        """Whether there is an order to go by."""
        return self._bodies is not None

    async def newest(self, rooms: Collection[str]) -> dict[str, int]:
        """The last position of each room; 0 for one without events."""
        rows = await self._database.read(_NEWEST, {"rooms": list(rooms)})
        return {row[0]: row[1] or 0 for row in rows}

    async def since(self, room_id: str, after: int) -> list[Envelope] | None:
        """Everything behind a position, in order; None when that is too much."""
        known = await self._known(room_id, after)
        return None if known is None else await self._envelopes(known)

    async def seen_by(self, user_id: str, room_id: str, after: int) -> list[Envelope] | None:
        """As `since`, for somebody joined: what they may not see comes without a frame."""
        known = await self._known(room_id, after)
        if known is None:
            return None
        sight = await self._sight(user_id, room_id, past=any(row[2] == _RULE for row in known))
        return [
            envelope if sight.of(envelope.position or 0) else Envelope(b"", envelope.position)
            for envelope in await self._envelopes(known)
        ]

    async def _known(self, room_id: str, after: int) -> Rows | None:
        if self._bodies is None:
            return None
        values = {"room_id": room_id, "after": after, "limit": MOST + 1}
        known = await self._database.read(_SINCE, values)
        return known if len(known) <= MOST else None

    async def _envelopes(self, known: Rows) -> list[Envelope]:
        if self._bodies is None or not known:
            return []
        rows = {row.ordering: row for row in await self._bodies.these([row[0] for row in known])}
        gone = await self._bodies.redacted([row[1] for row in known])
        events = [_event(rows.get(row[0]), removed=row[1] in gone) for row in known]
        shaped = iter(await self._shaper.envelopes([e for e in events if e], chained=False))
        return [
            next(shaped) if event else Envelope(b"", row[0])
            for event, row in zip(events, known, strict=True)
        ]

    async def _sight(self, user_id: str, room_id: str, *, past: bool) -> Sight:
        if self._bodies is None:
            return Sight((), ((0, "joined"),))
        state = await self._bodies.room_state(room_id, _RULE, past=past)
        rules = [(where, str(content.get("history_visibility"))) for where, content in state]
        if not past:
            # It has not changed since, so it holds for all that is replayed.
            rules = [(0, rule) for _, rule in rules]
        if all(rule in OPEN for _, rule in rules):
            return Sight((), rules)
        return Sight(await self._bodies.memberships(room_id, user_id), rules)


def _event(row: Row | None, *, removed: bool) -> Event | None:
    if row is None or row.body is None:
        return None
    body = dict(row.body)
    if removed:
        content = body["content"]
        keeps = body["type"] == "m.room.member" and "membership" in content
        body["content"] = {"membership": content["membership"]} if keeps else {}
    try:
        return Event.parse(body, row.ordering)
    except MalformedError:
        return None
