# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which picture a profile shows: the one place that writes `avatar_media` and `banner_media`."""

from datetime import datetime
from uuid import UUID

from appservice.database import Transaction
from appservice.people.comparing import compare
from appservice.profile_media.shapes import Purpose

_COLUMN = {Purpose.AVATAR: "avatar_media", Purpose.BANNER: "banner_media"}
_MXC = {
    # What everybody may see has an address at the homeserver, which `profile_sync` gives it.
    Purpose.AVATAR: "UPDATE people SET avatar_url = NULL WHERE user_id = %(user_id)s",
    Purpose.BANNER: "UPDATE profiles SET banner_mxc = NULL WHERE user_id = %(user_id)s",
}


async def show(
    tx: Transaction, user_id: str, purpose: Purpose, media_id: UUID | None, now: datetime
) -> UUID | None:
    """Show a picture in a profile, or none; the one that was shown before, if it is another.

    Pictures of listings are shown by their listings.
    """
    column = _COLUMN.get(purpose)
    if column is None:
        return None
    values = {"user_id": user_id, "media_id": media_id, "now": now}
    # FOR UPDATE: two pictures that get ready together must not both stay.
    mine = f"SELECT {column} FROM profiles WHERE user_id = %(user_id)s"  # noqa: S608 - a constant
    rows = await tx.read(f"{mine} FOR UPDATE", values)
    before: UUID | None = rows[0][0] if rows else None
    if before == media_id and before is not None:
        return None
    await tx.read(
        f"INSERT INTO profiles (user_id, {column}, updated_at)"  # noqa: S608 - a constant
        " VALUES (%(user_id)s, %(media_id)s, %(now)s) ON CONFLICT (user_id) DO UPDATE"
        f" SET {column} = excluded.{column}, revision = profiles.revision + 1,"
        " updated_at = excluded.updated_at",
        values,
    )
    if media_id is None:
        await tx.read(_MXC[purpose], values)
    await compare(tx, user_id)
    return before
