# SPDX-License-Identifier: AGPL-3.0-or-later

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import psycopg
import pytest

from appservice.database import Database
from appservice.errors import Denied, HomeserverRefused, Unavailable
from appservice.work.jobs import Jobs, Retry
from appservice.work.worker import work
from policy.reason import Reason
from tests.support import databases
from tests.support.eventually import eventually

Run = Callable[..., Awaitable[None]]


def decision(error: Exception, attempts: int) -> Any:
    job = cast("Any", SimpleNamespace(attempts=attempts))
    return Retry().get_retry_decision(exception=error, job=job)


@pytest.mark.parametrize(
    ("error", "attempts", "again"),
    [
        (Unavailable("homeserver"), 0, True),
        (Unavailable("homeserver"), 29, True),
        (Unavailable("homeserver"), 30, False),
        (HomeserverRefused(403, "M_USER_SUSPENDED", "", None), 0, False),
        (Denied(Reason.BLOCKED), 0, False),
        (ZeroDivisionError(), 0, True),
        (ZeroDivisionError(), 3, False),
    ],
)
def test_only_what_may_succeed_later_is_tried_again(
    error: Exception, attempts: int, *, again: bool
) -> None:
    assert (decision(error, attempts) is not None) is again


@asynccontextmanager
async def working(url: str, **jobs: Run) -> AsyncIterator[None]:
    def register(table: Jobs) -> None:
        for name, run in jobs.items():
            table.add(name.replace("__", "."), run)

    stop = asyncio.Event()
    worker = asyncio.create_task(work(url, register, stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(worker, 20)


async def defer(store: Database, job: str, **arguments: Any) -> None:
    async with store.transaction() as tx:
        await tx.defer(job, **arguments)


async def test_a_job_is_done_and_gone(store: Database, database: databases.Database) -> None:
    done: list[str] = []

    async def note(who: str) -> None:
        done.append(who)

    async with working(database.url, test__note=note):
        await defer(store, "test.note", who="@a:x")
        await eventually(lambda: done == ["@a:x"])

        async def gone() -> bool:
            return not await store.read("SELECT 1 FROM procrastinate_jobs")

        await eventually(gone)


@pytest.mark.parametrize("kept", [True, False])
async def test_the_end_of_a_job_tells_that_its_lock_is_free(
    store: Database, database: databases.Database, *, kept: bool
) -> None:
    ends = (
        f"SELECT procrastinate_finish_job_v1(id, 'succeeded', {not kept}) FROM procrastinate_jobs"
    )
    await defer(store, "test.locked", lock="a")
    await store.run("UPDATE procrastinate_jobs SET status = 'doing'")
    listener = await psycopg.AsyncConnection.connect(database.url, autocommit=True)
    async with listener:
        await listener.execute("LISTEN procrastinate_any_queue_v1")
        await store.run(ends)
        heard = [
            json.loads(one.payload) async for one in listener.notifies(timeout=5, stop_after=1)
        ]
    assert [one["type"] for one in heard] == ["job_inserted"]


async def test_a_stopping_worker_lets_its_jobs_end(
    store: Database, database: databases.Database
) -> None:
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        begun.set()
        await may_end.wait()
        ended.set()

    async with working(database.url, test__slow=slow):
        await defer(store, "test.slow")
        await asyncio.wait_for(begun.wait(), 10)
        asyncio.get_running_loop().call_later(0.1, may_end.set)
    assert ended.is_set()


async def test_the_worker_outlives_its_connections(
    store: Database, database: databases.Database
) -> None:
    done = asyncio.Event()

    async def note() -> None:
        done.set()

    async with working(database.url, test__note=note):

        async def cut() -> bool:
            rows = await store.read(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND query LIKE '%%procrastinate%%'"
            )
            return bool(rows)

        await eventually(cut)
        await defer(store, "test.note")
        await asyncio.wait_for(done.wait(), 20)


_KILLED = """
import asyncio, sys
from appservice.work.worker import work

async def hang():
    print("begun", flush=True)
    await asyncio.sleep(600)

asyncio.run(work(sys.argv[1], lambda jobs: jobs.add("test.job", hang), asyncio.Event()))
"""


async def test_the_job_of_a_killed_worker_is_taken_up(
    store: Database, database: databases.Database
) -> None:
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _KILLED, database.url, stdout=asyncio.subprocess.PIPE
    )
    await defer(store, "test.job")
    assert killed.stdout is not None
    assert await asyncio.wait_for(killed.stdout.readline(), 20) == b"begun\n"
    os.kill(killed.pid, signal.SIGKILL)
    await killed.wait()
    done = asyncio.Event()

    async def finish() -> None:
        done.set()

    async with working(database.url, test__job=finish):
        await asyncio.wait_for(done.wait(), 60)


async def test_a_failing_job_logs_its_name_and_not_its_words(
    store: Database, database: databases.Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    failed = asyncio.Event()

    async def fail(words: str) -> None:
        failed.set()
        raise Denied(Reason.BLOCKED, details={"length": len(words)})

    async with working(database.url, test__fail=fail):
        await defer(store, "test.fail", words="private words")
        await asyncio.wait_for(failed.wait(), 10)

        async def over() -> bool:
            rows = await store.read("SELECT status::text FROM procrastinate_jobs")
            return rows == [("failed",)]

        await eventually(over)
    ours = [r.getMessage() for r in caplog.records if r.name.startswith("kith")]
    assert "private words" not in json.dumps(ours)
