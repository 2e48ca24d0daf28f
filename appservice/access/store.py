# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of sessions, set-up links and staff; and how secrets are kept: never as they are."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from appservice.database import Database, Transaction

# Programs do not sign in: a bridge's or bot's token must not act on Kith's API (D40).
_SESSION = """
SELECT s.user_id, p.local, st.role, s.expires_at
FROM sessions s JOIN people p USING (user_id) LEFT JOIN staff st USING (user_id)
WHERE s.token_hash = %(hash)s AND s.expires_at > %(now)s
  AND p.deactivated_at IS NULL AND p.kind = 'person'
"""
_PERSON = """
SELECT p.local, st.role, p.deactivated_at IS NULL AND p.kind = 'person'
FROM people p LEFT JOIN staff st USING (user_id) WHERE p.user_id = %(user_id)s
"""
_START = """
INSERT INTO sessions (token_hash, user_id, csrf_hash, created_at, last_seen_at, expires_at)
VALUES (%(hash)s, %(user_id)s, %(csrf)s, %(now)s, %(now)s, %(expires)s)
"""
_BEGAN = "SELECT created_at FROM sessions WHERE token_hash = %(hash)s"
_END = "DELETE FROM sessions WHERE token_hash = %(hash)s"
_CARD = """
SELECT p.display_name, p.avatar_url, s.role
FROM people p LEFT JOIN staff s USING (user_id) WHERE p.user_id = %(user_id)s
"""
_LINK = """
SELECT true FROM setup_links
WHERE token_hash = %(hash)s AND used_at IS NULL AND expires_at > %(now)s
"""
_USE_LINK = "UPDATE setup_links SET used_at = %(now)s WHERE token_hash = %(hash)s"
_APPOINT = """
WITH made AS (
  INSERT INTO people (user_id, local) VALUES (%(user_id)s, true)
  ON CONFLICT (user_id) DO UPDATE SET local = true RETURNING user_id
)
INSERT INTO staff (user_id, role, granted_at) SELECT user_id, 'admin', %(now)s FROM made
ON CONFLICT (user_id) DO UPDATE SET role = 'admin'
"""


@dataclass(frozen=True, slots=True)
class Session:
    """A session that holds."""

    user_id: str
    local: bool
    staff: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What the people table says of somebody who proved who they are."""

    local: bool
    staff: str | None
    welcome: bool


def digest(secret: str) -> bytes:
    """What is kept of a random secret: enough to know it again, useless to who reads it."""
    # A header may hold bytes that are no text; they only have to be no token.
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


async def session(database: Database, token_hash: bytes, now: datetime) -> Session | None:
    """The session behind a token."""
    rows = await database.read(_SESSION, {"hash": token_hash, "now": now})
    return Session(*rows[0]) if rows else None


async def known(database: Database, user_id: str) -> Known | None:
    """The person, if Kith has met them."""
    rows = await database.read(_PERSON, {"user_id": user_id})
    return Known(*rows[0]) if rows else None


async def card(database: Database, user_id: str) -> tuple[str | None, str | None, str | None]:
    """Name, avatar and staff role."""
    rows = await database.read(_CARD, {"user_id": user_id})
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else (None, None, None)


async def start(
    tx: Transaction,
    user_id: str,
    *,
    token_hash: bytes,
    csrf_hash: bytes,
    now: datetime,
    expires: datetime,
) -> None:
    """Store a new session."""
    values = {"hash": token_hash, "csrf": csrf_hash, "now": now, "expires": expires}
    await tx.read(_START, {"user_id": user_id, **values})


async def began(database: Database, token_hash: bytes) -> datetime | None:
    """When a session was started."""
    rows = await database.read(_BEGAN, {"hash": token_hash})
    return rows[0][0] if rows else None


async def end(tx: Transaction, token_hash: bytes) -> None:
    """Forget a session."""
    await tx.read(_END, {"hash": token_hash})


async def link_is_good(database: Database, token_hash: bytes, now: datetime) -> bool:
    """Whether a set-up link can still be used."""
    return bool(await database.read(_LINK, {"hash": token_hash, "now": now}))


async def hold_link(tx: Transaction, token_hash: bytes, now: datetime) -> bool:
    """The same, alone with the link until the transaction ends."""
    return bool(await tx.read(_LINK + " FOR UPDATE", {"hash": token_hash, "now": now}))


async def use_link(tx: Transaction, token_hash: bytes, user_id: str, now: datetime) -> None:
    """Spend the link on a first administrator."""
    await tx.read(_APPOINT, {"user_id": user_id, "now": now})
    await tx.read(_USE_LINK, {"hash": token_hash, "now": now})
