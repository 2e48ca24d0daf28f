# SPDX-License-Identifier: AGPL-3.0-or-later
"""One connection that hears notifications and holds a lease, so that one process consumes.

Notifications are hints: after every new connection each handler is called as if it had heard one.
"""

import asyncio
from collections.abc import Callable, Mapping

import psycopg
import structlog
from psycopg import sql

_LOG = structlog.get_logger("kith.watch")
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0
_LEASE_POLL = 0.5
_QUIET = 15.0
"""Seconds without a notification after which the connection is tried."""


class Watch:
    """LISTEN on channels of Kith's database while holding an advisory lock.

    Attributes:
        held: set while the connection stands and the lease is ours.
    """

    def __init__(
        self, url: str, channels: Mapping[str, Callable[[str], None]], lease: int
    ) -> None:
        """Name the channels with their handlers (called with the payload) and the lock's key."""
        self._url = url
        self._channels = channels
        self._lease = lease
        self.held = asyncio.Event()

    async def run(self) -> None:
        """Hold the connection for ever; it is made again after every loss."""
        pause = _FIRST_PAUSE
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, connect_timeout=5
                ) as connection:
                    await self._take(connection)
                    pause = _FIRST_PAUSE
                    await self._hear(connection)
            except psycopg.Error as error:
                _LOG.warning("watch_lost", error=type(error).__name__)
            finally:
                self.held.clear()
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _take(self, connection: psycopg.AsyncConnection) -> None:
        while True:
            cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", (self._lease,))
            row = await cursor.fetchone()
            if row is not None and row[0]:
                return
            await asyncio.sleep(_LEASE_POLL)

    async def _hear(self, connection: psycopg.AsyncConnection) -> None:
        for channel in self._channels:
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        self.held.set()
        for handler in self._channels.values():
            handler("")
        while True:
            async for notification in connection.notifies(timeout=_QUIET):
                self._channels[notification.channel](notification.payload)
            await connection.execute("SELECT 1")
