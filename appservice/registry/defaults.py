# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rooms every instance starts with: The Lounge and General, made and owned by Kith (L1, D6).

Aliases make it safe to repeat: a room that was made before a kill is found by its alias.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import HomeserverRefused, Unavailable
from appservice.homeserver.port import Homeserver
from policy.ids import server_of
from policy.rooms import RoomKind
from schema.events import KIND

_REGISTER = """
INSERT INTO rooms (room_id, id, kind, creator, local, slug, name, visibility, is_default, parent,
                   created_at)
VALUES (%(room_id)s, %(id)s, %(kind)s, %(creator)s, true, %(slug)s, %(name)s, 'public', true,
        %(parent)s, %(now)s)
ON CONFLICT (room_id) DO UPDATE SET kind = excluded.kind, slug = excluded.slug, local = true,
  visibility = 'public', is_default = true, parent = excluded.parent
"""
_FIND = """
SELECT room_id FROM rooms
WHERE kind = %(kind)s AND slug = %(slug)s AND successor IS NULL AND is_default
"""


@dataclass(frozen=True, slots=True)
class DefaultRoom:
    """One of them."""

    kind: RoomKind
    slug: str
    name: str
    topic: str


LOUNGE = DefaultRoom(RoomKind.SERVER, "lounge", "The Lounge", "Where everybody meets.")
SERVICE_NAME = "Kith"
GENERAL = DefaultRoom(RoomKind.FORUM, "general", "General", "Talk about anything.")


class Defaults:
    """Makes them and brings newcomers in."""

    def __init__(self, database: Database, homeserver: Homeserver, clock: Clock) -> None:
        """Take Kith's database, the homeserver and the time."""
        self._database = database
        self._homeserver = homeserver
        self._clock = clock

    async def ensure(self) -> None:
        """Make what is missing: the service user's account and name, then the rooms."""
        own = self._homeserver.service_user
        await self._homeserver.register_service_user()
        await self._homeserver.set_profile(own, "displayname", SERVICE_NAME)
        lounge = await self._ensure(LOUNGE, None)
        await self._ensure(GENERAL, lounge)

    async def join(self, user_id: str) -> None:
        """Bring a local account into each default room it has never been in.

        Raises:
            Unavailable: the rooms are not made yet.
        """
        made = await self._database.read(_FIND, {"kind": GENERAL.kind.value, "slug": GENERAL.slug})
        if not made:
            raise Unavailable("homeserver")
        rows = await self._database.read(
            "SELECT r.room_id FROM rooms r WHERE r.is_default AND r.successor IS NULL"
            " AND NOT EXISTS (SELECT FROM memberships m"
            "                 WHERE m.room_id = r.room_id AND m.user_id = %(user_id)s)"
            " ORDER BY r.created_at",
            {"user_id": user_id},
        )
        for (room_id,) in rows:
            try:
                await self._homeserver.join(room_id, as_user=user_id)
            except HomeserverRefused:
                # Banned there, suspended, or gone: they stay out, the other rooms do not care.
                continue

    async def _ensure(self, room: DefaultRoom, parent: str | None) -> str:
        rows = await self._database.read(_FIND, {"kind": room.kind.value, "slug": room.slug})
        if rows:
            return str(rows[0][0])
        server = server_of(self._homeserver.service_user)
        room_id = await self._homeserver.resolve_alias(f"#{room.slug}:{server}")
        if room_id is None:
            room_id = await self._homeserver.create_room(
                _request(room, parent, server), as_user=None
            )
        if parent is not None:
            await self._homeserver.send_state(
                parent,
                "m.space.child",
                room_id,
                {"via": [server], "suggested": True},
                as_user=None,
            )
        async with self._database.transaction() as tx:
            await tx.read(
                _REGISTER,
                {
                    "room_id": room_id,
                    "id": self._clock.new_id(),
                    "kind": room.kind.value,
                    "creator": self._homeserver.service_user,
                    "slug": room.slug,
                    "name": room.name,
                    "parent": parent,
                    "now": self._clock.now(),
                },
            )
        return room_id


def _request(room: DefaultRoom, parent: str | None, server: str) -> Mapping[str, Any]:
    space = room.kind is RoomKind.SERVER
    state: list[dict[str, Any]] = []
    if parent is not None:
        state.append(
            {
                "type": "m.space.parent",
                "state_key": parent,
                "content": {"via": [server], "canonical": True},
            }
        )
    return {
        "preset": "public_chat",
        "visibility": "public",
        "room_alias_name": room.slug,
        "name": room.name,
        "topic": room.topic,
        "creation_content": {KIND: room.kind.value, **({"type": "m.space"} if space else {})},
        "initial_state": state,
        # In a space only its keepers add things; everywhere encryption stays off (D5).
        "power_level_content_override": {
            "events": {"m.room.encryption": 150, "m.room.tombstone": 150},
            **({"events_default": 50} if space else {}),
        },
    }
