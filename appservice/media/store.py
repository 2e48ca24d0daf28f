# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of uploads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from appservice.database import Database

_COLUMNS = "id, mxc, name, mime_type, size, width, height, blurhash, thumbnail, expires_at"
_ADD = """
INSERT INTO uploads (id, owner, mxc, name, mime_type, size, width, height, blurhash, thumbnail,
                     created_at, expires_at)
VALUES (%(id)s, %(owner)s, %(mxc)s, %(name)s, %(mime_type)s, %(size)s, %(width)s, %(height)s,
        %(blurhash)s, %(thumbnail)s, %(now)s, %(expires_at)s)
"""
_FIND = f"""
SELECT {_COLUMNS} FROM uploads
WHERE id = %(id)s AND owner = %(owner)s AND expires_at > %(now)s
"""  # noqa: S608 - made of constants
_USE = f"""
UPDATE uploads SET used_at = coalesce(used_at, %(now)s)
WHERE id = %(id)s AND owner = %(owner)s AND expires_at > %(now)s
RETURNING {_COLUMNS}
"""  # noqa: S608 - made of constants
_WAITING = """
SELECT count(*) FROM uploads
WHERE owner = %(owner)s AND expires_at > %(now)s AND used_at IS NULL
"""
_DROP = """
DELETE FROM uploads WHERE id = %(id)s AND owner = %(owner)s
RETURNING mxc, thumbnail ->> 'mxc', used_at IS NULL
"""
_EXPIRED = """
DELETE FROM uploads WHERE id IN (
  SELECT id FROM uploads WHERE expires_at <= %(now)s LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING mxc, thumbnail ->> 'mxc', used_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be sent; sizes in bytes and pixels.

    Attributes:
        thumbnail: mxc, mime_type, size, width, height of a small copy.
    """

    id: UUID
    mxc: str
    name: str
    mime_type: str
    size: int
    width: int | None
    height: int | None
    blurhash: str | None
    thumbnail: dict[str, Any] | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Dropped:
    """What a row that is gone stood for."""

    addresses: tuple[str, ...]
    unused: bool

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> "Dropped":
        """From a row."""
        return cls(tuple(address for address in row[:2] if address), row[2])


class UploadStore:
    """Reads and writes them; every method raises `Unavailable` when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, upload: Upload, owner: str, now: datetime) -> None:
        """Note one."""
        values = {
            "id": upload.id,
            "owner": owner,
            "mxc": upload.mxc,
            "name": upload.name,
            "mime_type": upload.mime_type,
            "size": upload.size,
            "width": upload.width,
            "height": upload.height,
            "blurhash": upload.blurhash,
            "thumbnail": Jsonb(upload.thumbnail) if upload.thumbnail else None,
            "now": now,
            "expires_at": upload.expires_at,
        }
        async with self._database.transaction() as tx:
            await tx.read(_ADD, values)

    async def find(self, owner: str, upload_id: UUID, now: datetime) -> Upload | None:
        """One of a person's own."""
        values = {"id": upload_id, "owner": owner, "now": now}
        rows = await self._database.read(_FIND, values)
        return Upload(*rows[0]) if rows else None

    async def use(self, owner: str, upload_id: UUID, now: datetime) -> Upload | None:
        """One of a person's own, which a message will carry from now on."""
        values = {"id": upload_id, "owner": owner, "now": now}
        rows = await self._database.run(_USE, values)
        return Upload(*rows[0]) if rows else None

    async def waiting(self, owner: str, now: datetime) -> int:
        """How many no message has carried yet."""
        rows = await self._database.read(_WAITING, {"owner": owner, "now": now})
        return int(rows[0][0])

    async def drop(self, owner: str, upload_id: UUID) -> Dropped | None:
        """Take one away."""
        async with self._database.transaction() as tx:
            rows = await tx.read(_DROP, {"id": upload_id, "owner": owner})
        return Dropped.of(rows[0]) if rows else None

    async def expired(self, now: datetime, limit: int) -> list[Dropped]:
        """Take those away whose time is over."""
        async with self._database.transaction() as tx:
            rows = await tx.read(_EXPIRED, {"now": now, "limit": limit})
        return [Dropped.of(row) for row in rows]
