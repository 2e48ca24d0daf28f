# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds events that a foreign Synapse never sent, by reading rooms as one of their members.

Used only where Synapse's database cannot be read. It sees neither remote invites nor soft-failed
events; both come by push alone there.
"""

import asyncio
from typing import Any

import structlog

from appservice import metrics
from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import HomeserverRefused, KithError
from appservice.homeserver.event import LATE
from appservice.homeserver.inbox import Inbox
from appservice.homeserver.port import Homeserver

_LOG = structlog.get_logger("kith.history")
_EVERY = 60.0
_PAGE = 100
_MOST_PAGES = 200
_ROOMS = """
SELECT r.room_id, last.event_id, member.user_id
FROM rooms r
CROSS JOIN LATERAL (SELECT e.event_id FROM events e WHERE e.room_id = r.room_id
                    ORDER BY e.origin_server_ts DESC LIMIT 1) AS last
CROSS JOIN LATERAL (SELECT m.user_id FROM memberships m JOIN people p USING (user_id)
                    WHERE m.room_id = r.room_id AND m.membership = 'join' AND p.local
                    LIMIT 1) AS member
ORDER BY r.last_event_at DESC NULLS LAST
LIMIT 500
"""
_KNOWN = "SELECT event_id FROM events WHERE event_id = ANY (%(ids)s)"


class History:
    """Compares what rooms hold with what was applied."""

    def __init__(self, database: Database, homeserver: Homeserver, clock: Clock) -> None:
        """Take Kith's database, the homeserver and the time."""
        self._database = database
        self._homeserver = homeserver
        self._clock = clock
        self._inbox = Inbox(database)

    async def run(self, held: asyncio.Event) -> None:
        """Look at the start and every minute."""
        while True:
            await held.wait()
            try:
                await self.look()
            except KithError as error:
                metrics.ERRORS.labels("history").inc()
                _LOG.warning("history_waits", error=error.code)
            await asyncio.sleep(_EVERY)

    async def look(self) -> int:
        """Put what is missing into the inbox, for the most recently active rooms.

        Returns:
            How many events were missing.
        """
        found = 0
        for room_id, event_id, member in await self._database.read(_ROOMS):
            try:
                found += await self._room(room_id, event_id, member)
            except HomeserverRefused as error:
                # Left meanwhile, or the room is gone: nothing to be seen from here.
                _LOG.info("history_hidden", error=error.errcode)
        metrics.FILLED.inc(found)
        return found

    async def _room(self, room_id: str, last: str, member: str) -> int:
        token = await self._homeserver.position_of(room_id, last, as_user=member)
        found = 0
        for _ in range(_MOST_PAGES):
            events, token = await self._homeserver.events_after(
                room_id, token, _PAGE, as_user=member
            )
            found += await self._missing(room_id, events)
            if not events or token is None:
                break
        return found

    async def _missing(self, room_id: str, events: list[dict[str, Any]]) -> int:
        ids = [event.get("event_id") for event in events]
        known = {row[0] for row in await self._database.read(_KNOWN, {"ids": ids})}
        missing = [
            {**event, "room_id": room_id, LATE: True}
            for event in events
            if event.get("event_id") not in known
        ]
        if missing:
            await self._inbox.store(
                f"history:{missing[0]['event_id']}", missing, self._clock.now()
            )
        return len(missing)
