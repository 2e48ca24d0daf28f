# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a sync has to know of a person, and what it remembers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from appservice.database import Database
from appservice.people.locks import lock_person
from appservice.profile_media.coming import Coming
from appservice.profile_sync.fields import Values

_STATE = """
SELECT m.written, coalesce(f.revision, 0) > 0, p.avatar_url, f.banner_mxc,
       f.avatar_media, a.mxc, a.source_mxc, f.banner_media, b.mxc, b.source_mxc,
       ac.source_mxc, ac.status, ac.reason, ac.quiet, bc.source_mxc, bc.status, bc.reason, bc.quiet
FROM people p
LEFT JOIN profiles f USING (user_id)
LEFT JOIN matrix_profile m USING (user_id)
LEFT JOIN profile_media a ON a.id = f.avatar_media
LEFT JOIN profile_media b ON b.id = f.banner_media
LEFT JOIN profile_media ac ON ac.user_id = p.user_id AND ac.purpose = 'avatar'
  AND ac.source_mxc IS NOT NULL AND ac.status <> 'ready'
LEFT JOIN profile_media bc ON bc.user_id = p.user_id AND bc.purpose = 'banner'
  AND bc.source_mxc IS NOT NULL AND bc.status <> 'ready'
WHERE p.user_id = %(user_id)s AND p.local AND p.kind = 'person' AND p.deactivated_at IS NULL
"""
_AGREE = """
INSERT INTO matrix_profile (user_id, written, checked_at)
VALUES (%(user_id)s, %(written)s::jsonb, %(now)s)
ON CONFLICT (user_id) DO UPDATE SET written = excluded.written, checked_at = excluded.checked_at
"""
_OLDEST = """
SELECT p.user_id FROM people p LEFT JOIN matrix_profile m USING (user_id)
WHERE p.local AND p.kind = 'person' AND p.deactivated_at IS NULL
  AND (m.user_id IS NULL OR m.checked_at < %(before)s)
ORDER BY m.checked_at NULLS FIRST, p.user_id LIMIT %(limit)s
"""
_MXC = "UPDATE profile_media SET mxc = %(mxc)s WHERE id = %(id)s"
# What was closed since the addresses were found stays closed; a banner is closed unless opened.
_AVATAR = """
UPDATE people SET avatar_url = %(mxc)s
WHERE user_id = %(user_id)s AND avatar_url IS DISTINCT FROM %(mxc)s
  AND (%(mxc)s::text IS NULL OR NOT EXISTS (SELECT FROM profiles f
    WHERE f.user_id = people.user_id AND f.visibility ->> 'avatar' <> 'public'))
"""
_BANNER = """
UPDATE profiles SET banner_mxc = %(mxc)s
WHERE user_id = %(user_id)s AND banner_mxc IS DISTINCT FROM %(mxc)s
  AND (%(mxc)s::text IS NULL OR (visibility ->> 'banner' = 'public' AND NOT hidden))
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of a profile.

    Attributes:
        told: the address at the homeserver that others are told.
        media_id: which it is, when its variants were made here.
        mxc: the address that was reserved for it.
        source: its owner's own address, when it was set in a Matrix client.
        coming: one that was set in a Matrix client and is not shown (yet).
    """

    told: str | None
    media_id: UUID | None = None
    mxc: str | None = None
    source: str | None = None
    coming: Coming | None = None

    @property
    def settled(self) -> bool:
        """Whether the homeserver is known to have it."""
        return self.media_id is None or (self.mxc is not None and self.mxc == self.told)

    @property
    def left(self) -> str | None:
        """What Matrix has and keeps until it is known what becomes of it."""
        return self.coming.mxc if self.coming is not None and self.coming.left else None

    def wanted(self, agreed: object, there: object) -> str | None:
        """What Matrix is to have, as far as that is known without asking the homeserver.

        Args:
            agreed: what both had last.
            there: what Matrix has.
        """
        if self.coming is not None and agreed == self.coming.mxc != there:
            # Turning that back was no choice which could hold against a newer one.
            return self.coming.mxc
        if self.left or self.media_id is None:
            return self.left or self.told
        return self.source or self.mxc or f"made:{self.media_id}"


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a person's two profiles.

    Attributes:
        agreed: what both were last; None when they were never compared.
        edited: the profile was edited in Kith at least once.
        avatar: the avatar.
        banner: the banner.
    """

    agreed: Values | None
    edited: bool
    avatar: Shown
    banner: Shown


class SyncStore:
    """Reads and writes it; every method raises `Unavailable` when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def state(self, user_id: str) -> State | None:
        """Of one local person who is still there."""
        rows = await self._database.read(_STATE, {"user_id": user_id})
        if not rows:
            return None
        agreed, edited, avatar, banner, *made = rows[0]
        return State(
            agreed,
            edited,
            _shown(avatar, made[:3], made[6:10]),
            _shown(banner, made[3:6], made[10:]),
        )

    async def agree(self, user_id: str, written: Mapping[str, Any], now: datetime) -> None:
        """Remember what both are now."""
        values = {"user_id": user_id, "written": json.dumps(dict(written)), "now": now}
        await self._database.run(_AGREE, values)

    async def oldest(self, before: datetime, limit: int) -> list[str]:
        """Whose profiles were compared longest ago, and not since."""
        rows = await self._database.read(_OLDEST, {"before": before, "limit": limit})
        return [row[0] for row in rows]

    async def set_mxc(self, media_id: UUID, mxc: str | None) -> None:
        """Remember where the homeserver has a picture."""
        await self._database.run(_MXC, {"id": media_id, "mxc": mxc})

    async def show_addresses(self, user_id: str, avatar: str | None, banner: str | None) -> None:
        """Say what addresses at the homeserver everybody may be told."""
        async with self._database.transaction() as tx:
            await lock_person(tx, user_id)
            await tx.read(_AVATAR, {"user_id": user_id, "mxc": avatar})
            await tx.read(_BANNER, {"user_id": user_id, "mxc": banner})


def _shown(told: str | None, made: Sequence[Any], coming: Sequence[Any]) -> Shown:
    media_id, mxc, source = made
    next_one = Coming(*coming) if coming[0] is not None else None
    return Shown(told, media_id, mxc, source, next_one)
