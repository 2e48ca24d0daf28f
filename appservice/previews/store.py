# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of link previews, kept for everybody."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from appservice.database import Database

_FIND = """
SELECT id, url, found, title, description, site_name, image_width, image_height
FROM link_previews WHERE url_hash = %(hash)s AND expires_at > %(now)s
"""
_IMAGE = """
SELECT image, image_type FROM link_previews WHERE id = %(id)s AND image IS NOT NULL
"""
# A refreshed one keeps its id: pages that are open go on showing its picture.
_KEEP = """
INSERT INTO link_previews (url_hash, id, url, found, title, description, site_name, image,
                           image_type, image_width, image_height, expires_at)
VALUES (%(hash)s, %(id)s, %(url)s, %(found)s, %(title)s, %(description)s, %(site_name)s, %(image)s,
        %(image_type)s, %(image_width)s, %(image_height)s, %(expires_at)s)
ON CONFLICT (url_hash) DO UPDATE SET found = excluded.found, title = excluded.title,
  description = excluded.description, site_name = excluded.site_name, image = excluded.image,
  image_type = excluded.image_type, image_width = excluded.image_width,
  image_height = excluded.image_height, expires_at = excluded.expires_at
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A small picture that was made here; sizes in pixels."""

    data: bytes
    kind: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says about itself; all None is a page that says nothing."""

    title: str | None = None
    description: str | None = None
    site_name: str | None = None
    picture: Picture | None = None

    @property
    def found(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.title or self.description or self.picture)


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview as it is shown; `found` false is one that is known not to exist."""

    id: UUID
    url: str
    found: bool
    title: str | None
    description: str | None
    site_name: str | None
    image_width: int | None
    image_height: int | None


class PreviewStore:
    """Reads and writes them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, url: str, now: datetime) -> Preview | None:
        """What is remembered of an address."""
        rows = await self._database.read(_FIND, {"hash": _hash(url), "now": now})
        return Preview(*rows[0]) if rows else None

    async def keep(self, url: str, told: Told, new_id: UUID, expires_at: datetime) -> Preview:
        """Remember."""
        picture = told.picture
        values = {
            "hash": _hash(url),
            "id": new_id,
            "url": url,
            "found": told.found,
            "title": told.title,
            "description": told.description,
            "site_name": told.site_name,
            "image": picture.data if picture else None,
            "image_type": picture.kind if picture else None,
            "image_width": picture.width if picture else None,
            "image_height": picture.height if picture else None,
            "expires_at": expires_at,
        }
        rows = await self._database.run(_KEEP, values)
        size = (picture.width, picture.height) if picture else (None, None)
        return Preview(
            rows[0][0], url, told.found, told.title, told.description, told.site_name, *size
        )

    async def image(self, preview_id: UUID) -> tuple[bytes, str] | None:
        """A picture and its type."""
        rows = await self._database.read(_IMAGE, {"id": preview_id})
        return (bytes(rows[0][0]), rows[0][1]) if rows else None


def _hash(url: str) -> bytes:
    return hashlib.sha256(url.encode()).digest()
