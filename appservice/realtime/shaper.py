# SPDX-License-Identifier: AGPL-3.0-or-later
"""Shapes runs of events: looks up what they point at and where each stands in its room."""

import asyncio
from collections.abc import Sequence

from appservice.database import Database
from appservice.homeserver.event import Event
from appservice.messages.model import MESSAGES
from appservice.people.faces import Face, faces
from appservice.realtime import shape
from appservice.realtime.envelope import Envelope

_TARGETS = """
SELECT event_id, room_id, sender, type, origin_server_ts, stream_ordering, thread_root,
       relates_to, reaction_key
FROM events WHERE event_id = ANY (%(ids)s)
"""
_BEFORE = """
SELECT given.room_id, (SELECT max(e.stream_ordering) FROM events e
  WHERE e.room_id = given.room_id AND e.stream_ordering < given.position)
FROM unnest(%(rooms)s::text[], %(positions)s::bigint[]) AS given(room_id, position)
"""


class Shaper:
    """Reads Kith's own database only."""

    def __init__(self, database: Database, *, ordered: bool) -> None:
        """Args: Kith's database; whether `Event.ordering` is Synapse's own position."""
        self._database = database
        self._ordered = ordered

    async def envelopes(self, events: Sequence[Event], *, chained: bool = True) -> list[Envelope]:
        """One envelope an event, in order; chained ones know the position before them."""
        # Side by side: whoever waits for the frames waits for one answer and not for three.
        targets, known, before = await asyncio.gather(
            self._targets(events),
            self._faces(events),
            self._before(events if chained and self._ordered else ()),
        )
        found: list[Envelope] = []
        for event in events:
            position = event.ordering if self._ordered and event.placed else None
            previous = before.get(event.room_id)
            shaped = shape.envelope(
                event, targets, known, position=position, previous=previous or 0
            )
            found.append(shaped)
            if position is not None:
                before[event.room_id] = position
        return found

    async def _targets(self, events: Sequence[Event]) -> dict[str, shape.Target]:
        ids = sorted({target for event in events if (target := shape.points_at(event))})
        rows = await self._database.read(_TARGETS, {"ids": ids}) if ids else ()
        return {row[0]: shape.Target(*row[1:]) for row in rows}

    async def _faces(self, events: Sequence[Event]) -> dict[str, Face]:
        talking = {event.sender for event in events if event.type in MESSAGES}
        return await faces(self._database, talking)

    async def _before(self, events: Sequence[Event]) -> dict[str, int | None]:
        first: dict[str, int] = {}
        for event in (one for one in events if one.placed):
            first.setdefault(event.room_id, event.ordering)
        if not first:
            return {}
        rooms = list(first)
        values = {"rooms": rooms, "positions": [first[room] for room in rooms]}
        return {row[0]: row[1] for row in await self._database.read(_BEFORE, values)}
