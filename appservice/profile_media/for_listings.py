# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures of listings, which come the same way; implements `listings.pictures.Pictures`."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from appservice.clock import Clock
from appservice.database import Database, Transaction
from appservice.profile_media.shapes import Purpose
from appservice.profile_media.signing import Signer
from appservice.profile_media.tasks import forget
from policy.ids import kith_id

_READY = """
SELECT id FROM profile_media
WHERE id = ANY (%(ids)s) AND purpose = 'listing' AND status = 'ready'
  AND (%(owner)s::text IS NULL OR user_id = %(owner)s)
"""
# One picture may stand in two listings, so what is in none is found out afterwards.
_LOST = """
SELECT m.id FROM profile_media m
WHERE m.purpose = 'listing' AND m.status = 'ready' AND m.updated_at < %(before)s
  AND NOT EXISTS (SELECT FROM listings l WHERE l.seller = m.user_id AND l.images ? m.id::text)
LIMIT %(limit)s
"""
_KEPT = timedelta(days=1)
"""How long a picture waits for its listing."""
_SWEPT = 200


class ListingPictures:
    """Knows them."""

    def __init__(self, database: Database, signer: Signer, clock: Clock) -> None:
        """Take the rows, who signs links, and the time."""
        self._database = database
        self._signer = signer
        self._clock = clock

    async def ready(self, tx: Transaction, owner: str, ids: Collection[str]) -> bool:
        """Whether all of these are somebody's own, made for listings, and may be shown."""
        rows = await tx.read(_READY, {"ids": _known(ids), "owner": owner})
        return {str(row[0]) for row in rows} >= set(ids)

    async def shown(self, ids: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        """Addresses of those that may be shown, good for ten minutes; the others are absent."""
        if not ids:
            return {}
        rows = await self._database.read(_READY, {"ids": _known(ids), "owner": None})
        now = self._clock.now()
        return {
            str(row[0]): self._signer.urls(row[0], Purpose.LISTING, public=False, now=now)
            for row in rows
        }

    async def sweep(self) -> None:
        """Take away pictures that stand in no listing (any more)."""
        before = self._clock.now() - _KEPT
        async with self._database.transaction() as tx:
            for (media_id,) in await tx.read(_LOST, {"before": before, "limit": _SWEPT}):
                await forget(tx, media_id)


def _known(ids: Collection[str]) -> list[UUID]:
    return [found for found in map(kith_id, ids) if found is not None]
