# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of the inbox: a page of somebody's conversations in one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from appservice.database import Database
from appservice.dms.store import COLUMNS, Conversation
from appservice.rest.cursor import Position, bounds
from appservice.unread.store import JOINS

Filter = Literal["all", "unread", "requests", "groups"]

# An invite of somebody blocked is not shown, and never said to be there (D17). Of an invite it is
# known when it came, not what happens inside.
_PAGE = f"""
WITH mine AS (
  SELECT m.room_id, m.membership, m.sender, m.joined_at,
    CASE WHEN m.membership = 'invite' THEN m.since
         ELSE coalesce(r.last_event_at, r.created_at) END AS at
  FROM memberships m JOIN rooms r ON r.room_id = m.room_id
  WHERE m.user_id = %(me)s AND m.membership IN ('join', 'invite')
    AND r.kind = 'dm' AND r.successor IS NULL
    AND NOT (m.membership = 'invite' AND EXISTS (
      SELECT FROM blocks b WHERE b.blocker = %(me)s AND b.blocked = m.sender))
), page AS MATERIALIZED (
  SELECT mine.* FROM mine JOIN rooms r ON r.room_id = mine.room_id
  JOIN memberships m ON m.room_id = mine.room_id AND m.user_id = %(me)s
  {{counts}}
  WHERE mine.at <= %(at)s::timestamptz
    AND (mine.at < %(at)s::timestamptz OR mine.room_id > %(key)s)
    AND {{filter}}
    AND (%(q)s = '' OR strpos(lower(r.name), lower(%(q)s)) > 0 OR EXISTS (
      SELECT FROM memberships o LEFT JOIN people p ON p.user_id = o.user_id
      WHERE o.room_id = r.room_id AND o.user_id <> %(me)s
        AND (o.membership IN ('join', 'invite') OR o.user_id = ANY (r.people))
        AND (strpos(lower(p.display_name), lower(%(q)s)) > 0
             OR strpos(lower(o.user_id), lower(%(q)s)) > 0)))
  ORDER BY mine.at DESC, mine.room_id LIMIT %(limit)s
)
SELECT {COLUMNS}, mine.at, mine.sender, mine.joined_at, u.unread, named.mentions,
  q.user_id IS NOT NULL
FROM page mine JOIN rooms r ON r.room_id = mine.room_id
JOIN memberships m ON m.room_id = mine.room_id AND m.user_id = %(me)s
{JOINS}
ORDER BY mine.at DESC, mine.room_id
"""  # noqa: S608 - constants
_OWN = 6
"""Columns behind those of the conversation."""
_FILTERS = {
    "all": "true",
    "unread": "(u.unread > 0 OR named.mentions > 0)",
    "requests": "mine.membership = 'invite'",
    "groups": """(SELECT count(*) FROM (
      SELECT unnest(r.people) UNION
      SELECT i.user_id FROM memberships i LEFT JOIN people p ON p.user_id = i.user_id
      WHERE i.room_id = r.room_id AND i.membership IN ('join', 'invite')
        AND coalesce(p.kind, 'person') = 'person') AS people) > 2""",
}
# Counted only for the page, unless what is counted decides what is on it.
_PAGES = {
    name: _PAGE.format(counts=JOINS if name == "unread" else "", filter=condition)
    for name, condition in _FILTERS.items()
}


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
        joined_at: position in Synapse's stream at which I came; None while that is not known.
        unread: messages I have not read, and how many of those name me.
    """

    conversation: Conversation
    at: datetime
    invited_by: str | None
    joined_at: int | None
    unread: int
    mentions: int
    muted: bool


async def page(database: Database, me: str, wanted: Wanted) -> list[Entry]:
    """A page of conversations, the most recently active first (one row more if there are more)."""
    values = {"me": me, "q": wanted.query, "limit": wanted.limit + 1}
    found = []
    for row in await database.read(_PAGES[wanted.only], {**values, **bounds(wanted.after)}):
        columns, (at, sender, *more) = row[:-_OWN], row[-_OWN:]
        conversation = Conversation.of(columns)
        invited_by = sender if conversation.membership == "invite" else None
        found.append(Entry(conversation, at, invited_by, *more))
    return found
