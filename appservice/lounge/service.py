# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of forums as one person sees it, with what was said last (L1).

Kith keeps no bodies: of the page's rooms they are read from Synapse's database. Without it, or
while it is away, a forum simply has no excerpt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from appservice.database import Database
from appservice.errors import Unavailable
from appservice.lounge import store
from appservice.lounge.store import Newest, Sort
from appservice.messages import model
from appservice.realtime.replay import Bodies
from appservice.rest.cursor import Position
from appservice.rooms.service import RoomsService
from appservice.rooms.store import Seen
from appservice.rooms.view import View

_LOG = structlog.get_logger("kith.lounge")


@dataclass(frozen=True, slots=True)
class Said:
    """What was said last."""

    sender: str
    sender_name: str | None
    excerpt: str
    ts: int


@dataclass(frozen=True, slots=True)
class Forum:
    """One line of the list; `at` is what it is sorted by."""

    at: datetime
    view: View
    last: Said | None


class LoungeService:
    """Lists forums."""

    def __init__(self, database: Database, rooms: RoomsService, bodies: Bodies | None) -> None:
        """Args: Kith's database; who shows rooms; where bodies are read, None for nowhere."""
        self._database = database
        self._rooms = rooms
        self._bodies = bodies

    async def forums(self, me: str, sort: Sort, after: Position | None, limit: int) -> list[Forum]:
        """A page of the forums I may know of (one more than `limit` if there are more)."""
        found = await store.forums(self._database, me, sort, after, limit)
        views = await self._rooms.views(me, [seen for _, seen in found])
        said = await self._said(me, [seen for _, seen in found])
        return [
            Forum(at, view, said.get(view.seen.room_id))
            for (at, _), view in zip(found, views, strict=True)
        ]

    async def _said(self, me: str, rooms: Sequence[Seen]) -> Mapping[str, Said]:
        if self._bodies is None:
            return {}
        readable = [(s.room_id, since) for s in rooms if (since := _since(s)) is not None]
        newest = await store.newest(self._database, me, readable)
        known = [one for one in newest if one.position is not None]
        places = {p for one in known for p in (one.position, one.edit) if p is not None}
        try:
            rows = await self._bodies.these(places) if places else []
            ids = [one.event_id for one in known]
            gone = await self._bodies.redacted(ids) if ids else set()
        except Unavailable as error:
            _LOG.info("excerpts_left_out", part=error.part)
            return {}
        found = {row.ordering: row.body for row in rows}
        said: dict[str, Said] = {}
        for one in known:
            body = found.get(one.position or 0)
            if body and body.get("content") and one.event_id not in gone:
                said[one.room_id] = _told(one, body, found.get(one.edit) if one.edit else None)
        return said


def _since(seen: Seen) -> int | None:
    """Behind which position somebody may read a forum; None for nowhere."""
    if seen.encrypted:
        return None
    if seen.history_visibility == "world_readable":
        return 0
    if not seen.joined:
        return None
    return 0 if seen.history_visibility == "shared" else seen.joined_at


def _told(one: Newest, body: Mapping[str, Any], edit: Mapping[str, Any] | None) -> Said:
    event = model.edited(body, edit) if edit else body
    text = model.excerpt(model.message(event, {}))
    return Said(one.sender, one.sender_name, text, one.ts)
