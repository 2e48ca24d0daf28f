# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of profile pictures. A status only ever changes from one that is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from appservice.database import Database, Rows, Transaction
from appservice.profile_media.shapes import Crop, Purpose
from appservice.rest.cursor import Position, bounds

UNSCANNED = "scanner_unavailable"
"""Why a picture is in review that no scanner has seen yet."""

FLAGGED = "flagged"

_COLUMNS = (
    "id, user_id, purpose, status, reason, mime_type, bytes, width, height, crop, blurhash,"
    " labels, mxc, source_mxc, quiet, created_at, updated_at"
)
_ADD = """
INSERT INTO profile_media (id, user_id, purpose, bytes, created_at, updated_at)
VALUES (%(id)s, %(user_id)s, %(purpose)s, %(bytes)s, %(now)s, %(now)s)
"""
_FIND = f"SELECT {_COLUMNS} FROM profile_media WHERE id = %(id)s"  # noqa: S608 - constants
_REMOVE = f"DELETE FROM profile_media WHERE id = %(id)s RETURNING {_COLUMNS}"  # noqa: S608 - constants
_CHANGE = f"""
UPDATE profile_media SET status = %(status)s, updated_at = %(now)s,
  reason = %(reason)s,
  mime_type = coalesce(%(mime_type)s, mime_type), bytes = coalesce(%(bytes)s, bytes),
  width = coalesce(%(width)s, width), height = coalesce(%(height)s, height),
  hash = coalesce(%(hash)s, hash), crop = coalesce(%(crop)s, crop),
  blurhash = coalesce(%(blurhash)s, blurhash), labels = coalesce(%(labels)s, labels),
  judged_by = coalesce(%(judged_by)s, judged_by),
  judged_at = CASE WHEN %(judged_by)s::text IS NULL THEN judged_at ELSE %(now)s END
WHERE id = %(id)s AND status = ANY (%(before)s)
RETURNING {_COLUMNS}
"""  # noqa: S608 - made of constants
_GIVEN = ("mime_type", "bytes", "width", "height", "hash", "crop", "blurhash", "labels")
_PENDING = """
SELECT count(*) FROM profile_media WHERE user_id = %(user_id)s
  AND status IN ('waiting', 'received', 'processing', 'review') AND updated_at > %(since)s
"""
_REVIEW = f"""
SELECT {_COLUMNS} FROM profile_media WHERE status = 'review' AND created_at <= %(at)s::timestamptz
  AND (created_at < %(at)s::timestamptz OR id > %(key)s::uuid)
ORDER BY created_at DESC, id LIMIT %(limit)s
"""  # noqa: S608 - made of constants
_STALE = f"""
DELETE FROM profile_media WHERE id IN (
  SELECT id FROM profile_media WHERE updated_at < %(before)s
    AND status IN ('waiting', 'received', 'failed', 'rejected') AND source_mxc IS NULL
  LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING {_COLUMNS}
"""  # noqa: S608 - made of constants
_KNOWN = "SELECT id FROM profile_media WHERE id = ANY (%(ids)s)"
_STUCK = """
SELECT id FROM profile_media WHERE status = 'processing' AND updated_at < %(before)s LIMIT 200
"""
_NOBODY = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture; sizes in bytes and pixels of the original.

    `mxc` is where Kith put it at the homeserver, `source_mxc` where its owner did (`coming`).
    """

    id: UUID
    user_id: str
    purpose: Purpose
    status: str
    reason: str | None
    mime_type: str | None
    bytes: int
    width: int | None
    height: int | None
    crop: Crop | None
    blurhash: str | None
    labels: Sequence[str]
    mxc: str | None
    source_mxc: str | None
    quiet: bool
    created_at: datetime
    updated_at: datetime


def _picture(row: Sequence[Any]) -> Picture:
    media_id, user_id, purpose, *middle = row
    middle[6] = Crop(**middle[6]) if middle[6] else None
    return Picture(media_id, user_id, Purpose(purpose), *middle)


def _pictures(rows: Rows) -> list[Picture]:
    return [_picture(row) for row in rows]


class PictureStore:
    """Reads and writes them; every method raises `Unavailable` when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, media_id: UUID, user_id: str, purpose: Purpose, size: int, now: datetime
    ) -> None:
        """Note one that is to come."""
        values = {"id": media_id, "user_id": user_id, "purpose": purpose, "bytes": size}
        async with self._database.transaction() as tx:
            await tx.read(_ADD, {**values, "now": now})

    async def find(self, media_id: UUID) -> Picture | None:
        """One of anybody's."""
        rows = await self._database.read(_FIND, {"id": media_id})
        return _picture(rows[0]) if rows else None

    async def pending(self, user_id: str, since: datetime) -> int:
        """How many of a person are under way."""
        rows = await self._database.read(_PENDING, {"user_id": user_id, "since": since})
        return int(rows[0][0])

    async def in_review(self, after: Position | None, limit: int) -> list[Picture]:
        """A page of those staff must look at, newest first (one more if there are more)."""
        values = {**bounds(after, _NOBODY), "limit": limit + 1}
        return _pictures(await self._database.read(_REVIEW, values))

    async def stale(self, before: datetime, limit: int) -> list[Picture]:
        """Take those away that came to nothing and have not changed since."""
        async with self._database.transaction() as tx:
            return _pictures(await tx.read(_STALE, {"before": before, "limit": limit}))

    async def stuck(self, before: datetime) -> list[UUID]:
        """Those whose job seems to be lost."""
        return [row[0] for row in await self._database.read(_STUCK, {"before": before})]

    async def known(self, ids: Sequence[UUID]) -> set[UUID]:
        """Which of these there are."""
        return {row[0] for row in await self._database.read(_KNOWN, {"ids": list(ids)})}


async def change(
    tx: Transaction,
    media_id: UUID,
    status: str,
    now: datetime,
    *,
    before: Sequence[str],
    reason: str | None = None,
    judged_by: str | None = None,
    crop: Crop | None = None,
    **given: object,
) -> Picture | None:
    """Move a picture on; None when it is in none of the states `before` (any more).

    Args:
        tx: the transaction.
        media_id: which.
        status: the new one.
        now: the time.
        before: the states it may be in.
        reason: why; an absent one is cleared.
        judged_by: the member of staff whose decision this is.
        crop: the part that is shown.
        given: further columns; absent ones stay.
    """
    values = {
        **dict.fromkeys(_GIVEN),
        **given,
        "id": media_id,
        "status": status,
        "now": now,
        "before": list(before),
        "reason": reason,
        "judged_by": judged_by,
        "crop": Jsonb({name: getattr(crop, name) for name in Crop.__slots__}) if crop else None,
    }
    rows = await tx.read(_CHANGE, values)
    return _picture(rows[0]) if rows else None


async def remove(tx: Transaction, media_id: UUID) -> Picture | None:
    """Take one away."""
    rows = await tx.read(_REMOVE, {"id": media_id})
    return _picture(rows[0]) if rows else None
