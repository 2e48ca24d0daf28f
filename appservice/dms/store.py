# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of conversations: which exist between two people, and what one looks like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from appservice.database import Database, Transaction
from policy.ids import kith_id
from schema import facts

# Every 1:1 of the two that is still the newest of its line. Whoever ever joined is in `people`;
# whoever is only invited stands in memberships; a third person, even invited, makes it a group.
_ONE_TO_ONES = """
SELECT r.id, r.room_id, mine.membership, theirs.membership, r.kept
FROM memberships mine
JOIN memberships theirs ON theirs.room_id = mine.room_id AND theirs.user_id = %(them)s
JOIN rooms r ON r.room_id = mine.room_id
WHERE mine.user_id = %(me)s AND r.kind = 'dm' AND r.successor IS NULL AND NOT r.read_only
  AND r.people <@ ARRAY[%(me)s, %(them)s]
  AND mine.membership <> 'ban' AND theirs.membership <> 'ban'
  AND NOT EXISTS (
    SELECT FROM memberships other LEFT JOIN people p ON p.user_id = other.user_id
    WHERE other.room_id = r.room_id AND other.user_id NOT IN (%(me)s, %(them)s)
      AND other.membership IN ('join', 'invite') AND coalesce(p.kind, 'person') = 'person')
ORDER BY r.last_event_at DESC NULLS LAST, r.created_at DESC, r.room_id
"""

_ROOM = """
INSERT INTO rooms (room_id, id, kind, creator, local, name, people, created_at, admin)
VALUES (%(room_id)s, %(id)s, 'dm', %(creator)s, true, %(name)s, ARRAY[%(creator)s], %(now)s,
        %(admin)s)
ON CONFLICT (room_id) DO UPDATE SET kind = 'dm', admin = coalesce(rooms.admin, excluded.admin)
RETURNING id
"""
# Position 0: the intake's own row, from the accepted event, overwrites it when it comes.
_MEMBER = """
INSERT INTO memberships (room_id, user_id, membership, sender, event_id, stream_ordering, since)
VALUES (%(room_id)s, %(user_id)s, %(membership)s, %(sender)s, '', 0, %(now)s)
ON CONFLICT (room_id, user_id) DO NOTHING
"""

_SEEN = """
SELECT stream_ordering FROM memberships WHERE room_id = %(room_id)s AND user_id = %(user_id)s
"""
# Only over what was there before: what the intake knows by now is newer than this.
_MOVED = """
INSERT INTO memberships AS m
  (room_id, user_id, membership, sender, event_id, stream_ordering, since, joined_at)
VALUES (%(room_id)s, %(user_id)s, %(membership)s, %(sender)s, '', %(seen)s, %(now)s,
  (SELECT max(e.counts_at) FROM events e WHERE e.room_id = %(room_id)s
     AND e.counts_at IS NOT NULL AND NOT e.redacted))
ON CONFLICT (room_id, user_id) DO UPDATE SET membership = excluded.membership,
  sender = excluded.sender, event_id = '', since = excluded.since, joined_at = excluded.joined_at
WHERE m.stream_ordering = excluded.stream_ordering
"""
_HEIR = """
SELECT m.user_id FROM memberships m JOIN people p ON p.user_id = m.user_id
WHERE m.room_id = %(room_id)s AND m.membership = 'join' AND p.kind = 'person'
  AND m.user_id <> %(me)s
ORDER BY m.since, m.user_id LIMIT 1
"""

