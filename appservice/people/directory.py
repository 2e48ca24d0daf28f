# SPDX-License-Identifier: AGPL-3.0-or-later
"""The people Kith has met. Somebody new is looked up at the homeserver once, then remembered."""

from typing import Any

from appservice.database import Database
from appservice.errors import HomeserverRefused, NotFound, Unavailable
from appservice.homeserver.port import Homeserver
from appservice.text import one_line
from policy.ids import is_local

_KNOWN = "SELECT deactivated_at IS NOT NULL FROM people WHERE user_id = %(user_id)s"
_REMEMBER = """
INSERT INTO people (user_id, local, display_name, avatar_url)
VALUES (%(user_id)s, %(local)s, %(name)s, %(avatar)s)
ON CONFLICT (user_id) DO NOTHING
"""
_NAME_LENGTH = 255
_FORBIDDEN = 403


class Directory:
    """Meets people."""

    def __init__(self, database: Database, homeserver: Homeserver, server_name: str) -> None:
        self._database = database
        self._homeserver = homeserver
        self._server_name = server_name

    async def meet(self, user_id: str, *, unseen: bool = False) -> None:
        """Make sure that the person exists and is remembered.

        Args:
            user_id: whom.
            unseen: whether somebody of another server is believed to exist while that server
                does not answer. Who wants to be left alone must not have to wait for it.

        Raises:
            NotFound: there is no such account, or it was deactivated.
            Unavailable: somebody new, and the homeserver (or theirs) does not answer.
        """
        rows = await self._database.read(_KNOWN, {"user_id": user_id})
        if not rows:
            try:
                profile = await self._profile(user_id)
            except Unavailable:
                if not unseen or is_local(user_id, self._server_name):
                    raise
                profile = {}
            await self._remember(user_id, profile)
        elif rows[0][0]:
            raise NotFound

    async def _profile(self, user_id: str) -> dict[str, Any]:
        try:
            profile = await self._homeserver.get_profile(user_id)
        except HomeserverRefused as error:
            # Other servers may keep profiles to themselves; that somebody exists is then believed.
            if error.status != _FORBIDDEN or is_local(user_id, self._server_name):
                raise NotFound from error
            return {}
        if profile is None:
            raise NotFound
        return profile

    async def _remember(self, user_id: str, profile: dict[str, Any]) -> None:
        name, avatar = profile.get("displayname"), profile.get("avatar_url")
        values = {
            "user_id": user_id,
            "local": is_local(user_id, self._server_name),
            "name": one_line(name, _NAME_LENGTH) or None if isinstance(name, str) else None,
            "avatar": avatar if isinstance(avatar, str) and avatar.startswith("mxc://") else None,
        }
        async with self._database.transaction() as tx:
            await tx.read(_REMEMBER, values)
