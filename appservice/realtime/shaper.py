# SPDX-License-Identifier: AGPL-3.0-or-later
"""Shapes runs of events: looks up what they point at and where each stands in its room."""

from collections.abc import Mapping, Sequence

from appservice.database import Database, Question, Rows
from appservice.homeserver.event import Event
from appservice.messages.model import MESSAGES
from appservice.people import faces
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
        asked = self.questions(events, chained=chained)
        answers = await self._database.together(*asked.values()) if asked else ()
        return self.shaped(events, dict(zip(asked, answers, strict=True)))

    def shaped(self, events: Sequence[Event], answers: Mapping[str, Rows]) -> list[Envelope]:
        """As `envelopes`, given what is answered to `questions`."""
        targets = {row[0]: shape.Target(*row[1:]) for row in answers.get("targets", ())}
        known = faces.told(answers.get("faces", ()))
        before: dict[str, int | None] = {row[0]: row[1] for row in answers.get("before", ())}
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

    def questions(self, events: Sequence[Event], *, chained: bool = True) -> dict[str, Question]:
        """What has to be known first: what is pointed at, who is talking, what came before."""
        targets = sorted({target for event in events if (target := shape.points_at(event))})
        talking = {event.sender for event in events if event.type in MESSAGES}
        first = _first(events) if chained and self._ordered else {}
        values = {"rooms": list(first), "positions": list(first.values())}
        asked = {
            "targets": (_TARGETS, {"ids": targets}) if targets else None,
            "faces": faces.asked(talking) if talking else None,
            "before": (_BEFORE, values) if first else None,
        }
        return {name: question for name, question in asked.items() if question}


def _first(events: Sequence[Event]) -> dict[str, int]:
    """The first position of each room."""
    first: dict[str, int] = {}
    for event in events:
        if event.placed:
            first.setdefault(event.room_id, event.ordering)
    return first
