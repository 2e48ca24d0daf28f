# SPDX-License-Identifier: AGPL-3.0-or-later
"""The index under changes that come while it is made."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from appservice.database import Database
from appservice.people_search import command
from appservice.people_search.engine import Entry, Wanted
from appservice.people_search.index import Indexer
from appservice.people_search.store import PostgresEngine
from tests.support import databases
from tests.support.door import settings
from tests.support.eventually import eventually

BOB = "@bob:hs.test"
BUSY = """
SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


class Slow(PostgresEngine):
    """Stops before it writes, until it may go on."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()

    async def put(self, entries: Sequence[Entry], gone: Sequence[str]) -> None:
        self.reached.set()
        await self.go_on.wait()
        await super().put(entries, gone)


async def write(store: Database, sql: str) -> None:
    async with store.transaction() as tx:
        await tx.read(sql)


async def rebuild(indexer: Indexer) -> None:
    await indexer.rebuild(lambda *_: None)


@pytest.mark.parametrize("run", [Indexer.drain, rebuild])
async def test_an_older_truth_never_covers_a_newer_one(
    store: Database, run: Callable[[Indexer], Awaitable[None]]
) -> None:
    await write(store, f"INSERT INTO people (user_id, local) VALUES ('{BOB}', true)")
    await write(
        store,
        "INSERT INTO profiles (user_id, bio, visibility)"
        f""" VALUES ('{BOB}', 'theremin', '{{"bio": "public"}}')""",
    )
    engine = Slow(store)
    indexing = asyncio.create_task(run(Indexer(store, engine, lambda _: None)))  # type: ignore[arg-type]
    await engine.reached.wait()
    hiding = asyncio.create_task(write(store, "UPDATE profiles SET visibility = '{}'"))

    async def held_up() -> bool:
        return bool(await store.read(BUSY))

    await eventually(held_up)
    assert not hiding.done()
    engine.go_on.set()
    await asyncio.gather(indexing, hiding)
    asked = Wanted(("theremin",))
    assert await engine.find("@me:hs.test", asked, None, 9) == []
    await Indexer(store, engine, lambda _: None).drain()
    assert await engine.find("@me:hs.test", asked, None, 9) == []
    assert await engine.find("@me:hs.test", Wanted(("bob",)), None, 9) != []


async def test_the_command_says_how_many_people_it_put_in(
    store: Database, database: databases.Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await write(
        store,
        "INSERT INTO people (user_id, local)"
        " SELECT '@p' || n || ':hs.test', true FROM generate_series(1, 450) n",
    )
    await command.rebuild(settings(database.url))
    said = capsys.readouterr()
    assert (said.out, said.err) == ("450 people can be searched for.\n", "")
    assert await store.read("SELECT count(*) FROM people_search") == [(450,)]
    assert await store.read("SELECT 1 FROM people_search_waiting") == []
