# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the modules ask of Synapse itself, through its module API alone."""

from collections.abc import Sequence
from typing import Any

from synapse.api.room_versions import KNOWN_ROOM_VERSIONS
from synapse.module_api import EventBase, LoggingTransaction, ModuleApi

# Stable for years and exact in every process; the module API has no call for them.
_EVER_JOINED = """
SELECT DISTINCT user_id FROM room_memberships WHERE room_id = ? AND membership = 'join'
"""
_INVITER = """
SELECT m.sender FROM local_current_membership l
JOIN room_memberships m ON m.event_id = l.event_id
WHERE l.user_id = ? AND l.room_id = ? AND l.membership = 'invite'
"""
_SENDER = "SELECT sender FROM events WHERE event_id = ? AND room_id = ?"


class Homeserver:
    """The Synapse this process belongs to."""

    def __init__(self, api: ModuleApi) -> None:
        """Args: Synapse's module API."""
        self._api = api

    @property
    def server_name(self) -> str:
        """Of all local accounts."""
        return self._api.server_name

    def is_local(self, user_id: str) -> bool:
        """Whether the account lives here."""
        return self._api.is_mine(user_id)

    def now_ms(self) -> int:
        """Synapse's clock, in milliseconds."""
        return self._api.get_current_time_msec()

    def creators_stand_above(self, room_version: object) -> bool:
        """Whether a room's creators outrank every power level (room version 12 on).

        Args:
            room_version: as a createRoom asks for it; anything but a text means the default.
        """
        if not isinstance(room_version, str):
            # The module API does not tell the configured default.
            room_version = self._api._hs.config.server.default_room_version.identifier  # noqa: SLF001 - as said
        known = KNOWN_ROOM_VERSIONS.get(room_version)
        return known is not None and known.msc4289_creator_power_enabled

    async def create_event(self, room_id: str) -> EventBase | None:
        """The room's first event; None for a room nobody here is in."""
        state = await self._api.get_room_state(room_id, [("m.room.create", "")])
        return state.get(("m.room.create", ""))

    async def join_rule(self, room_id: str) -> str:
        """How people get in; "invite" when the room does not say."""
        state = await self._api.get_room_state(room_id, [("m.room.join_rules", "")])
        event = state.get(("m.room.join_rules", ""))
        rule = event.content.get("join_rule") if event else None
        return rule if isinstance(rule, str) else "invite"

    async def members(self, room_id: str) -> dict[str, str]:
        """Everybody's membership as it stands."""
        state = await self._api.get_room_state(room_id, [("m.room.member", None)])
        return {key: str(event.content.get("membership")) for (_, key), event in state.items()}

    async def is_joined(self, room_id: str, user_id: str) -> bool:
        """Whether the person is in the room already."""
        state = await self._api.get_room_state(room_id, [("m.room.member", user_id)])
        event = state.get(("m.room.member", user_id))
        return event is not None and event.content.get("membership") == "join"

    async def ever_joined(self, room_id: str) -> frozenset[str]:
        """Everybody who was ever in the room."""
        rows = await self._rows("kith_ever_joined", _EVER_JOINED, room_id)
        return frozenset(str(row[0]) for row in rows)

    async def inviter(self, room_id: str, user_id: str) -> str | None:
        """Who sent a local person the open invite to the room, made here or elsewhere."""
        rows = await self._rows("kith_inviter", _INVITER, user_id, room_id)
        return str(rows[0][0]) if rows else None

    async def sender_of(self, room_id: str, event_id: str) -> str | None:
        """Who sent an event of that room."""
        rows = await self._rows("kith_sender", _SENDER, event_id, room_id)
        return str(rows[0][0]) if rows else None

    async def _rows(self, name: str, sql: str, *params: str) -> Sequence[tuple[Any, ...]]:
        def ask(transaction: LoggingTransaction) -> Sequence[tuple[Any, ...]]:
            transaction.execute(sql, params)
            return transaction.fetchall()

        return await self._api.run_db_interaction(name, ask)
