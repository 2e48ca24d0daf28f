# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether somebody may have a file of a room: joined now, and an event they may see carries it.

The address names the event. The homeserver is asked for it as the person, so history visibility,
redactions and edits count exactly as they do for any client, in old and foreign rooms too. The
answer is never remembered: what was removed is gone for everybody with the next request.
"""

from appservice.errors import NotFound
from appservice.homeserver.media import Stored
from appservice.homeserver.port import Homeserver
from appservice.media.uses import carried, encrypted
from appservice.realtime.access import Access
from appservice.rest.codes import Code


class RoomMedia:
    """Answers the question."""

    def __init__(self, access: Access, homeserver: Homeserver) -> None:
        """Take who is where, and whom to ask for events."""
        self._access = access
        self._homeserver = homeserver

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
        files = await self._files(me, place.room_id, event_id, address)
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
