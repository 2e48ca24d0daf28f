# SPDX-License-Identifier: AGPL-3.0-or-later
"""The SQL of unread counts and read marks. Counts are absolute and capped; marks move forward."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from appservice.database import Database, Rows, Transaction

MOST = 100
"""What is counted up to; clients show 99+."""

MOST_ROOMS = 2000
"""Rooms of one person that are counted."""

# For a membership `m` and the room's mark `k`: what stands behind the later of the mark and the
# join, nothing without a join. Nobody's own words count, nor those of people one has blocked or
# muted; a reply in a thread counts until the room, or that thread, is read beyond it.
_UNHEARD = """
  NOT EXISTS (SELECT FROM blocks b WHERE b.blocker = m.user_id AND b.blocked = {0}.sender)
  AND NOT EXISTS (SELECT FROM mutes b WHERE b.muter = m.user_id AND b.muted = {0}.sender)
  AND ({0}.thread_root IS NULL OR NOT EXISTS (
    SELECT FROM read_marks t WHERE t.user_id = m.user_id AND t.room_id = m.room_id
      AND t.thread = {0}.thread_root AND t.position >= {0}.{1}))"""
JOINS = f"""
LEFT JOIN read_marks k ON k.user_id = m.user_id AND k.room_id = m.room_id AND k.thread = ''
LEFT JOIN room_mutes q ON q.user_id = m.user_id AND q.room_id = m.room_id
CROSS JOIN LATERAL (
  SELECT CASE WHEN m.membership = 'join'
    THEN greatest(coalesce(k.position, 0), coalesce(m.joined_at, 0)) END AS since) AS f
CROSS JOIN LATERAL (
  SELECT count(*)::integer AS unread FROM (
    SELECT FROM events e
    WHERE e.room_id = m.room_id AND e.counts_at > f.since AND NOT e.redacted
      AND e.sender <> m.user_id AND q.user_id IS NULL AND {_UNHEARD.format("e", "counts_at")}
    LIMIT {MOST}) AS capped) AS u
CROSS JOIN LATERAL (
  SELECT count(*)::integer AS mentions FROM (
    SELECT FROM mentions n
    WHERE n.user_id IN (m.user_id, '@room') AND n.room_id = m.room_id AND n.position > f.since
      AND n.sender <> m.user_id AND {_UNHEARD.format("n", "position")}
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
_OF_PERSON = (
    _COUNTED.format("memberships m")
    + f" AND m.user_id = %(user_id)s ORDER BY m.room_id LIMIT {MOST_ROOMS}"
)
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
_MARK = """
INSERT INTO read_marks AS r (user_id, room_id, thread, event_id, position,
                             shown_event_id, shown_position, shown_at)
SELECT u, o, t, e, p, CASE WHEN shown THEN e END, CASE WHEN shown THEN p END,
       CASE WHEN shown THEN at END
FROM unnest(%(people)s::text[], %(rooms)s::text[], %(threads)s::text[], %(ids)s::text[],
  %(positions)s::bigint[], %(shown)s::boolean[], %(at)s::timestamptz[])
  AS given(u, o, t, e, p, shown, at)
ORDER BY u, o, t
ON CONFLICT (user_id, room_id, thread) DO UPDATE SET
  event_id = CASE WHEN excluded.position > r.position THEN excluded.event_id
                  ELSE r.event_id END,
  position = greatest(r.position, excluded.position),
  shown_event_id = CASE WHEN excluded.shown_position > coalesce(r.shown_position, -1)
                        THEN excluded.shown_event_id ELSE r.shown_event_id END,
  shown_at = CASE WHEN excluded.shown_position > coalesce(r.shown_position, -1)
                  THEN excluded.shown_at ELSE r.shown_at END,
  shown_position = greatest(r.shown_position, excluded.shown_position)
WHERE excluded.position > r.position
  OR excluded.shown_position > coalesce(r.shown_position, -1)
"""
# Marks of threads that the room's own mark has passed say nothing any more.
_PASSED = """
DELETE FROM read_marks t USING unnest(%(people)s::text[], %(rooms)s::text[]) AS given(u, o),
  read_marks r
WHERE r.user_id = given.u AND r.room_id = given.o AND r.thread = ''
  AND t.user_id = r.user_id AND t.room_id = r.room_id AND t.thread <> ''
  AND t.position <= r.position
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


@dataclass(frozen=True, slots=True)
class Mark:
    """Somebody has read a room (thread '') or a thread up to an event.

    Attributes:
        shown: whether others may know it.
    """

    user_id: str
    room_id: str
    thread: str
    event_id: str
    position: int
    shown: bool
    at: datetime


async def of_person(database: Database, user_id: str) -> list[Counted]:
    """Everything a person is joined to, with its counts."""
    rows = await database.read(_OF_PERSON, {"user_id": user_id})
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


async def mark(tx: Transaction, marks: Sequence[Mark]) -> None:
    """Move marks forward; an older one changes nothing.

    Private marks are known to their owner alone: `shown` decides what the receipts of a room say.
    """
    newest: dict[tuple[str, str, str, bool], Mark] = {}
    for one in sorted(marks, key=lambda found: found.position):
        newest[one.user_id, one.room_id, one.thread, one.shown] = one
    for shown in (True, False):
        given = [one for one in newest.values() if one.shown is shown]
        if given:
            await _mark(tx, given)


async def _mark(tx: Transaction, marks: Sequence[Mark]) -> Rows:
    await tx.read(
        _MARK,
        {
            "people": [one.user_id for one in marks],
            "rooms": [one.room_id for one in marks],
            "threads": [one.thread for one in marks],
            "ids": [one.event_id for one in marks],
            "positions": [one.position for one in marks],
            "shown": [one.shown for one in marks],
            "at": [one.at for one in marks],
        },
    )
    rooms = [one for one in marks if not one.thread]
    values = {"people": [one.user_id for one in rooms], "rooms": [one.room_id for one in rooms]}
    return await tx.read(_PASSED, values) if rooms else ()
