# SPDX-License-Identifier: AGPL-3.0-or-later
"""The inbox: somebody's conversations with what is new in them (M1, D16)."""

from dataclasses import dataclass
from datetime import datetime

from appservice.clock import Clock, epoch_ms
from appservice.database import Database
from appservice.dms import listing
from appservice.dms.excerpts import Excerpts, LastMessage
from appservice.dms.listing import Entry, Wanted
from appservice.dms.service import DmService, Shown
from appservice.realtime.access import Access
from appservice.rooms.members import last_active


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """One line of the inbox.

    Attributes:
        entry: the row.
        shown: the conversation, and whether its reader may write.
        last_message: what was said last, if it may be told.
        last_active_at: when the other one of a 1:1 was, if they show it (D31).
    """

    entry: Entry
    shown: Shown
    last_message: LastMessage | None = None
    last_active_at: datetime | None = None


class Inbox:
    """Reads inboxes."""

    def __init__(
        self, database: Database, clock: Clock, dms: DmService, excerpts: Excerpts
    ) -> None:
        """Take Kith's database, the time, who knows conversations and who knows bodies."""
        self._database = database
        self._clock = clock
        self._dms = dms
        self._excerpts = excerpts
        self._access = Access(database)

    async def page(self, me: str, wanted: Wanted) -> list[InboxEntry]:
        """A page of my conversations (one row more than `limit` if there are more)."""
        found = await listing.page(self._database, me, wanted)
        shown = await self._dms.shown(me, [entry.conversation for entry in found])
        said = await self._excerpts.of(me, found)
        others = [entry.conversation.other_than(me) for entry in found]
        active = await self._active(me, {other for other in others if other})
        return [
            InboxEntry(entry, one, said.get(entry.conversation.room_id), active.get(other or ""))
            for entry, one, other in zip(found, shown, others, strict=True)
        ]

    async def _active(self, me: str, people: set[str]) -> dict[str, datetime | None]:
        if not people:
            return {}
        shown = {who for _, who in await self._access.sees([me], people)}
        return await last_active(self._database, shown, epoch_ms(self._clock.now()))
