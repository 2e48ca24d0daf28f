# SPDX-License-Identifier: AGPL-3.0-or-later
"""The SQL of unread counts: absolute, capped, from marks that `registry.marks` moves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from appservice.database import Database, Transaction

MOST = 100
"""What is counted up to; clients show 99+."""

# For a membership `m` and the room's mark `k`: what stands behind the later of the mark and the
# join, nothing without a join. Nobody's own words count, nor those of people one has blocked or
# muted; a reply in a thread counts until the room, or that thread, is read beyond it.
_UNHEARD = """
  {0}.sender <> ALL (f.unheard) AND ({0}.thread_root IS NULL OR NOT EXISTS (
    SELECT FROM read_marks t WHERE t.user_id = m.user_id AND t.room_id = m.room_id
      AND t.thread = {0}.thread_root AND t.position >= {0}.{1}))"""
JOINS = f"""
LEFT JOIN read_marks k ON k.user_id = m.user_id AND k.room_id = m.room_id AND k.thread = ''
LEFT JOIN room_mutes q ON q.user_id = m.user_id AND q.room_id = m.room_id
CROSS JOIN LATERAL (
  SELECT CASE WHEN m.membership = 'join'
    THEN greatest(coalesce(k.position, 0), coalesce(m.joined_at, 0)) END AS since,
    ARRAY(SELECT b.blocked FROM blocks b WHERE b.blocker = m.user_id
          UNION ALL SELECT s.muted FROM mutes s WHERE s.muter = m.user_id
          UNION ALL SELECT m.user_id) AS unheard OFFSET 0) AS f
CROSS JOIN LATERAL (
  SELECT count(*)::integer AS unread FROM (
    SELECT FROM events e
    WHERE e.room_id = m.room_id AND e.counts_at > f.since AND NOT e.redacted
      AND q.user_id IS NULL AND {_UNHEARD.format("e", "counts_at")}
    LIMIT {MOST}) AS capped) AS u
CROSS JOIN LATERAL (
  SELECT count(*)::integer AS mentions FROM (
    SELECT FROM mentions n
    WHERE n.user_id IN (m.user_id, '@room') AND n.room_id = m.room_id AND n.position > f.since
      AND {_UNHEARD.format("n", "position")}
    LIMIT {MOST}) AS capped) AS named
"""  # noqa: S608 - constants
"""Joins to `memberships m` that give `u.unread`, `named.mentions`, the mark `k`, the mute `q`."""

_COUNTED = f"""
SELECT m.user_id, m.room_id, o.id, u.unread, named.mentions, k.event_id, q.user_id IS NOT NULL,
  (SELECT max(e.stream_ordering) FROM events e WHERE e.room_id = m.room_id)
FROM {{0}} JOIN rooms o ON o.room_id = m.room_id AND o.successor IS NULL
{JOINS}
WHERE m.membership = 'join'
"""  # noqa: S608 - constants
OF_PEOPLE = _COUNTED.format("memberships m") + " AND m.user_id = ANY (%(people)s)"
_OF_PAIRS = _COUNTED.format(
    "unnest(%(people)s::text[], %(rooms)s::text[]) AS given(user_id, room_id)"
    " JOIN memberships m ON m.user_id = given.user_id AND m.room_id = given.room_id"
)

_PLACE = """
SELECT coalesce(stream_ordering, counts_at, CASE WHEN %(ordered)s THEN NULL
                                                 ELSE origin_server_ts END), thread_root
FROM events WHERE event_id = %(event_id)s AND room_id = %(room_id)s
"""
# Whoever has read the room's last message has read it all: replies in threads stand beside it.
_END = """
SELECT max(e.counts_at) FROM events e
WHERE e.room_id = %(room_id)s AND e.counts_at > %(position)s AND NOT e.redacted
  AND NOT EXISTS (SELECT FROM events later
    WHERE later.room_id = %(room_id)s AND later.counts_at > %(position)s AND NOT later.redacted
      AND later.thread_root IS NULL AND later.sender <> %(user_id)s)
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """One room of one person.

    Attributes:
        unread: messages behind the mark, at most `MOST`; 0 in a muted room.
        mentions: how many of those name the person, at most `MOST`.
        read_event_id: up to where they have read.
        position: of the room's newest event; None where nobody tells positions.
    """

    user_id: str
    room_id: str
    id: Any
    unread: int
    mentions: int
    read_event_id: str | None
    muted: bool
    position: int | None

    @property
    def new(self) -> bool:
        """Whether anything in it wants to be read."""
        return self.unread > 0 or self.mentions > 0


async def of_people(database: Database, people: Sequence[str]) -> list[Counted]:
    """Everything people are joined to, with its counts."""
    rows = await database.read(OF_PEOPLE, {"people": list(people)})
    return [Counted(*row) for row in rows]


async def of_pairs(database: Database, pairs: Iterable[tuple[str, str]]) -> list[Counted]:
    """Counts of (person, room); pairs that are no joined membership are left out."""
    given = list(pairs)
    values = {"people": [user for user, _ in given], "rooms": [room for _, room in given]}
    rows = await database.read(_OF_PAIRS, values)
    return [Counted(*row) for row in rows]


async def place_of(
    tx: Transaction, room_id: str, event_id: str, *, ordered: bool
) -> tuple[int, str | None] | None:
    """Where an event of a room stands and in which thread; None when it is not known."""
    values = {"room_id": room_id, "event_id": event_id, "ordered": ordered}
    rows = await tx.read(_PLACE, values)
    return (int(rows[0][0]), rows[0][1]) if rows and rows[0][0] is not None else None


async def end_of(tx: Transaction, room_id: str, user_id: str, position: int) -> int:
    """The position, or the room's end when only replies in threads stand behind it."""
    values = {"room_id": room_id, "user_id": user_id, "position": position}
    rows = await tx.read(_END, values)
    return int(rows[0][0]) if rows and rows[0][0] is not None else position
