# SPDX-License-Identifier: AGPL-3.0-or-later
"""The inbox: somebody's conversations with what is new in them (M1, D16)."""

from dataclasses import dataclass
from datetime import datetime

from appservice.database import Database
from appservice.dms import listing
from appservice.dms.listing import Wanted
from appservice.dms.service import DmService, Shown


@dataclass(frozen=True, slots=True)
class LastMessage:
    """The newest message somebody may see; `excerpt` is None when it cannot be read."""

    sender: str
    excerpt: str | None
    ts: int
    kind: str


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """One line of the inbox."""

    shown: Shown
    at: datetime
    invited_by: str | None
    last_message: LastMessage | None = None
    unread: int = 0
    mentions: int = 0
    muted: bool = False
    last_active_at: datetime | None = None


class Inbox:
    """Reads inboxes."""

    def __init__(self, database: Database, dms: DmService) -> None:
        """Take Kith's database and who knows conversations."""
        self._database = database
        self._dms = dms

    async def page(self, me: str, wanted: Wanted) -> list[InboxEntry]:
        """A page of my conversations (one row more than `limit` if there are more)."""
        found = await listing.page(self._database, me, wanted)
        shown = await self._dms.shown(me, [entry.conversation for entry in found])
        return [
            InboxEntry(one, entry.at, entry.invited_by)
            for entry, one in zip(found, shown, strict=True)
        ]
