# SPDX-License-Identifier: AGPL-3.0-or-later
"""The SQL of suggestions: finding candidates within bounds, and reading those that still hold.

A friendship is used only when the friend in the middle shows the viewer their list and the other
one does not keep theirs private: so a suggestion never tells of a tie that could not be seen
anyway. Candidates are kept as rows; what they rest on is counted again whenever they are shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from appservice.database import Database, Transaction
from appservice.friends.rows import APART, Row, about
from schema.facts import COUNTS_AS_SHARED

_FRIENDS_ASKED, _FRIENDS_EACH = 300, 200
"""Of how many of my friends, and how many friends of each, the newest first."""
_PLACES, _PLACE_SIZE = 30, 500
"""How many of my places; one with more people says nothing about who knows whom."""
_KEPT = 200
_PER_FRIEND, _PER_PLACE = 10, 4

_LATELY = """(coalesce(q.responded_at, q.created_at) > %(since)s
      OR (q.status = 'pending' AND q.expires_at > %(now)s))"""

# Whom a list of suggestions never names, whatever speaks for them.
_FITS = f"""p.local AND p.kind = 'person' AND p.deactivated_at IS NULL
  AND p.user_id <> %(viewer)s AND p.request_policy <> 'nobody' AND NOT {APART}
  AND NOT EXISTS (SELECT FROM profiles h WHERE h.user_id = p.user_id AND h.hidden)
  AND NOT EXISTS (SELECT FROM friendships v
                  WHERE v.user_id = %(viewer)s AND v.friend_id = p.user_id)
  AND NOT EXISTS (SELECT FROM suggestion_dismissals d
                  WHERE d.user_id = %(viewer)s AND d.other = p.user_id)
  AND NOT EXISTS (SELECT FROM friendship_ends e
                  WHERE e.ended_by = %(viewer)s AND e.other = p.user_id)
  AND p.user_id NOT IN (
    SELECT q.recipient FROM friend_requests q WHERE q.requester = %(viewer)s AND {_LATELY}
    UNION ALL
    SELECT q.requester FROM friend_requests q WHERE q.recipient = %(viewer)s AND {_LATELY})"""  # noqa: S608 - constants

_SHOWN = """m.connections_visibility <> 'private'
  AND NOT EXISTS (SELECT FROM profiles h WHERE h.user_id = m.user_id AND h.hidden)"""

_MAKE = f"""
INSERT INTO suggestions (user_id, other, score)
WITH friends AS MATERIALIZED (
  SELECT m.user_id FROM (
    SELECT friend_id FROM friendships WHERE user_id = %(viewer)s
    ORDER BY created_at DESC, friend_id LIMIT {_FRIENDS_ASKED}) AS f
  JOIN people m ON m.user_id = f.friend_id AND {_SHOWN}
), places AS MATERIALIZED (
  SELECT r.room_id FROM memberships m JOIN rooms r USING (room_id)
  WHERE m.user_id = %(viewer)s AND m.membership = 'join' AND r.successor IS NULL
    AND {COUNTS_AS_SHARED}
  ORDER BY r.last_event_at DESC NULLS LAST, r.room_id LIMIT {_PLACES}
), found AS (
  SELECT f.friend_id AS other, {_PER_FRIEND} AS weight, true AS tie
  FROM friends CROSS JOIN LATERAL (
    SELECT friend_id FROM friendships x WHERE x.user_id = friends.user_id
    ORDER BY created_at DESC, friend_id LIMIT {_FRIENDS_EACH}) AS f
  UNION ALL
  SELECT t.user_id, {_PER_PLACE}, false
  FROM places CROSS JOIN LATERAL (
    SELECT user_id FROM memberships t WHERE t.room_id = places.room_id AND t.membership = 'join'
    LIMIT {_PLACE_SIZE + 1}) AS t
  WHERE (SELECT count(*) FROM (
    SELECT FROM memberships t WHERE t.room_id = places.room_id AND t.membership = 'join'
    LIMIT {_PLACE_SIZE + 1}) AS counted) <= {_PLACE_SIZE}
), scored AS (
  SELECT other, sum(weight) AS score FROM found JOIN people p ON p.user_id = found.other
  WHERE NOT (tie AND p.connections_visibility = 'private') GROUP BY other
)
SELECT %(viewer)s, other, score FROM scored JOIN people p ON p.user_id = scored.other
WHERE {_FITS} ORDER BY score DESC, other LIMIT {_KEPT}
ON CONFLICT (user_id, other) DO UPDATE SET score = excluded.score
"""  # noqa: S608 - constants

_CLEAR = "DELETE FROM suggestions WHERE user_id = %(viewer)s"
_MADE = """
INSERT INTO suggestion_runs (user_id, made_at) VALUES (%(viewer)s, %(now)s)
ON CONFLICT (user_id) DO UPDATE SET made_at = excluded.made_at
"""
_LAST = """
SELECT r.made_at, EXISTS (SELECT FROM friendships f
  WHERE f.user_id = %(viewer)s AND f.created_at > r.made_at)
