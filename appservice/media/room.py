# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether somebody may have a file of a room: joined now, and an event they may see carries it.

The address names the event. The homeserver is asked for it as the person, so history visibility,
redactions and edits count exactly as they do for any client, in old and foreign rooms too.
"""

import time
from collections.abc import Callable

from appservice.errors import NotFound
from appservice.homeserver.media import Stored
from appservice.homeserver.port import Homeserver
from appservice.media.uses import carried, encrypted
from appservice.realtime.access import Access
from appservice.rest.codes import Code

_TRUST = 15.0
"""Seconds for which an event's files are remembered: a player asks many times for one file."""

_MOST = 20_000


class RoomMedia:
    """Answers the question, and remembers it for a moment."""

    def __init__(
        self,
        access: Access,
        homeserver: Homeserver,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take who is where, and whom to ask for events."""
        self._access = access
        self._homeserver = homeserver
        self._monotonic = monotonic
        self._seen: dict[tuple[str, str, str], tuple[dict[str, str], float]] = {}

    async def name_of(self, me: str, room: str, event_id: str, stored: Stored) -> str:
        """The file's name.

        Args:
            me: who asks; a local person.
            room: Kith's id of the room, or its room id.
            event_id: the event that carries the file.
            stored: the file.

        Raises:
            NotFound: not joined, no such event for them, or it does not carry the file.
            KithError: `encrypted_media`.
        """
        place = await self._access.find(me, room)
        if place is None:
            raise NotFound
        address = f"mxc://{stored.server}/{stored.media_id}"
        key, now = (me, place.room_id, event_id), self._monotonic()
        files, until = self._seen.get(key, ({}, 0.0))
        if until <= now or address not in files:
            files = await self._files(me, place.room_id, event_id, address)
            self._remember(key, files, now)
        if address not in files:
            raise NotFound
        return files[address]

    async def _files(self, me: str, room_id: str, event_id: str, address: str) -> dict[str, str]:
        event = await self._homeserver.event(room_id, event_id, as_user=me)
        if event is None:
            raise NotFound
        if address in encrypted(event):
            raise Code.ENCRYPTED_MEDIA.error()
        return carried(event)

    def _remember(self, key: tuple[str, str, str], files: dict[str, str], now: float) -> None:
        if len(self._seen) >= _MOST:
            self._seen = {k: v for k, v in self._seen.items() if v[1] > now}
        if len(self._seen) < _MOST:
            self._seen[key] = (files, now + _TRUST)
