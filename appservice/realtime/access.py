# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may hear which room, from Kith's registry; and whose words somebody does not read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from appservice.database import Database, Rows
from appservice.errors import Denied
from appservice.people.blocked import blocked_by
from policy.ids import kith_id
from policy.rooms import may_join
from policy.verdict import Deny
from schema import facts

# A reference is Kith's id or a forum's slug for the newest room of its line, or a room id (D30).
_FIND = """
SELECT r.room_id, r.id, r.kind = 'dm', m.stream_ordering, r.min_trust
FROM rooms r JOIN memberships m ON m.room_id = r.room_id
WHERE m.user_id = %(user_id)s AND m.membership = 'join'
  AND (r.room_id = %(reference)s OR (r.successor IS NULL AND (r.id = %(id)s::uuid
    OR (r.kind = 'forum' AND r.slug = lower(%(reference)s)))))
LIMIT 1
"""
_MEMBERSHIP = """
SELECT membership FROM memberships WHERE room_id = %(room_id)s AND user_id = %(user_id)s
"""
_JOINED = """
SELECT user_id, stream_ordering FROM memberships
WHERE room_id = %(room_id)s AND user_id = ANY (%(people)s) AND membership = 'join'
"""
# A sign-in that ended, an account that is gone: their sockets close.
_WELCOME = """
SELECT given.user_id, given.session
FROM unnest(%(people)s::text[], %(sessions)s::text[]) AS given(user_id, session)
JOIN people p ON p.user_id = given.user_id AND p.deactivated_at IS NULL
WHERE given.session IS NULL OR EXISTS (
  SELECT FROM sessions s WHERE s.token_hash = decode(given.session, 'hex')
    AND s.expires_at > %(now)s::timestamptz)
"""
# Friends and people sharing a room, never the blocked, and as the one who is seen wishes (D31).
_SEES = """
SELECT given.reader, given.seen, CASE p.presence_visibility
  WHEN 'all' THEN true WHEN 'friends' THEN tie.friends ELSE false END
FROM unnest(%(readers)s::text[]) AS r(reader) CROSS JOIN unnest(%(people)s::text[]) AS s(seen)
CROSS JOIN LATERAL (SELECT r.reader, s.seen) AS given
JOIN people p ON p.user_id = given.seen
CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM friendships f
  WHERE f.user_id = given.reader AND f.friend_id = given.seen) AS friends) AS tie
WHERE given.reader <> given.seen
  AND NOT EXISTS (SELECT FROM blocks b
    WHERE (b.blocker, b.blocked) IN ((given.reader, given.seen), (given.seen, given.reader)))
  AND (tie.friends OR EXISTS (SELECT FROM memberships mine
    JOIN memberships theirs ON theirs.room_id = mine.room_id
      AND theirs.user_id = given.seen AND theirs.membership = 'join'
    WHERE mine.user_id = given.reader AND mine.membership = 'join'))
"""
# A commit may come a while after the time that its change was given.
_KEPT_SINCE = """
SELECT user_id FROM people
WHERE presence_kept_since > coalesce(%(at)s::timestamptz, now()) - interval '1 minute'
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A room somebody is joined to.

    Attributes:
        since: position of the membership.
        min_trust: what it asks of its people; 0 for nothing.
    """

    room_id: str
    id: UUID
    direct: bool
    since: int
    min_trust: int = 0


class Access:
    """Reads the registry. Every method raises `Unavailable` when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, user_id: str, reference: str) -> Place | None:
        """The room meant, if the person is joined to it."""
        if "\x00" in reference:
            return None
        values = {"user_id": user_id, "reference": reference, "id": kith_id(reference)}
        rows = await self._database.read(_FIND, values)
        return Place(*rows[0]) if rows else None

    async def trusts(self, user_id: str, place: Place) -> None:
        """Make sure that somebody is trusted enough for a room they are in.

        Raises:
            Denied: they are not, or not any more.
        """
        room = await facts.room(self._database.read, place.room_id) if place.min_trust else None
        if room is not None:
            verdict = may_join(room, await facts.person(self._database.read, user_id))
            if isinstance(verdict, Deny):
                raise Denied.by(verdict)

    async def membership(self, user_id: str, room_id: str) -> str | None:
        """How somebody stands in a room; None who was never in it."""
        values = {"room_id": room_id, "user_id": user_id}
        rows = await self._database.read(_MEMBERSHIP, values)
        return str(rows[0][0]) if rows else None

    async def joined(self, room_id: str, people: Collection[str]) -> dict[str, int]:
        """Who of them is joined, by which position."""
        values = {"room_id": room_id, "people": list(people)}
        return {row[0]: row[1] for row in await self._database.read(_JOINED, values)}

    async def blocked_by(self, people: Collection[str]) -> dict[str, frozenset[str]]:
        """Whom each of them has blocked."""
        return await blocked_by(self._database, people)

    async def welcome(
        self, sign_ins: Collection[tuple[str, str | None]], now: object
    ) -> set[tuple[str, str | None]]:
        """Which sign-ins (person, hash of the session in hex) are still good."""
        given = list(sign_ins)
        values = {
            "people": [user_id for user_id, _ in given],
            "sessions": [session for _, session in given],
            "now": now,
        }
        return {(row[0], row[1]) for row in await self._database.read(_WELCOME, values)}

    async def sees(
        self, readers: Collection[str], people: Collection[str]
    ) -> set[tuple[str, str]]:
        """Pairs of who may see whose presence."""
        return {(row[0], row[1]) for row in await self._presence(readers, people) if row[2]}

    async def hidden(
        self, readers: Collection[str], people: Collection[str]
    ) -> set[tuple[str, str]]:
        """Pairs of who would see whose presence, did the latter not keep it to themselves."""
        return {(row[0], row[1]) for row in await self._presence(readers, people) if not row[2]}

    async def kept_since(self, at: datetime | None) -> set[str]:
        """Who has begun to show their presence to fewer; None is a minute ago."""
        return {row[0] for row in await self._database.read(_KEPT_SINCE, {"at": at})}

    async def _presence(self, readers: Collection[str], people: Collection[str]) -> Rows:
        values = {"readers": list(readers), "people": list(people)}
        return await self._database.read(_SEES, values)
