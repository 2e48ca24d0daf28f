# SPDX-License-Identifier: AGPL-3.0-or-later
"""Wakes Synapse after a start: it sends what waits only when a new event comes along.

The service user writes into a room of its own; when that event is applied, intake works.
"""

import asyncio

import structlog

from appservice import metrics
from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import KithError
from appservice.homeserver.event import Event
from appservice.homeserver.port import Homeserver
from policy.ids import server_of
from policy.rooms import RoomKind
from schema.events import KIND, STATE_ROOM, WAKE_UP

_LOG = structlog.get_logger("kith.wake_up")
_ALIAS = "kith-state"
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 10.0


class WakeUp:
    """Sends the wake-up until it has come back."""

    def __init__(self, database: Database, homeserver: Homeserver, clock: Clock) -> None:
        """Take Kith's database, the homeserver, and where the mark of this start comes from."""
        self._database = database
        self._homeserver = homeserver
        self._mark = str(clock.new_id())

    def is_mine(self, event: Event) -> bool:
        """Whether this is the wake-up of this very start."""
        return (
            event.type == WAKE_UP
            and event.sender == self._homeserver.service_user
            and event.text("start") == self._mark
        )

    async def run(self, arrived: asyncio.Event) -> None:
        """Make the account and the room where they are missing, then write until it arrives."""
        pause = _FIRST_PAUSE
        while not arrived.is_set():
            try:
                await self.send()
            except KithError as error:
                metrics.ERRORS.labels("wake_up").inc()
                _LOG.warning("wake_up_waits", error=error.code)
            try:
                async with asyncio.timeout(pause):
                    await arrived.wait()
            except TimeoutError:
                pause = min(pause * 2, _LONGEST_PAUSE)

    async def send(self) -> None:
        """Write the mark into the state room."""
        await self._homeserver.register_service_user()
        room_id = await self._room()
        await self._homeserver.send_state(
            room_id, WAKE_UP, "", {"start": self._mark}, as_user=None
        )

    async def _room(self) -> str:
        # The alias is what makes creation safe to repeat after a kill.
        alias = f"#{_ALIAS}:{server_of(self._homeserver.service_user)}"
        found = await self._homeserver.resolve_alias(alias)
        if found is not None:
            return found
        return await self._homeserver.create_room(
            {
                "preset": "private_chat",
                "name": "Kith",
                "room_alias_name": _ALIAS,
                "creation_content": {"type": STATE_ROOM, KIND: RoomKind.DM.value},
            },
            as_user=None,
        )
