# SPDX-License-Identifier: AGPL-3.0-or-later
"""Use cases of reading: what is unread, reading up to an event, who else has read.

Kith's own marks are what counts are made of. The homeserver is told so that other clients of the
person, and other people, know; while it is away the mark holds all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import HomeserverRefused, NotFound, Unavailable
from appservice.homeserver.port import Rooms
from appservice.realtime.access import Access
from appservice.registry import marks
from appservice.registry.marks import Mark
from appservice.unread import store
from appservice.unread.store import Counted

_LOG = structlog.get_logger("kith.unread")
_MOST_RECEIPTS = 200
_RECEIPTS = """
SELECT r.user_id, p.display_name, p.avatar_url, r.shown_event_id, r.shown_at
FROM read_marks r
JOIN memberships m ON m.room_id = r.room_id AND m.user_id = r.user_id AND m.membership = 'join'
LEFT JOIN people p ON p.user_id = r.user_id
WHERE r.room_id = %(room_id)s AND r.thread = '' AND r.shown_position IS NOT NULL
  AND r.user_id <> %(me)s
  AND NOT EXISTS (SELECT FROM blocks b
    WHERE (b.blocker, b.blocked) IN ((%(me)s, r.user_id), (r.user_id, %(me)s)))
ORDER BY r.shown_position DESC, r.user_id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """How far somebody has read, as others may know it."""

    user_id: str
    display_name: str | None
    avatar_url: str | None
    event_id: str
    at: datetime | None


class UnreadService:
    """Counts and marks."""

    def __init__(
        self, database: Database, clock: Clock, homeserver: Rooms, *, ordered: bool
    ) -> None:
        """Args: Kith's database; time; intents; whether events have Synapse's own positions."""
        self._database = database
        self._clock = clock
        self._homeserver = homeserver
        self._access = Access(database)
        self._ordered = ordered

    async def of(self, me: str) -> list[Counted]:
        """All my rooms with their counts."""
        return await store.of_people(self._database, [me])

    async def read(
        self,
        me: str,
        reference: str,
        event_id: str,
        *,
        private: bool = False,
        thread_root: str | None = None,
    ) -> Counted:
        """Say that I have read a room, or a thread of it, up to an event.

        Who has read the last message of the room has read the threads too.

        Returns:
            The room's counts as they are now.

        Raises:
            NotFound: the room is not mine, or the homeserver does not know the event.
        """
        place = await self._access.find(me, reference)
        if place is None:
            raise NotFound
        known = await self._mark(me, place.room_id, event_id, thread_root, shown=not private)
        try:
            await self._homeserver.send_receipt(
                place.room_id, event_id, as_user=me, private=private, thread_root=thread_root
            )
        except (HomeserverRefused, Unavailable) as error:
            if not known:
                raise
            _LOG.info("receipt_not_told", error=error.code)
        counted = await store.of_pairs(self._database, [(me, place.room_id)])
        if not counted:
            raise NotFound
        return counted[0]

    async def receipts(self, me: str, reference: str) -> Sequence[Receipt]:
        """How far others have read a room of mine.

        Raises:
            NotFound: the room is not mine.
        """
        place = await self._access.find(me, reference)
        if place is None:
            raise NotFound
        values = {"me": me, "room_id": place.room_id, "limit": _MOST_RECEIPTS}
        return [Receipt(*row) for row in await self._database.read(_RECEIPTS, values)]

    async def _mark(
        self, me: str, room_id: str, event_id: str, thread_root: str | None, *, shown: bool
    ) -> bool:
        """Move my mark; False when Kith does not know the event (yet)."""
        async with self._database.transaction() as tx:
            found = await store.place_of(tx, room_id, event_id, ordered=self._ordered)
            if found is None:
                return False
            position = found[0]
            if thread_root is None:
                position = await store.end_of(tx, room_id, me, position)
            at = self._clock.now()
            made = Mark(me, room_id, thread_root or "", event_id, position, shown, at)
            await marks.move(tx, [made])
            return True
