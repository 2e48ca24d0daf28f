# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bot's own conversation with each person, made when it is first needed."""

from appservice.database import Database
from appservice.dms.direct import mark_direct
from appservice.errors import HomeserverRefused
from appservice.homeserver.port import Homeserver
from policy.ids import is_local
from policy.rooms import RoomKind
from schema.events import KIND

_FIND = """
SELECT b.room_id, m.membership FROM bot_rooms b
LEFT JOIN memberships m ON m.room_id = b.room_id AND m.user_id = b.user_id
WHERE b.user_id = %(who)s
"""
_SAVE = """
INSERT INTO bot_rooms (user_id, room_id) VALUES (%(who)s, %(room_id)s)
ON CONFLICT (user_id) DO UPDATE SET room_id = excluded.room_id
"""
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('bot:' || %(who)s, 0))"


class Conversations:
    """Finds or makes the room."""

    def __init__(self, database: Database, homeserver: Homeserver, server_name: str) -> None:
        """Take Kith's database, the homeserver and whose people are local."""
        self._database = database
        self._homeserver = homeserver
        self._server_name = server_name

    async def room_with(self, user_id: str, *, asked: bool) -> str:
        """The conversation with somebody.

        Args:
            user_id: with whom; Kith has met them.
            asked: whether they have just written to the bot: who left the room is brought back
                then, and otherwise only invited.
        """
        # Held while the room is made, so that two jobs do not make two.
        async with self._database.transaction() as tx:
            await tx.read(_LOCK, {"who": user_id})
            rows = await tx.read(_FIND, {"who": user_id})
            if rows and await self._usable(user_id, *rows[0], asked=asked):
                return str(rows[0][0])
            room_id = await self._make(user_id)
            await tx.read(_SAVE, {"who": user_id, "room_id": room_id})
            if is_local(user_id, self._server_name):
                await mark_direct(tx, user_id, self._homeserver.service_user, room_id)
            return room_id

    async def _usable(
        self, user_id: str, room_id: str, membership: str | None, *, asked: bool
    ) -> bool:
        # None: the intake has not seen the room yet; it was made a moment ago.
        if membership in (None, "join"):
            return True
        try:
            if membership == "leave":
                await self._homeserver.invite(room_id, user_id, as_user=None)
            if asked and is_local(user_id, self._server_name):
                await self._homeserver.join(room_id, as_user=user_id)
        except HomeserverRefused:
            return False
        return True

    async def _make(self, user_id: str) -> str:
        room_id = await self._homeserver.create_room(
            {
                "preset": "private_chat",
                "is_direct": True,
                "invite": [user_id],
                "creation_content": {KIND: RoomKind.DM.value},
            },
            as_user=None,
        )
        if is_local(user_id, self._server_name):
            await self._homeserver.join(room_id, as_user=user_id)
        return room_id
