# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hears of blocks, accounts, presence and counts with their commit, in every process (NOTIFY)."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from datetime import datetime

import psycopg
import structlog

from appservice.errors import Unavailable
from appservice.realtime.people import People
from appservice.realtime.presence import Presence
from appservice.realtime.unread import UnreadFeed
from schema.channels import FACTS, UNREAD

_LOG = structlog.get_logger("kith.realtime")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_QUIET = 15.0
"""Seconds without a notification after which the connection is tried."""

_RELATIONSHIP, _PERSON = "relationship:", "person:"


class Facts:
    """One connection that listens."""

    def __init__(
        self,
        url: str,
        people: People,
        unread: UnreadFeed,
        presence: Presence,
        welcome: Callable[[Collection[str] | None], Awaitable[None]],
    ) -> None:
        """Take where to listen, and whom to tell.

        Args:
            url: Kith's database.
            people: whose blocks are read anew.
            unread: who counts.
            presence: who is seen.
            welcome: closes what some people, or all, have open without being let in any more.
        """
        self._url = url
        self._people = people
        self._unread = unread
        self._presence = presence
        self._welcome = welcome
        self._heard_at: datetime | None = None

    async def run(self) -> None:
        """Listen for ever; after every loss everything is read anew."""
        pause = _FIRST_PAUSE
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, connect_timeout=5
                ) as connection:
                    await connection.execute(f"LISTEN {FACTS}".encode())
                    await connection.execute(f"LISTEN {UNREAD}".encode())
                    await self._people.reread(tuple(self._people.here))
                    self._unread.recount()
                    await self._welcome(None)
                    await self._presence.reread(self._heard_at)
                    self._heard_at = await _now(connection)
                    pause = _FIRST_PAUSE
                    await self._hear(connection)
            except (psycopg.Error, Unavailable) as error:
                _LOG.warning("facts_lost", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _hear(self, connection: psycopg.AsyncConnection) -> None:
        while True:
            async for notification in connection.notifies(timeout=_QUIET):
                if notification.channel == UNREAD:
                    self._unread.heard(notification.payload)
                elif notification.payload.startswith(_RELATIONSHIP):
                    named = _named(notification.payload)
                    await self._people.reread(named)
                    self._unread.recount(named)
                elif notification.payload.startswith(_PERSON):
                    user_id = notification.payload.removeprefix(_PERSON)
                    await self._welcome([user_id])
                    await self._presence.changed([user_id])
            self._heard_at = await _now(connection)


async def _now(connection: psycopg.AsyncConnection) -> datetime | None:
    """The database's own time: all that was committed before it has been heard, or will be."""
    row = await (await connection.execute("SELECT now()")).fetchone()
    return row[0] if row else None


def _named(payload: str) -> Iterable[str]:
    # An old user id may hold the bar that parts the two, so both readings are tried.
    pair = payload.removeprefix(_RELATIONSHIP)
    first, last = pair.partition("|"), pair.rpartition("|")
    return {first[0], first[2], last[0], last[2]}
