# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of the inbox: a page of somebody's conversations in one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from appservice.database import Database
from appservice.dms.store import COLUMNS, Conversation
from appservice.rest.cursor import Position, bounds

Filter = Literal["all", "unread", "requests", "groups"]

# An invite of somebody blocked is not shown, and never said to be there (D17). Of an invite it is
# known when it came, not what happens inside.
_PAGE = f"""
WITH mine AS (
  SELECT m.room_id, m.membership, m.sender, m.stream_ordering,
    CASE WHEN m.membership = 'invite' THEN m.since
         ELSE coalesce(r.last_event_at, r.created_at) END AS at
  FROM memberships m JOIN rooms r ON r.room_id = m.room_id
  WHERE m.user_id = %(me)s AND m.membership IN ('join', 'invite')
    AND r.kind = 'dm' AND r.successor IS NULL
    AND NOT (m.membership = 'invite' AND EXISTS (
      SELECT FROM blocks b WHERE b.blocker = %(me)s AND b.blocked = m.sender))
)
SELECT {COLUMNS}, mine.at, mine.sender, mine.stream_ordering
FROM mine JOIN rooms r ON r.room_id = mine.room_id
WHERE mine.at <= %(at)s::timestamptz
  AND (mine.at < %(at)s::timestamptz OR mine.room_id > %(key)s)
  AND (%(filter)s <> 'requests' OR mine.membership = 'invite')
  AND (%(filter)s <> 'groups' OR (
    SELECT count(*) FROM (
      SELECT unnest(r.people) UNION
      SELECT m.user_id FROM memberships m
      WHERE m.room_id = r.room_id AND m.membership IN ('join', 'invite')) AS people) > 2)
  AND (%(q)s = '' OR strpos(lower(r.name), lower(%(q)s)) > 0 OR EXISTS (
    SELECT FROM memberships m LEFT JOIN people p ON p.user_id = m.user_id
    WHERE m.room_id = r.room_id AND m.user_id <> %(me)s
      AND (m.membership IN ('join', 'invite') OR m.user_id = ANY (r.people))
      AND (strpos(lower(p.display_name), lower(%(q)s)) > 0
           OR strpos(lower(m.user_id), lower(%(q)s)) > 0)))
ORDER BY mine.at DESC, mine.room_id LIMIT %(limit)s
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the inbox: filtered, with part of a name, from where, how many rows."""

    only: Filter
    query: str
    after: Position | None
    limit: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A conversation in the inbox.

    Attributes:
        conversation: what it is.
        at: when something last happened in it; of an invite, when it came.
        invited_by: who invited me, while that is not answered.
        joined_at: position in Synapse's stream of my own newest membership.
    """

    conversation: Conversation
    at: datetime
    invited_by: str | None
    joined_at: int


async def page(database: Database, me: str, wanted: Wanted) -> list[Entry]:
    """A page of conversations, the most recently active first (one row more if there are more)."""
    values = {"me": me, "filter": wanted.only, "q": wanted.query, "limit": wanted.limit + 1}
    found = []
    for row in await database.read(_PAGE, {**values, **bounds(wanted.after)}):
        *columns, at, sender, position = row
        conversation = Conversation.of(columns)
        invited_by = sender if conversation.membership == "invite" else None
        found.append(Entry(conversation, at, invited_by, position))
    return found
