# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: PT012 - what is tested is the end of a block

import psycopg
import pytest
from sqlalchemy import insert

from appservice.database import Database
from appservice.errors import Unavailable
from schema.tables.people import people

COUNT = "SELECT count(*) FROM people"
ADD = "INSERT INTO people (user_id, local) VALUES (%(who)s, true)"
JOBS = "SELECT task_name, args FROM procrastinate_jobs WHERE task_name = 'some.job'"


async def test_core_and_plain_sql_share_the_transaction(store: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with store.transaction() as tx:
            await tx.execute(insert(people).values(user_id="@a:x", local=True))
            assert await tx.read(COUNT) == [(1,)]
            raise ZeroDivisionError
    assert await store.read(COUNT) == [(0,)]


async def test_a_job_lives_and_dies_with_its_rows(store: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with store.transaction() as tx:
            await tx.defer("some.job", who="@a:x")
            raise ZeroDivisionError
    assert await store.read(JOBS) == []
    async with store.transaction() as tx:
        await tx.defer("some.job", who="@a:x")
    assert await store.read(JOBS) == [("some.job", {"who": "@a:x"})]


async def test_a_mark_keeps_a_second_job_out_without_ending_the_transaction(
    store: Database,
) -> None:
    async with store.transaction() as tx:
        await tx.defer("some.job", once="mark")
        await tx.defer("some.job", once="mark")
        await tx.execute(insert(people).values(user_id="@a:x", local=True))
    assert len(await store.read(JOBS)) == 1
    assert await store.read(COUNT) == [(1,)]


async def test_a_savepoint_fails_alone(store: Database) -> None:
    async with store.transaction() as tx:
        await tx.execute(insert(people).values(user_id="@a:x", local=True))
        with pytest.raises(ZeroDivisionError):
            async with tx.savepoint():
                await tx.execute(insert(people).values(user_id="@b:x", local=True))
                raise ZeroDivisionError
    assert await store.read(COUNT) == [(1,)]


async def test_connections_closed_by_the_server_are_replaced(store: Database) -> None:
    await store.read(COUNT)
    async with store.transaction() as tx:
        await tx.read(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert await store.read(COUNT) == [(0,)]


async def test_a_database_that_is_not_there_is_unavailable() -> None:
    async with Database("postgresql://nobody@127.0.0.1:1/none", timeout=0.5) as away:
        with pytest.raises(Unavailable):
            await away.read("SELECT 1")
        with pytest.raises(Unavailable):
            async with away.transaction():
                pass
        with pytest.raises(Unavailable):
            async with away.plain():
                pass


async def test_what_is_asked_together_is_answered_apart(store: Database) -> None:
    await store.run(ADD, {"who": "@a:x"})
    answers = await store.together((COUNT, {}), ("SELECT %(n)s::integer", {"n": 7}))
    assert answers == [[(1,)], [(7,)]]


async def test_statements_on_the_way_together_are_one_transaction(store: Database) -> None:
    async with store.plain() as tx:
        asked = await tx.ask(ADD + " RETURNING user_id", {"who": "@a:x"})
        await tx.ask(ADD, {"who": "@b:x"})
        await tx.defer("some.job", once="mark")
        await tx.defer("some.job", once="mark")
        assert await tx.read(COUNT) == [(2,)]
        assert await store.read(COUNT) == [(0,)]
        last = await tx.ask(COUNT)
    assert (await asked.rows(), await last.rows()) == ([("@a:x",)], [(2,)])
    assert await store.read(COUNT) == [(2,)]
    assert len(await store.read(JOBS)) == 1


@pytest.mark.parametrize("wait", [True, False])
async def test_what_was_only_sent_fails_before_the_commit(store: Database, *, wait: bool) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        async with store.plain() as tx:
            await tx.ask(ADD, {"who": "@a:x"})
            await tx.ask(ADD, {"who": "@a:x"})
            await tx.ask(ADD, {"who": "@b:x"})
            if wait:
                await tx.read(COUNT)
    assert await store.read(COUNT) == [(0,)]
    async with store.plain() as tx:
        await tx.ask(ADD, {"who": "@a:x"})
    assert await store.read(COUNT) == [(1,)]


async def test_a_fault_of_ours_undoes_what_was_sent(store: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with store.plain() as tx:
            await tx.ask(ADD, {"who": "@a:x"})
            raise ZeroDivisionError
    assert await store.read(COUNT) == [(0,)]
