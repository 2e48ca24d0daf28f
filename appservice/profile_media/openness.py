# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether everybody may see a picture, by the one rule of visibility (P2)."""

from appservice.database import Database
from appservice.profile_media.shapes import Purpose
from appservice.profile_media.store import Picture
from policy.visibility import Viewer, visible

_PROFILE = """
SELECT avatar_media, banner_media, visibility, hidden FROM profiles WHERE user_id = %(user_id)s
"""


class ProfileOpenness:
    """Asks the profile a picture belongs to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def public(self, picture: Picture) -> bool:
        """Whether the profile shows this picture, to anybody; pictures of listings never count."""
        rows = await self._database.read(_PROFILE, {"user_id": picture.user_id})
        if not rows:
            return False
        avatar, banner, settings, hidden = rows[0]
        shown = {Purpose.AVATAR.value: avatar, Purpose.BANNER.value: banner}
        seen = visible(shown, settings, Viewer.ANONYMOUS, hidden=hidden)
        return seen.get(picture.purpose) == picture.id
