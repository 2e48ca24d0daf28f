# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gives a group's admin the power that goes with the role, on the homeserver (D16, D25, D26).

Who leads hands it on while they are there. When they have left, the service user does: it has the
key to every group made here since Kith came, and comes in only to turn it.
"""

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from appservice.database import Database
from appservice.dms.powers import ADMIN, creators, handed_over, level_of
from appservice.errors import HomeserverRefused
from appservice.homeserver.port import Homeserver

_LOG = structlog.get_logger("kith.dms")
_LEVELS = "m.room.power_levels"
_GROUP = """
SELECT r.admin, r.creator, ARRAY(
  SELECT m.user_id FROM memberships m JOIN people p ON p.user_id = m.user_id
  WHERE m.room_id = r.room_id AND m.membership = 'join' AND p.local
    AND p.deactivated_at IS NULL AND p.kind = 'person' ORDER BY m.since, m.user_id)
FROM rooms r WHERE r.room_id = %(room_id)s
"""


class Empowering:
    """Lets power follow the role."""

    def __init__(self, database: Database, homeserver: Homeserver) -> None:
        self._database = database
        self._homeserver = homeserver

    async def pass_on(self, room_id: str, me: str, them: str) -> None:
        """As the admin who is still there, give another one what it takes.

        Raises:
            HomeserverRefused: I have not the power myself.
        """
        rows = await self._database.read(_GROUP, {"room_id": room_id})
        creator = rows[0][1] if rows else None
        levels, above = await self._powers(room_id, creator, me)
        wanted = handed_over(levels, above, me, them)
        if wanted is not None:
            await self._set(room_id, wanted, me)

    async def empower(self, room_id: str, before: str | None) -> None:
        """Give the admin of a group their power, by whoever can; a job.

        Args:
            room_id: the group.
            before: who was its admin until now.
        """
        rows = await self._database.read(_GROUP, {"room_id": room_id})
        if not rows or rows[0][0] is None or not rows[0][2]:
            # Nobody of ours is in it: what happens there is not ours to arrange.
            return
        admin, creator, local = rows[0]
        witness = admin if admin in local else local[0]
        try:
            levels, above = await self._powers(room_id, creator, witness)
            wanted = handed_over(levels, above, before, admin)
            if wanted is None:
                return
            for user_id in (before, *local):
                if user_id in local and level_of(user_id, levels, above) >= ADMIN:
                    with contextlib.suppress(HomeserverRefused):
                        await self._set(room_id, wanted, user_id)
                        return
            if level_of(self._homeserver.service_user, levels, above) >= ADMIN:
                await self._by_key(room_id, wanted, local)
            else:
                _LOG.info("group_without_key", room=room_id)
        except HomeserverRefused as error:
            _LOG.info("group_without_power", room=room_id, errcode=error.errcode)

    async def _by_key(self, room_id: str, wanted: Mapping[str, Any], local: Sequence[str]) -> None:
        # Refused when it is in there already, of an earlier run of this job.
        with contextlib.suppress(HomeserverRefused):
            service = self._homeserver.service_user
            await self._homeserver.invite(room_id, service, as_user=local[0])
        await self._homeserver.join(room_id, as_user=None)
        try:
            await self._set(room_id, wanted, None)
        finally:
            await self._homeserver.leave(room_id, as_user=None)

    async def _powers(
        self, room_id: str, creator: str | None, witness: str
    ) -> tuple[Mapping[str, Any], frozenset[str]]:
        create = await self._homeserver.get_state(room_id, "m.room.create", "", as_user=witness)
        levels = await self._homeserver.get_state(room_id, _LEVELS, "", as_user=witness)
        return levels or {}, creators(creator, create or {})

    async def _set(self, room_id: str, levels: Mapping[str, Any], as_user: str | None) -> None:
        await self._homeserver.send_state(room_id, _LEVELS, "", levels, as_user=as_user)
