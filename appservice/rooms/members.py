# SPDX-License-Identifier: AGPL-3.0-or-later
"""The people of a room: a page by name, and when somebody was last active (D31)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from appservice.database import Database

# By name, so that the first page is the top of the list; people apart by a block do not meet here.
_PAGE = """
SELECT p.user_id, p.display_name, p.avatar_url
FROM memberships m JOIN people p USING (user_id)
CROSS JOIN LATERAL (SELECT split_part(substr(p.user_id, 2), ':', 1) AS own) AS part
CROSS JOIN LATERAL (SELECT lower(coalesce(p.display_name, part.own)) AS name) AS by
WHERE m.room_id = %(room_id)s AND m.membership = 'join' AND p.deactivated_at IS NULL
  AND NOT EXISTS (SELECT FROM blocks b
    WHERE (b.blocker, b.blocked) IN ((%(me)s, p.user_id), (p.user_id, %(me)s)))
  AND (%(query)s = '' OR starts_with(by.name, %(query)s) OR starts_with(lower(part.own), %(query)s)
    OR strpos(by.name, ' ' || %(query)s) > 0)
  AND (%(after)s::text IS NULL OR (by.name, p.user_id) > (
    SELECT lower(coalesce(display_name, split_part(substr(user_id, 2), ':', 1))), user_id
    FROM people WHERE user_id = %(after)s))
ORDER BY by.name, p.user_id LIMIT %(limit)s
"""
_ACTIVE = """
SELECT given.user_id, greatest(
  (SELECT to_timestamp(max(e.origin_server_ts) / 1000.0) FROM events e
   WHERE e.sender = given.user_id AND e.origin_server_ts <= %(now_ms)s),
  (SELECT max(r.shown_at) FROM read_marks r WHERE r.user_id = given.user_id),
  (SELECT max(s.last_seen_at) FROM sessions s WHERE s.user_id = given.user_id))
FROM unnest(%(people)s::text[]) AS given(user_id)
"""


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a room."""

    user_id: str
    display_name: str | None
    avatar_url: str | None


async def page(
    database: Database, me: str, room_id: str, *, query: str, after: str | None, limit: int
) -> list[Member]:
    """Members by name (one more than `limit` if there are more).

    Args:
        database: Kith's own.
        me: who asks.
        room_id: of which room.
        query: how a name, a word of it or the local name begins; empty for all.
        after: the last person of the page before.
        limit: people a page holds.
    """
    values = {
        "me": me,
        "room_id": room_id,
        "query": query.lower(),
        "after": after,
        "limit": limit + 1,
    }
    return [Member(*row) for row in await database.read(_PAGE, values)]


async def last_active(
    database: Database, people: Collection[str], now_ms: int
) -> dict[str, datetime | None]:
    """The newest of somebody's events, public receipts and sessions here."""
    values = {"people": list(people), "now_ms": now_ms}
    return dict(await database.read(_ACTIVE, values)) if people else {}
