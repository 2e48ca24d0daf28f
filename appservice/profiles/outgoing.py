# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes what a profile says to the homeserver (P5): the display name, which is always public."""

from appservice.database import Database
from appservice.homeserver.port import Homeserver

_NAME = "SELECT display_name FROM people WHERE user_id = %(user_id)s AND local"


class Outgoing:
    """Brings Matrix profiles in line."""

    def __init__(self, database: Database, homeserver: Homeserver) -> None:
        """Take Kith's database and the homeserver."""
        self._database = database
        self._homeserver = homeserver

    async def sync(self, user_id: str) -> None:
        """Set what differs; a job, done again until the homeserver has it."""
        rows = await self._database.read(_NAME, {"user_id": user_id})
        if not rows or rows[0][0] is None:
            return
        known = await self._homeserver.get_profile(user_id) or {}
        if known.get("displayname") != rows[0][0]:
            await self._homeserver.set_profile(user_id, "displayname", rows[0][0])
