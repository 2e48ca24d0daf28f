# SPDX-License-Identifier: AGPL-3.0-or-later
"""The SQL of rooms as one person sees them: all of them, or one, in one statement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from appservice.database import Database
from appservice.unread.store import JOINS
from policy.ids import kith_id
from policy.person import Relationship, Trust
from policy.powers import Powers
from policy.rooms import Room, RoomKind

MOST_ROOMS = 500
"""Rooms a list holds; the longest unheard are left out."""

# The other one of a 1:1: whoever ever joined or is invited; a third person makes it a group (D16).
# Programs are passed over, unless there is nobody else: such a conversation needs no friendship.
_OTHER = """
LEFT JOIN LATERAL (
  SELECT coalesce(min(o.user_id) FILTER (WHERE NOT o.program), min(o.user_id)) AS user_id,
    bool_and(o.program) AS program
  FROM (
    SELECT given.user_id, coalesce(n.kind, 'person') <> 'person' AS program FROM (
      SELECT unnest(r.people) AS user_id UNION
      SELECT x.user_id FROM memberships x
      WHERE x.room_id = r.room_id AND x.membership IN ('join', 'invite')) AS given
    LEFT JOIN people n ON n.user_id = given.user_id) AS o
  WHERE o.user_id <> %(me)s
  HAVING count(*) FILTER (WHERE NOT o.program) = 1
    OR count(*) = 1) AS other ON r.kind = 'dm'
LEFT JOIN people p ON p.user_id = other.user_id
"""
_RELATION = """
CASE WHEN NOT other.program THEN ARRAY[
  EXISTS (SELECT FROM friendships WHERE user_id = %(me)s AND friend_id = other.user_id),
  EXISTS (SELECT FROM blocks WHERE blocker = %(me)s AND blocked = other.user_id),
  EXISTS (SELECT FROM blocks WHERE blocker = other.user_id AND blocked = %(me)s),
  EXISTS (SELECT FROM friend_requests WHERE requester = %(me)s AND recipient = other.user_id
    AND status IN ('pending', 'declined') AND withdrawn_at IS NULL AND expires_at > now()),
  EXISTS (SELECT FROM friend_requests WHERE requester = other.user_id AND recipient = %(me)s
    AND status = 'pending' AND expires_at > now())] END
"""
COLUMNS = f"""
r.id, r.room_id, r.kind, r.name, r.topic, r.avatar_url, r.slug, r.emoji, r.description,
r.visibility, r.is_default, r.min_trust, r.encrypted, r.room_version, r.last_event_at,
r.created_at, r.history_visibility, m.membership, m.joined_at,
(SELECT count(*)::integer FROM memberships x
 WHERE x.room_id = r.room_id AND x.membership = 'join'),
CASE WHEN m.membership = 'join' THEN
  (SELECT max(e.stream_ordering) FROM events e WHERE e.room_id = r.room_id) END,
u.unread, named.mentions, k.event_id, q.user_id IS NOT NULL,
other.user_id, p.display_name, p.avatar_url, {_RELATION},
r.people, r.read_only, r.slow_mode, r.managers, r.kept, r.powers, r.creators, r.creator,
coalesce(m.membership IN ('leave', 'ban') AND m.sender <> %(me)s, false)
"""  # noqa: S608 - constants
FROM = f"""
FROM rooms r LEFT JOIN memberships m ON m.room_id = r.room_id AND m.user_id = %(me)s
{_OTHER}
{JOINS}
"""
_MINE = f"""
SELECT {COLUMNS} {FROM}
WHERE m.membership = 'join' AND r.successor IS NULL
ORDER BY r.last_event_at DESC NULLS LAST, r.room_id LIMIT {MOST_ROOMS}
"""
_AMONG = f"""
SELECT {COLUMNS} {FROM}
WHERE r.room_id = ANY (%(rooms)s)
ORDER BY r.room_id
"""
# A reference is Kith's id or slug of the newest room of its line, or a room id (D30).
_ONE = f"""
SELECT {COLUMNS} {FROM}
WHERE r.room_id = %(reference)s
  OR (r.successor IS NULL AND (r.id = %(id)s::uuid OR (r.kind = 'forum' AND r.slug = %(slug)s)))