# Of `rooms r` and `mine`, the reader's own membership there.
COLUMNS = """
  r.id, r.room_id, r.name, r.people, r.read_only, r.created_at, r.kept, r.encrypted, r.admin,
  mine.membership,
  (SELECT jsonb_agg(jsonb_build_object('user_id', m.user_id, 'membership', m.membership,
     'display_name', p.display_name, 'avatar_url', p.avatar_url,
     'program', coalesce(p.kind, 'person') <> 'person') ORDER BY m.user_id)
   FROM memberships m LEFT JOIN people p ON p.user_id = m.user_id
   WHERE m.room_id = r.room_id AND (m.membership IN ('join', 'invite')
     OR m.user_id = ANY (r.people)))
"""
_DESCRIBE = f"""
SELECT {COLUMNS}
FROM rooms r
JOIN memberships mine ON mine.room_id = r.room_id AND mine.user_id = %(me)s
  AND mine.membership IN ('join', 'invite')
WHERE r.kind = 'dm' AND r.successor IS NULL
  AND (r.id = %(id)s::uuid OR r.room_id = %(room_id)s)
LIMIT 1
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class OneToOne:
    """A 1:1 and where the two stand in it."""

    id: UUID
    room_id: str
    mine: str
    theirs: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as one of its people sees it."""

    id: UUID
    room_id: str
    name: str | None
    people: frozenset[str]
    read_only: bool
    created_at: datetime
    kept: bool
    encrypted: bool
    admin: str | None
    membership: str
    participants: tuple[dict[str, Any], ...]

    @classmethod
    def of(cls, columns: Sequence[Any]) -> "Conversation":
        """One of a row's `COLUMNS`."""
        values: dict[str, Any] = dict(zip(cls.__slots__, columns, strict=True))
        values["people"] = frozenset(values["people"])
        values["participants"] = tuple(values["participants"] or ())
        return cls(**values)

    def role_of(self, user_id: str) -> str:
        """What somebody may do here: groups have one admin, a 1:1 has none (D16)."""
        return "admin" if user_id == self.admin else "member"

    def membership_of(self, user_id: str) -> str | None:
        """Somebody's membership; None for who has nothing to do with it."""
        for one in self.participants:
            if one["user_id"] == user_id:
                return str(one["membership"])
        return None

    def other_than(self, user_id: str) -> str | None:
        """The other one of a 1:1; None in a group, and where only a program is besides."""
        others = self.persons - {user_id}
        return min(others) if len(others) == 1 else None

    @property
    def group(self) -> bool:
        """Whether more than two people ever belonged to it, or are to (D16)."""
        return len(self.persons) > 2  # noqa: PLR2004 - a pair is two

    @property
    def persons(self) -> frozenset[str]:
        """Who ever belonged to it or is to, programs left out."""
        return self.people | {one["user_id"] for one in self.participants if not one["program"]}


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody's new membership, which followed on the one at position `seen`."""

    room_id: str
    user_id: str
    membership: str
    sender: str
    seen: int


async def one_to_ones(tx: Transaction, me: str, them: str) -> list[OneToOne]:
    """All 1:1s of two people, the most recently active first."""
    return [OneToOne(*row) for row in await tx.read(_ONE_TO_ONES, {"me": me, "them": them})]


async def remember(
    tx: Transaction,
    *,
    room_id: str,
    conversation_id: UUID,
    creator: str,
    invited: list[str],
    name: str | None,
    now: datetime,
) -> UUID:
    """Register a room just made, before its events come in; its Kith id.

    The intake may have been faster: then the id it gave stands.
    """
    values = {
        "room_id": room_id,
        "id": conversation_id,
        "creator": creator,
        "name": name,
        "now": now,
        "admin": creator if len(invited) > 1 else None,
    }
    rows = await tx.read(_ROOM, values)
    for user_id in (creator, *invited):
        member = {
            "room_id": room_id,
            "user_id": user_id,
            "membership": "join" if user_id == creator else "invite",
            "sender": creator,
            "now": now,
        }
        await tx.read(_MEMBER, member)
    found: UUID = rows[0][0]
    return found


async def find(reader: Database, me: str, reference: str) -> Conversation | None:
    """A conversation by its id or its room, for somebody who is in it or invited."""
    if "\x00" in reference:
        return None
    rows = await reader.read(_DESCRIBE, {"me": me, "id": kith_id(reference), "room_id": reference})
    return Conversation.of(rows[0]) if rows else None


async def seen(tx: Transaction, room_id: str, user_id: str) -> int:
    """Position of somebody's newest membership; to be read before the homeserver changes it."""
    rows = await tx.read(_SEEN, {"room_id": room_id, "user_id": user_id})
    return rows[0][0] if rows else 0


async def inviter(tx: Transaction, room_id: str, user_id: str) -> str | None:
    """Who sent the open invite."""
    return await facts.inviter(tx.read, room_id, user_id)


async def moved(tx: Transaction, move: Move, now: datetime) -> None:
    """Note what the homeserver has just accepted, so that the mover sees it at once."""
    values = {name: getattr(move, name) for name in Move.__slots__}
    await tx.read(_MOVED, {**values, "now": now})


async def heir(database: Database, room_id: str, me: str) -> str | None:
    """Who has been in a group longest, but for me; None when I am the last."""
    rows = await database.read(_HEIR, {"room_id": room_id, "me": me})
    return rows[0][0] if rows else None
