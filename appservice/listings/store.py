# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of listings. Lists are `finding`'s business."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from appservice.database import Database, Transaction
from policy.listing import ListingStatus, PostFacts
from policy.person import Trust

COLUMNS = """
l.id, l.seller, p.display_name, p.avatar_url, l.title, l.description, l.price_minor, l.currency,
l.tags, l.city, l.country_code, l.place_id, l.status, l.images, l.allow_messages, l.revision,
l.listed_at, l.created_at, l.updated_at, l.closed_at, l.closed_by, l.close_reason
"""
FROM = """
FROM listings l JOIN people p ON p.user_id = l.seller AND p.deactivated_at IS NULL
"""
PARTED = """(
  EXISTS (SELECT FROM blocks b WHERE b.blocker = %(me)s AND b.blocked = l.seller)
  OR EXISTS (SELECT FROM blocks b WHERE b.blocker = l.seller AND b.blocked = %(me)s))"""
"""Whether a block stands between the reader and the seller; both ways hide (D17)."""

_ONE = f"""
SELECT {COLUMNS}, {PARTED} {FROM} WHERE l.id = %(id)s
"""
_SENT = f"""
SELECT {COLUMNS} {FROM} WHERE l.seller = %(me)s AND l.txn_id = %(txn)s
"""
_FACTS = """
SELECT p.trust,
  (SELECT count(*) FROM listing_posts WHERE seller = %(me)s AND at > %(since)s),
  (SELECT min(at) FROM listing_posts WHERE seller = %(me)s AND at > %(since)s),
  (SELECT count(*) FROM listings WHERE seller = %(me)s AND status IN ('draft', 'open', 'reserved'))
FROM people p WHERE p.user_id = %(me)s
"""
_ADD = """
INSERT INTO listings (id, seller, txn_id, title, description, price_minor, currency, tags, city,
  country_code, place_id, status, images, allow_messages, listed_at, created_at, updated_at)
VALUES (%(id)s, %(seller)s, %(txn)s, %(title)s, %(description)s, %(price_minor)s, %(currency)s,
  %(tags)s, %(city)s, %(country_code)s, %(place_id)s, %(status)s, %(images)s, %(allow_messages)s,
  %(now)s, %(now)s, %(now)s)
"""
_POSTED = "INSERT INTO listing_posts (seller, at) VALUES (%(seller)s, %(now)s)"
_LOCK = "SELECT id FROM listings WHERE id = %(id)s FOR UPDATE"
_CHANGE = """
UPDATE listings SET title = %(title)s, description = %(description)s,
  price_minor = %(price_minor)s, currency = %(currency)s, tags = %(tags)s, city = %(city)s,
  country_code = %(country_code)s, place_id = %(place_id)s, images = %(images)s,
  allow_messages = %(allow_messages)s, status = %(status)s, listed_at = %(listed_at)s,
  updated_at = %(now)s, closed_at = %(closed_at)s, closed_by = %(closed_by)s,
  close_reason = %(close_reason)s, revision = revision + 1
WHERE id = %(id)s
"""
_NOTE_STAFF = """
INSERT INTO audit_log (at, actor, act, target, reason, source, detail)
VALUES (%(now)s, %(by)s, 'listing_closed', %(seller)s, %(reason)s, 'admin',
        jsonb_build_object('listing_id', %(id)s::uuid, 'title', %(title)s::text))
"""


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing and who offers it.

    Attributes:
        place_id: of the gazetteer; None for a place in words.
        images: ids of pictures, in order.
        listed_at: first published; of a draft, made.
        closed_by: the seller, or a moderator.
    """

    id: UUID
    seller: str
    seller_name: str | None
    seller_avatar: str | None
    title: str
    description: str
    price_minor: int | None
    currency: str | None
    tags: Sequence[str]
    city: str | None
    country_code: str | None
    place_id: int | None
    status: ListingStatus
    images: Sequence[str]
    allow_messages: bool
    revision: int
    listed_at: datetime
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    close_reason: str | None

    @classmethod
    def of(cls, row: Sequence[Any]) -> "Listing":
        """A row of `COLUMNS`."""
        values: Sequence[Any] = (*row[:12], ListingStatus(row[12]), *row[13:22])
        return cls(*values)

    @property
    def closed_by_staff(self) -> bool:
        """Whether its seller may not open it again."""
        return self.closed_by is not None and self.closed_by != self.seller


async def one(
    reader: Database | Transaction, me: str, listing_id: UUID
) -> tuple[Listing, bool] | None:
    """A listing, and whether a block parts its seller from somebody."""
    rows = await reader.read(_ONE, {"me": me, "id": listing_id})
    return (Listing.of(rows[0]), bool(rows[0][22])) if rows else None


async def lock(tx: Transaction, listing_id: UUID) -> None:
    """Alone with a listing until the transaction ends."""
    await tx.read(_LOCK, {"id": listing_id})


async def sent(tx: Transaction, me: str, txn_id: str) -> Listing | None:
    """What an earlier request with this mark has made."""
    rows = await tx.read(_SENT, {"me": me, "txn": txn_id})
    return Listing.of(rows[0]) if rows else None


async def post_facts(tx: Transaction, me: str, now: datetime) -> PostFacts:
    """What the rules need to know before one more is posted."""
    rows = await tx.read(_FACTS, {"me": me, "since": now - timedelta(days=1)})
    trust, posted, oldest, running = rows[0]
    age = int((now - oldest).total_seconds()) if oldest else 0
    return PostFacts(Trust(trust), posted, age, running)


async def add(tx: Transaction, values: Mapping[str, Any], now: datetime) -> None:
    """Keep one more, and that it was posted."""
    await tx.read(_ADD, {**values, "images": Jsonb(values["images"]), "now": now})
    await tx.read(_POSTED, {"seller": values["seller"], "now": now})


async def change(tx: Transaction, listing: Listing, now: datetime) -> None:
    """Write everything that can change; the revision rises."""
    await tx.read(
        _CHANGE,
        {
            "id": listing.id,
            "title": listing.title,
            "description": listing.description,
            "price_minor": listing.price_minor,
            "currency": listing.currency,
            "tags": list(listing.tags),
            "city": listing.city,
            "country_code": listing.country_code,
            "place_id": listing.place_id,
            "images": Jsonb(list(listing.images)),
            "allow_messages": listing.allow_messages,
            "status": listing.status,
            "listed_at": listing.listed_at,
            "closed_at": listing.closed_at,
            "closed_by": listing.closed_by,
            "close_reason": listing.close_reason,
            "now": now,
        },
    )


async def delete(tx: Transaction, listing_id: UUID) -> None:
    """Take it away for good."""
    await tx.read("DELETE FROM listings WHERE id = %(id)s", {"id": listing_id})


async def note_staff(tx: Transaction, by: str, listing: Listing, now: datetime) -> None:
    """Write into the audit log who of the staff has closed it, and why."""
    await tx.read(
        _NOTE_STAFF,
        {
            "by": by,
            "seller": listing.seller,
            "reason": listing.close_reason,
            "id": listing.id,
            "title": listing.title,
            "now": now,
        },
    )
