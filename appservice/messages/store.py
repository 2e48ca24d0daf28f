# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Kith knows itself of rooms, events and people; it keeps no bodies."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from appservice.database import Database
from appservice.errors import NotFound
from appservice.media.turns import Turns
from appservice.people.blocked import blocked_by
from appservice.people.faces import Face, faces
from appservice.rooms.store import Seen, among
from policy.ids import kith_id

# A reference is Kith's id or a forum's slug for the newest room of its line, or a room id (D30).
_PLACE = """
SELECT r.room_id, r.id, r.kind, coalesce(m.membership, '')
FROM rooms r LEFT JOIN memberships m ON m.room_id = r.room_id AND m.user_id = %(me)s
WHERE r.room_id = %(reference)s
  OR (r.successor IS NULL AND (r.id = %(id)s::uuid OR (r.kind = 'forum' AND r.slug = %(slug)s)))
ORDER BY m.membership = 'join' DESC NULLS LAST LIMIT 1
"""
_PLACES = """
SELECT r.room_id, r.id, r.kind, coalesce(m.membership, '')
FROM rooms r LEFT JOIN memberships m ON m.room_id = r.room_id AND m.user_id = %(me)s
WHERE r.room_id = ANY (%(rooms)s)
"""
_NEWEST = "SELECT max(stream_ordering) FROM events WHERE room_id = %(room_id)s"
_POSITIONS = """
SELECT event_id, stream_ordering FROM events
WHERE event_id = ANY (%(ids)s) AND stream_ordering IS NOT NULL
"""
_SENT = """
SELECT event_id FROM events
WHERE sender = %(me)s AND room_id = %(room_id)s AND txn_id = %(txn_id)s
LIMIT 1
"""
_PATIENCE = "SET LOCAL lock_timeout = '10s'"
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('pins:' || %(room_id)s, 0))"
_ROOMS_AT_ONCE = 3
"""Rooms whose state is changed by one process at a time: each holds a connection meanwhile."""


@dataclass(frozen=True, slots=True)
class Place:
    """A room as one person stands to it."""

    room_id: str
    id: UUID
    kind: str
    membership: str


class MessageStore:
    """Reads the registry. Every method raises `Unavailable` when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turns = Turns(1)
        self._rooms = asyncio.Semaphore(_ROOMS_AT_ONCE)

    @asynccontextmanager
    async def alone(self, room_id: str) -> AsyncIterator[None]:
        """Alone among all processes with what is pinned in a room.

        Raises:
            Unavailable: the database is away, or others did not come to an end for ten seconds.
        """
        async with (
            self._turns.of(room_id),
            self._rooms,
            self._database.transaction() as tx,
        ):
            await tx.read(_PATIENCE)
            await tx.read(_LOCK, {"room_id": room_id})
            yield

    async def place(self, me: str, reference: str) -> Place:
        """The room meant; whether it may be read is the homeserver's to say.

        Raises:
            NotFound: Kith knows none.
        """
        if "\x00" in reference:
            raise NotFound
        values = {
            "me": me,
            "reference": reference,
            "id": kith_id(reference),
            "slug": reference.lower(),
        }
        rows = await self._database.read(_PLACE, values)
        if not rows:
            raise NotFound
        return Place(*rows[0])

    async def places(self, me: str, rooms: Collection[str]) -> list[Place]:
        """Those of the rooms that Kith knows."""
        if not rooms:
            return []
        values = {"me": me, "rooms": sorted(rooms)}
        return [Place(*row) for row in await self._database.read(_PLACES, values)]

    async def rooms(self, me: str, rooms: Collection[str]) -> list[Seen]:
        """Rooms with what they are called."""
        return await among(self._database, me, rooms)

    async def newest(self, room_id: str) -> int | None:
        """The last position that was applied; None where nothing tells positions."""
        rows = await self._database.read(_NEWEST, {"room_id": room_id})
        found: int | None = rows[0][0]
        return found

    async def positions(self, event_ids: Collection[str]) -> dict[str, int]:
        """Where events stand."""
        rows = await self._database.read(_POSITIONS, {"ids": list(event_ids)})
        return {row[0]: row[1] for row in rows}

    async def faces(self, people: Collection[str]) -> Mapping[str, Face]:
        """Names and avatars, which are public (P2)."""
        return await faces(self._database, people)

    async def hidden(self, me: str) -> frozenset[str]:
        """Whose words the person does not read (D17)."""
        return (await blocked_by(self._database, [me]))[me]

    async def sent(self, me: str, room_id: str, txn_id: str) -> str | None:
        """What the person sent under a client's own name for it, if Kith has heard of it.

        The homeserver remembers such names only for a while, and not over a restart.
        """
        values = {"me": me, "room_id": room_id, "txn_id": txn_id}
        rows = await self._database.read(_SENT, values)
        return str(rows[0][0]) if rows else None
