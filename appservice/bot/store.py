# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the bot remembers and looks up: conversations, prompts, and lists it reads aloud."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from appservice.database import Database

_FRIENDS = """
SELECT f.friend_id, p.display_name FROM friendships f JOIN people p ON p.user_id = f.friend_id
WHERE f.user_id = %(me)s ORDER BY f.created_at DESC, f.friend_id LIMIT %(limit)s
"""
_RECEIVED = """
SELECT r.id, r.requester, p.display_name, r.message FROM friend_requests r
JOIN people p ON p.user_id = r.requester
WHERE r.recipient = %(me)s AND r.status = 'pending' AND r.expires_at > %(now)s
ORDER BY r.created_at DESC LIMIT %(limit)s
"""
# A decline is silent: to whoever asked it goes on looking like a request that waits (D39).
_SENT = """
SELECT r.id, r.recipient, p.display_name, r.message FROM friend_requests r
JOIN people p ON p.user_id = r.recipient
WHERE r.requester = %(me)s AND r.status IN ('pending', 'declined') AND r.withdrawn_at IS NULL
  AND r.expires_at > %(now)s
ORDER BY r.created_at DESC LIMIT %(limit)s
"""
_REQUEST = """
SELECT r.requester, r.recipient, r.status, r.message, r.reminded_at IS NOT NULL, p.display_name,
       q.display_name
FROM friend_requests r JOIN people p ON p.user_id = r.requester
JOIN people q ON q.user_id = r.recipient AND q.deactivated_at IS NULL
WHERE r.id = %(id)s
"""
_PROMPT = """
INSERT INTO bot_prompts (event_id, recipient, request_id, room_id)
VALUES (%(event_id)s, %(recipient)s, %(request_id)s, %(room_id)s) ON CONFLICT DO NOTHING
"""
_SLOW = """
UPDATE rooms SET slow_mode = %(seconds)s
WHERE room_id = %(room_id)s AND kind IN ('forum', 'channel', 'circle') RETURNING name
"""
_LISTING = """
SELECT l.seller, l.title, l.close_reason FROM listings l
JOIN people p ON p.user_id = l.seller AND p.deactivated_at IS NULL
WHERE l.id = %(id)s AND l.status = 'closed' AND l.closed_by <> l.seller
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A person, and the request or note that names them."""

    user_id: str
    display_name: str | None
    request_id: UUID | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A friend request as the bot tells of it."""

    requester: Named
    recipient: Named
    status: str
    reminded: bool


@dataclass(frozen=True, slots=True)
class ClosedListing:
    """A listing that staff has closed."""

    seller: str
    title: str
    reason: str | None


class BotStore:
    """Reads and writes for the bot."""

    def __init__(self, database: Database) -> None:
        """Take Kith's database."""
        self.database = database

    async def friends(self, me: str, limit: int) -> list[Named]:
        """The newest friends."""
        rows = await self.database.read(_FRIENDS, {"me": me, "limit": limit})
        return [Named(*row) for row in rows]

    async def received(self, me: str, now: datetime, limit: int) -> list[Named]:
        """Requests that wait for this person's answer."""
        rows = await self.database.read(_RECEIVED, {"me": me, "now": now, "limit": limit})
        return [Named(who, name, request, note) for request, who, name, note in rows]

    async def sent(self, me: str, now: datetime, limit: int) -> list[Named]:
        """Requests of this person that wait, as far as they may know."""
        rows = await self.database.read(_SENT, {"me": me, "now": now, "limit": limit})
        return [Named(who, name, request, note) for request, who, name, note in rows]

    async def request(self, request_id: UUID) -> Request | None:
        """One request; None when it or its recipient is gone."""
        rows = await self.database.read(_REQUEST, {"id": request_id})
        if not rows:
            return None
        requester, recipient, status, note, reminded, name, other = rows[0]
        return Request(
            Named(requester, name, request_id, note), Named(recipient, other), status, reminded
        )

    async def closed_listing(self, listing_id: UUID) -> ClosedListing | None:
        """One that staff has closed; None when it is gone, or its seller is."""
        rows = await self.database.read(_LISTING, {"id": listing_id})
        return ClosedListing(*rows[0]) if rows else None

    async def is_staff(self, user_id: str) -> bool:
        """Whether the person is staff of this instance (D25)."""
        rows = await self.database.read(
            "SELECT 1 FROM staff WHERE user_id = %(user_id)s", {"user_id": user_id}
        )
        return bool(rows)

    async def prompt(self, event_id: str) -> UUID | None:
        """The request a prompt is about."""
        rows = await self.database.read(
            "SELECT request_id FROM bot_prompts WHERE event_id = %(id)s", {"id": event_id}
        )
        return rows[0][0] if rows else None

    async def add_prompt(
        self, event_id: str, recipient: str, request_id: UUID, room_id: str
    ) -> None:
        """Remember a message that can be answered by a reaction or a reply."""
        await self.database.run(
            _PROMPT,
            {
                "event_id": event_id,
                "recipient": recipient,
                "request_id": request_id,
                "room_id": room_id,
            },
        )

    async def slow_mode(self, room_id: str, seconds: int) -> bool:
        """Set a room's slow mode; False where there is none (D22)."""
        async with self.database.transaction() as tx:
            return bool(await tx.read(_SLOW, {"room_id": room_id, "seconds": seconds}))
