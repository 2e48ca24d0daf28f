# SPDX-License-Identifier: AGPL-3.0-or-later

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from appservice.database import Database
from appservice.homeserver.watch import Watch
from tests.support import databases
from tests.support.eventually import eventually

LEASE = 4711


@asynccontextmanager
async def watching(url: str, heard: list[str]) -> AsyncIterator[Watch]:
    watch = Watch(url, {"test_channel": heard.append}, LEASE)
    task = asyncio.create_task(watch.run())
    try:
        yield watch
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def notify(store: Database, payload: str) -> None:
    async with store.transaction() as tx:
        await tx.read("SELECT pg_notify('test_channel', %(p)s)", {"p": payload})


async def test_only_one_holds_the_lease_and_the_next_takes_over(
    database: databases.Database,
) -> None:
    async with watching(database.url, []) as first:
        await eventually(first.held.is_set)
        async with watching(database.url, []) as second:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(second.held.wait(), 1.0)
            await _end(database)
            await eventually(lambda: first.held.is_set() != second.held.is_set())


async def _end(database: databases.Database) -> None:
    async with Database(database.url, size=1) as store, store.transaction() as tx:
        await tx.read(
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            " WHERE locktype = 'advisory' AND objid = %(key)s AND granted",
            {"key": LEASE},
        )


async def test_a_lost_connection_is_made_again_and_heard_as_a_hint(
    store: Database, database: databases.Database
) -> None:
    heard: list[str] = []
    async with watching(database.url, heard) as watch:
        await eventually(watch.held.is_set)
        await notify(store, "one")
        await eventually(lambda: heard == ["", "one"])
        await _end(database)
        await eventually(lambda: heard == ["", "one", ""])
        await notify(store, "two")
        await eventually(lambda: heard[-1] == "two")
