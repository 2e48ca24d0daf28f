# SPDX-License-Identifier: AGPL-3.0-or-later
"""Muted rooms, in Kith and in the push rules of the Matrix account alike.

The push rules are the truth: Kith writes them first, and reads them again when another client has.
"""

from datetime import datetime

import structlog

from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import HomeserverRefused
from appservice.homeserver.port import Rooms

_LOG = structlog.get_logger("kith.rooms")
# A rule may stand for a room, or an account, that Kith has not met.
_MUTE = """
INSERT INTO room_mutes (user_id, room_id, muted_at)
SELECT p.user_id, r.room_id, %(now)s FROM people p, rooms r
WHERE p.user_id = %(me)s AND r.room_id = %(room_id)s
ON CONFLICT DO NOTHING
"""
_UNMUTE = "DELETE FROM room_mutes WHERE user_id = %(me)s AND room_id = %(room_id)s"


class Muting:
    """Writes and mirrors them."""

    def __init__(self, database: Database, homeserver: Rooms, clock: Clock) -> None:
        self._database = database
        self._homeserver = homeserver
        self._clock = clock

    async def set(self, me: str, room_id: str, *, muted: bool) -> None:
        """Mute a room, or hear it again.

        Raises:
            HomeserverRefused: and nothing is changed here either.
        """
        await self._homeserver.mute_room(room_id, muted=muted, as_user=me)
        await self._note(me, room_id, self._clock.now(), muted=muted)

    async def mirror(self, user_id: str, room_id: str) -> None:
        """Take over what the push rules say; repeating it changes nothing.

        Raises:
            Unavailable: the homeserver or the database does not answer; to be repeated.
        """
        try:
            muted = await self._homeserver.is_muted(room_id, as_user=user_id)
        except HomeserverRefused as error:
            # An account that is closed by now.
            _LOG.info("mute_not_read", errcode=error.errcode)
            return
        await self._note(user_id, room_id, self._clock.now(), muted=muted)

    async def _note(self, me: str, room_id: str, now: datetime, *, muted: bool) -> None:
        values = {"me": me, "room_id": room_id, "now": now}
        await self._database.run(_MUTE if muted else _UNMUTE, values)