FROM suggestion_runs r WHERE r.user_id = %(viewer)s
"""

# Ties are counted for the page alone; who has lost everything that spoke for them is left out.
_PAGE = about(
    f"""
  SELECT p.user_id, s.score, ties.number AS ties
  FROM suggestions s JOIN people p ON p.user_id = s.other
  CROSS JOIN LATERAL (
    SELECT count(*) AS number FROM friendships b
    JOIN friendships a ON a.user_id = %(viewer)s AND a.friend_id = b.friend_id
    JOIN people m ON m.user_id = b.friend_id AND {_SHOWN}
    WHERE b.user_id = p.user_id AND p.connections_visibility <> 'private') AS ties
  WHERE s.user_id = %(viewer)s AND {_FITS}
    AND s.score <= %(score)s AND (s.score < %(score)s OR s.other > %(key)s)
    AND (ties.number > 0 OR EXISTS (
      SELECT FROM memberships mine JOIN memberships theirs USING (room_id)
      JOIN rooms r USING (room_id)
      WHERE mine.user_id = %(viewer)s AND mine.membership = 'join'
        AND theirs.user_id = p.user_id AND theirs.membership = 'join' AND {COUNTS_AS_SHARED}))
  ORDER BY s.score DESC, s.other LIMIT %(limit)s""",  # noqa: S608 - constants
    own="page.score, page.ties",
    order="page.score DESC, page.user_id",
)

_DISMISS = """
INSERT INTO suggestion_dismissals (user_id, other, dismissed_at)
SELECT %(viewer)s, user_id, %(now)s FROM people WHERE user_id = %(other)s
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody the viewer may know.

    Attributes:
        score: what the list is sorted by.
        ties: friends in common that the viewer can see to be so.
        row: the rest.
    """

    score: int
    ties: int
    row: Row


async def last(database: Database, me: str) -> tuple[datetime, bool] | None:
    """When suggestions were made, and whether a friend has come since; None if never."""
    rows = await database.read(_LAST, {"viewer": me})
    return (rows[0][0], rows[0][1]) if rows else None


async def make(tx: Transaction, me: str, now: datetime, since: datetime) -> None:
    """Find candidates anew.

    Args:
        tx: open, with the person locked.
        me: for whom.
        now: the time.
        since: whoever asked, or answered otherwise than yes, after this is left out.
    """
    values: dict[str, Any] = {"viewer": me, "now": now, "since": since}
    for statement in (_CLEAR, _MAKE, _MADE):
        await tx.read(statement, values)


async def page(
    database: Database,
    me: str,
    after: tuple[int, str] | None,
    limit: int,
    *,
    now: datetime,
    since: datetime,
) -> Sequence[Suggestion]:
    """A page, the likeliest first (one more than `limit` if there are more)."""
    score, key = after or (2**31 - 1, "")
    values = {"viewer": me, "now": now, "since": since, "limit": limit + 1}
    rows = await database.read(_PAGE, {**values, "score": score, "key": key})
    return [Suggestion(row[0], row[1], Row.of(row[2:])) for row in rows]


async def dismiss(database: Database, me: str, other: str, now: datetime) -> None:
    """Note that somebody is not to be suggested again; nothing for who is not known."""
    await database.run(_DISMISS, {"viewer": me, "other": other, "now": now})
