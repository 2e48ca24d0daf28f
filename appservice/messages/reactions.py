# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reactions of a page of messages: in one look into Synapse's database where that can be read.

Elsewhere, and where not everybody in the room may see everything, the homeserver is asked for each
message as the person, who then sees what is theirs to see.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from appservice.errors import HomeserverRefused
from appservice.homeserver.port import Timeline
from appservice.messages.wire import MOST_PEOPLE, ReactionModel, ReactorModel
from appservice.people.faces import NOBODY, Face
from appservice.text import one_line

_OPEN = frozenset({"shared", "world_readable"})
_RULE = "m.room.history_visibility"
_AT_ONCE = 8
_MOST_EACH = 100
LONGEST_KEY = 64

# Synapse forgets a relation when either end of it is removed. What no client ever saw
# (soft-failed) it still has.
_REACTIONS = """
WITH given AS (
  SELECT r.relates_to_id AS target, r.aggregation_key AS key, e.sender,
         min(e.stream_ordering) AS at,
         (array_agg(e.event_id ORDER BY e.stream_ordering))[1] AS event_id
  FROM event_relations r JOIN events e USING (event_id) JOIN event_json j USING (event_id)
  WHERE r.relates_to_id = ANY (%(ids)s) AND r.relation_type = 'm.annotation'
    AND r.aggregation_key IS NOT NULL AND e.type = 'm.reaction' AND e.room_id = %(room_id)s
    AND e.rejection_reason IS NULL AND NOT e.outlier
    AND j.internal_metadata NOT LIKE '%%"soft_failed"%%'
    AND NOT e.sender = ANY (%(hidden)s)
  GROUP BY r.relates_to_id, r.aggregation_key, e.sender),
numbered AS (
  SELECT given.*, row_number() OVER w AS place, count(*) OVER (PARTITION BY target, key) AS many,
         min(at) OVER (PARTITION BY target, key) AS first
  FROM given WINDOW w AS (PARTITION BY target, key ORDER BY at))
SELECT target, key, sender, event_id, many FROM numbered
WHERE place <= %(people)s OR sender = %(me)s
ORDER BY target, first, key, place
"""


class Source(Protocol):
    """Synapse's database."""

    async def read(self, sql: str, **params: Any) -> Sequence[tuple[Any, ...]]:
        """One SELECT."""

    async def room_state(
        self, room_id: str, kind: str, *, past: bool
    ) -> list[tuple[int, Mapping[str, Any]]]:
        """A piece of state, with positions."""


@dataclass(slots=True)
class Given:
    """One key of one message."""

    key: str
    count: int = 0
    people: list[tuple[str, str]] = field(default_factory=list)
    """Who, with which event."""


Found = Mapping[str, list[Given]]


class Reactions:
    """Reads them."""

    def __init__(self, homeserver: Timeline, source: Source | None) -> None:
        """Args: the homeserver; its database, None when it cannot be read."""
        self._homeserver = homeserver
        self._source = source

    async def of(
        self,
        room_id: str,
        event_ids: Collection[str],
        *,
        me: str,
        joined: bool,
        hidden: Collection[str],
    ) -> Found:
        """The reactions of messages, as one person may see them."""
        if not event_ids:
            return {}
        if joined and self._source is not None and await self._open(self._source, room_id):
            rows = await self._source.read(
                _REACTIONS,
                room_id=room_id,
                ids=list(event_ids),
                me=me,
                hidden=list(hidden),
                people=MOST_PEOPLE,
            )
            return _grouped(rows)
        return await self._asked(room_id, event_ids, me, hidden)

    async def mine(self, room_id: str, event_id: str, key: str, *, me: str) -> list[str]:
        """My own reactions of one kind."""
        chunk = await self._homeserver.relations(
            room_id, event_id, "m.annotation", token=None, limit=_MOST_EACH, as_user=me
        )
        found = [event for event in chunk.events if event.get("sender") == me]
        return [str(event["event_id"]) for event in found if key_of(event) == key]

    async def _open(self, source: Source, room_id: str) -> bool:
        state = await source.room_state(room_id, _RULE, past=False)
        return all(content.get("history_visibility") in _OPEN for _, content in state)

    async def _asked(
        self, room_id: str, event_ids: Iterable[str], me: str, hidden: Collection[str]
    ) -> Found:
        turns = asyncio.Semaphore(_AT_ONCE)

        async def one(event_id: str) -> list[tuple[Any, ...]]:
            async with turns:
                try:
                    chunk = await self._homeserver.relations(
                        room_id, event_id, "m.annotation", token=None, limit=_MOST_EACH, as_user=me
                    )
                except HomeserverRefused:
                    return []
            events = [event for event in chunk.events if event.get("sender") not in hidden]
            return [
                (event_id, key_of(event), event.get("sender"), event.get("event_id"), None)
                for event in reversed(events)
                if key_of(event)
            ]

        rows = await asyncio.gather(*(one(event_id) for event_id in event_ids))
        return _grouped([row for each in rows for row in each])


def key_of(event: Mapping[str, Any]) -> str | None:
    """What a reaction says; None for what is none, or was removed."""
    content = event.get("content")
    relates = content.get("m.relates_to") if isinstance(content, Mapping) else None
    key = relates.get("key") if isinstance(relates, Mapping) else None
    good = event.get("type") == "m.reaction" and isinstance(key, str)
    return one_line(key, LONGEST_KEY) or None if good and isinstance(key, str) else None


def shown(given: list[Given], faces: Mapping[str, Face], me: str) -> tuple[ReactionModel, ...]:
    """What a message carries of its reactions."""
    return tuple(
        ReactionModel(
            key=one.key,
            count=one.count,
            mine=next((event_id for who, event_id in one.people if who == me), None),
            people=[
                ReactorModel(user_id=who, name=faces.get(who, NOBODY).name, event_id=event_id)
                for who, event_id in one.people[:MOST_PEOPLE]
            ],
        )
        for one in given
    )


def _grouped(rows: Iterable[tuple[Any, ...]]) -> Found:
    found: dict[str, dict[str, Given]] = defaultdict(dict)
    for target, raw, sender, event_id, many in rows:
        key = one_line(raw, LONGEST_KEY)
        if not key:
            continue
        given = found[target].setdefault(key, Given(key))
        if any(who == sender for who, _ in given.people):
            continue
        given.people.append((sender, event_id))
        given.count = max(given.count, many or 0, len(given.people))
    return {target: list(keys.values()) for target, keys in found.items()}
