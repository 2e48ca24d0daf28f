# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was said last in the conversations of a page, as far as its reader may see it.

Kith keeps no bodies: they are read from Synapse's database, in two questions for the whole page.
On a foreign Synapse the rooms are asked as the reader, a few at a time. When Synapse does not
answer, the list comes without what was said.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from appservice.database import Database
from appservice.dms.listing import Entry
from appservice.errors import HomeserverRefused, Unavailable
from appservice.homeserver.port import Homeserver
from appservice.messages import model
from appservice.people.blocked import blocked_by
from appservice.realtime.replay import Bodies
from appservice.realtime.visibility import OPEN, Sight

_LOG = structlog.get_logger("kith.dms")
_RULE = "m.room.history_visibility"
_AT_ONCE = 6
_PATIENCE = 4.0
"""Seconds that a page waits for a foreign Synapse."""
_LOOK_BACK = 20
_MOST_DOUBTS = 10
"""Rooms of a page whose past is looked into: those where nobody spoke since the reader came."""

# A notice is no unread message, but it is said: a program's conversation has nothing else.
_NEWEST = """
SELECT given.room_id, e.event_id, e.stream_ordering, e.sender, e.origin_server_ts, (
  SELECT x.stream_ordering FROM events x
  WHERE x.room_id = given.room_id AND x.stream_ordering > e.stream_ordering
    AND x.relates_to = e.event_id AND x.rel_type = 'm.replace' AND x.sender = e.sender
    AND NOT x.redacted
  ORDER BY x.stream_ordering DESC LIMIT 1)
FROM unnest(%(rooms)s::text[]) AS given(room_id)
CROSS JOIN LATERAL (
  SELECT e.event_id, e.stream_ordering, e.sender, e.origin_server_ts FROM events e
  WHERE e.room_id = given.room_id AND e.stream_ordering IS NOT NULL AND NOT e.redacted
    AND e.type = ANY (%(types)s) AND e.rel_type IS DISTINCT FROM 'm.replace'
    AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker = %(me)s AND b.blocked = e.sender)
  ORDER BY e.stream_ordering DESC LIMIT 1) AS e
"""


@dataclass(frozen=True, slots=True)
class LastMessage:
    """The newest message somebody may see; `excerpt` is None when it cannot be read."""

    sender: str
    excerpt: str | None
    ts: int
    kind: str


@dataclass(frozen=True, slots=True)
class _Newest:
    room_id: str
    event_id: str
    position: int
    sender: str
    ts: int
    edit: int | None


class Excerpts:
    """Reads what was said last."""

    def __init__(self, database: Database, homeserver: Homeserver, bodies: Bodies | None) -> None:
        """Args: Kith's database; who is asked on a foreign Synapse; else Synapse's database."""
        self._database = database
        self._homeserver = homeserver
        self._bodies = bodies

    async def of(self, me: str, entries: Sequence[Entry]) -> Mapping[str, LastMessage]:
        """The last message of each conversation I am in, by room."""
        joined = [one for one in entries if one.conversation.membership == "join"]
        if not joined:
            return {}
        try:
            if self._bodies is None:
                return await self._asked(me, joined)
            return await self._read(self._bodies, me, joined)
        except Unavailable as error:
            _LOG.info("excerpts_left_out", part=error.part)
            return {}

    async def _read(
        self, bodies: Bodies, me: str, entries: Sequence[Entry]
    ) -> Mapping[str, LastMessage]:
        rooms = {one.conversation.room_id: one for one in entries}
        values = {"me": me, "rooms": list(rooms), "types": sorted(model.MESSAGES)}
        rows = await self._database.read(_NEWEST, values)
        newest = [_Newest(*row) for row in rows]
        newest = await _seen(bodies, me, newest, rooms)
        if not newest:
            return {}
        positions = {p for one in newest for p in (one.position, one.edit) if p is not None}
        found = {row.ordering: row.body for row in await bodies.these(positions)}
        gone = await bodies.redacted([one.event_id for one in newest])
        said: dict[str, LastMessage] = {}
        for one in newest:
            body = found.get(one.position)
            if body and body.get("content") and one.event_id not in gone:
                said[one.room_id] = _last(body, found.get(one.edit) if one.edit else None)
        return said

    async def _asked(self, me: str, entries: Sequence[Entry]) -> Mapping[str, LastMessage]:
        blocked = (await blocked_by(self._database, [me]))[me]
        slots = asyncio.Semaphore(_AT_ONCE)
        said: dict[str, LastMessage] = {}

        async def ask(room_id: str) -> None:
            async with slots:
                try:
                    events = await self._homeserver.newest(room_id, _LOOK_BACK, as_user=me)
                except (HomeserverRefused, Unavailable) as error:
                    _LOG.info("excerpt_left_out", room=room_id, code=error.code)
                    return
            for event in events:
                if _tells(event) and event.get("sender") not in blocked:
                    said[room_id] = _last(event, None)
                    return

        try:
            async with asyncio.timeout(_PATIENCE), asyncio.TaskGroup() as group:
                for one in entries:
                    group.create_task(ask(one.conversation.room_id))
        except TimeoutError:
            _LOG.info("excerpts_late", rooms=len(entries) - len(said))
        return said


async def _seen(
    bodies: Bodies, me: str, newest: Sequence[_Newest], rooms: Mapping[str, Entry]
) -> list[_Newest]:
    """Those which were said since I came, and of the others those I may see all the same."""
    kept, doubts = [], 0
    for one in newest:
        since = rooms[one.room_id].joined_at
        if since is None or one.position <= since:
            doubts += 1
            if doubts > _MOST_DOUBTS or not await _may_see(bodies, me, one):
                continue
        kept.append(one)
    return kept


async def _may_see(bodies: Bodies, me: str, one: _Newest) -> bool:
    state = await bodies.room_state(one.room_id, _RULE, past=True)
    rules = [(where, str(content.get("history_visibility"))) for where, content in state]
    if all(rule in OPEN for _, rule in rules):
        return True
    return Sight(await bodies.memberships(one.room_id, me), rules).of(one.position)


def _tells(event: Mapping[str, Any]) -> bool:
    content = event.get("content")
    return (
        event.get("type") in model.MESSAGES
        and isinstance(content, Mapping)
        and bool(content)
        and model.relation(content, "m.replace") is None
    )


def _last(event: Mapping[str, Any], edit: Mapping[str, Any] | None) -> LastMessage:
    found = model.message(model.edited(event, edit) if edit else event, {})
    excerpt = None if found.kind == "encrypted" else model.excerpt(found) or None
    return LastMessage(found.sender, excerpt, found.ts, found.kind)
