# SPDX-License-Identifier: AGPL-3.0-or-later
"""The SQL of The Lounge: a page of forums, and the newest message one may see in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from appservice.database import Database
from appservice.rest.cursor import Position, bounds
from appservice.rooms import store as rooms
from appservice.rooms.store import Seen


class Sort(StrEnum):
    """Order of the list."""

    ACTIVE = "active"
    NEW = "new"
    UNREAD = "unread"


# What each order sorts by, as a time: so one form of cursor serves them all.
_BY = {
    Sort.ACTIVE: "coalesce(r.last_event_at, r.created_at)",
    Sort.NEW: "r.created_at",
    Sort.UNREAD: "to_timestamp(named.mentions * 1000 + u.unread)",
}
_FORUMS = {
    sort: f"""
SELECT by.at, {rooms.COLUMNS} {rooms.FROM}
CROSS JOIN LATERAL (SELECT {column} AS at) AS by
WHERE r.kind = 'forum' AND r.successor IS NULL AND m.membership IS DISTINCT FROM 'ban'
  AND (r.visibility = 'public' OR m.membership IN ('join', 'invite'))
  AND by.at <= %(at)s::timestamptz AND (by.at < %(at)s::timestamptz OR r.room_id > %(key)s)
ORDER BY by.at DESC, r.room_id LIMIT %(limit)s
"""  # noqa: S608 - constants
    for sort, column in _BY.items()
}
_NEWEST = """
SELECT given.room_id, e.event_id, e.stream_ordering, e.sender, p.display_name, e.origin_server_ts,
  (SELECT x.stream_ordering FROM events x
   WHERE x.room_id = given.room_id AND x.stream_ordering > e.stream_ordering
     AND x.relates_to = e.event_id AND x.rel_type = 'm.replace' AND x.sender = e.sender
     AND NOT x.redacted
   ORDER BY x.stream_ordering DESC LIMIT 1)
FROM unnest(%(rooms)s::text[], %(since)s::bigint[]) AS given(room_id, since)
CROSS JOIN LATERAL (
  SELECT e.event_id, e.stream_ordering, e.sender, e.origin_server_ts FROM events e
  WHERE e.room_id = given.room_id AND e.counts_at > given.since AND NOT e.redacted
    AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker = %(me)s AND b.blocked = e.sender)
  ORDER BY e.counts_at DESC LIMIT 1) AS e
LEFT JOIN people p ON p.user_id = e.sender
"""


@dataclass(frozen=True, slots=True)
class Newest:
    """The last message of a room, without its body; `edit` is where its last edit stands."""

    room_id: str
    event_id: str
    position: int | None
    sender: str
    sender_name: str | None
    ts: int
    edit: int | None


async def forums(
    database: Database, me: str, sort: Sort, after: Position | None, limit: int
) -> list[tuple[datetime, Seen]]:
    """A page of the forums somebody may know of, with what they are sorted by.

    One more than `limit` if there are more.
    """
    values = {"me": me, "limit": limit + 1, **bounds(after)}
    rows = await database.read(_FORUMS[sort], values)
    return [(row[0], rooms.seen(row[1:])) for row in rows]


async def newest(database: Database, me: str, places: Sequence[tuple[str, int]]) -> list[Newest]:
    """The last message of each room behind a position that the person may read."""
    values = {
        "me": me,
        "rooms": [room_id for room_id, _ in places],
        "since": [since for _, since in places],
    }
    return [Newest(*row) for row in await database.read(_NEWEST, values)] if places else []