ORDER BY m.membership = 'join' DESC NULLS LAST LIMIT 1
"""
# What the sender has to wait for; edits and reactions cost nothing (D22).
_SPOKE = """
SELECT room_id, max(origin_server_ts) FROM events
WHERE sender = %(me)s AND room_id = ANY (%(rooms)s) AND counts_at IS NOT NULL
  AND origin_server_ts > %(since)s
GROUP BY room_id
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A room and how one person stands in it.

    Attributes:
        membership: None for whoever was never in it.
        joined_at: position of their join.
        position: of the newest event, for members only; None where nobody tells.
        other_id: the other one of a 1:1.
        removed: they are out because somebody else took them out.
    """

    id: UUID
    room_id: str
    kind: RoomKind
    name: str | None
    topic: str | None
    avatar_url: str | None
    slug: str | None
    emoji: str | None
    description: str | None
    visibility: str
    is_default: bool
    min_trust: int
    encrypted: bool
    room_version: str
    last_event_at: datetime | None
    created_at: datetime
    history_visibility: str
    membership: str | None
    joined_at: int | None
    members_count: int
    position: int | None
    unread: int
    mentions: int
    read_event_id: str | None
    muted: bool
    other_id: str | None
    other_name: str | None
    other_avatar: str | None
    relation: Relationship | None
    powers: Powers
    rule: Room
    removed: bool

    @property
    def joined(self) -> bool:
        """Whether the person is in it."""
        return self.membership == "join"


async def mine(database: Database, me: str) -> list[Seen]:
    """All rooms somebody is joined to, the last heard first."""
    return [seen(row) for row in await database.read(_MINE, {"me": me})]


async def among(database: Database, me: str, rooms: Collection[str]) -> list[Seen]:
    """Those of the rooms that are known, whether or not the person may know of them."""
    if not rooms:
        return []
    return [seen(row) for row in await database.read(_AMONG, {"me": me, "rooms": sorted(rooms)})]


async def one(database: Database, me: str, reference: str) -> Seen | None:
    """The room meant, whether or not the person may know of it."""
    if "\x00" in reference:
        return None
    values = {
        "me": me,
        "reference": reference,
        "id": kith_id(reference),
        "slug": reference.lower(),
    }
    rows = await database.read(_ONE, values)
    return seen(rows[0]) if rows else None


async def spoke(database: Database, me: str, rooms: Collection[str], since: int) -> dict[str, int]:
    """When somebody last wrote into rooms (ms since 1970), looking back to `since`."""
    values = {"me": me, "rooms": list(rooms), "since": since}
    return dict(await database.read(_SPOKE, values)) if rooms else {}


def seen(row: Sequence[Any]) -> Seen:
    """A row of `COLUMNS`."""
    relation = row[28]
    people, read_only, slow_mode, managers, kept, levels, creators, creator = row[29:37]
    kind = RoomKind(row[2])
    between = (
        Relationship(
            friends=relation[0],
            i_block=relation[1],
            they_block=relation[2],
            i_asked=relation[3],
            they_asked=relation[4],
        )
        if relation
        else None
    )
    rule = Room(
        row[1],
        kind=kind,
        people=frozenset(people),
        read_only=read_only,
        slow_mode=slow_mode,
        managers=frozenset(managers),
        kept=kept,
        min_trust=Trust(row[11]),
    )
    # Without levels a room of old leaves everything to who made it.
    powers = Powers.of(levels, creators if levels is not None else [creator])
    values: Sequence[Any] = (*row[:2], kind, *row[3:28], between, powers, rule, row[37])
    return Seen(*values)
