# SPDX-License-Identifier: AGPL-3.0-or-later
"""Shapes runs of events: looks up what they point at and where each stands in its room."""

from collections.abc import Sequence

from appservice.database import Database
from appservice.homeserver.event import Event
from appservice.messages.model import MESSAGES
from appservice.people import faces
from appservice.people.faces import Face
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
        targets, known, before = await self._look_up(events, chained=chained and self._ordered)
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

    async def _look_up(
        self, events: Sequence[Event], *, chained: bool
    ) -> tuple[dict[str, shape.Target], dict[str, Face], dict[str, int | None]]:
        """What is pointed at, who is talking, and what came before; asked in one go."""
        targets = sorted({target for event in events if (target := shape.points_at(event))})
        talking = {event.sender for event in events if event.type in MESSAGES}
        first = _first(events) if chained else {}
        values = {"rooms": list(first), "positions": list(first.values())}
        asked = {
            "targets": (_TARGETS, {"ids": targets}) if targets else None,
            "faces": faces.asked(talking) if talking else None,
            "before": (_BEFORE, values) if first else None,
        }
        questions = {name: question for name, question in asked.items() if question}
        if not questions:
            return {}, {}, {}
        answers = await self._database.together(*questions.values())
        rows = dict(zip(questions, answers, strict=True))
        return (
            {row[0]: shape.Target(*row[1:]) for row in rows.get("targets", ())},
            faces.told(rows.get("faces", ())),
            {row[0]: row[1] for row in rows.get("before", ())},
        )


def _first(events: Sequence[Event]) -> dict[str, int]:
    """The first position of each room."""
    first: dict[str, int] = {}
    for event in events:
        if event.placed:
            first.setdefault(event.room_id, event.ordering)
    return first
