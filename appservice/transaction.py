# SPDX-License-Identifier: AGPL-3.0-or-later
"""One open transaction, in two shapes: plain SQL on the way together, and SQLAlchemy besides.

In a `Plain` one that is a pipeline, `ask` sends and does not wait; `read`, `Answer.rows` and the
end of the block wait for everything that was sent. What fails raises at the next of them.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, cast

import psycopg
from sqlalchemy import CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection

Rows = Sequence[tuple[Any, ...]]

_DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY[
  ('default', %(job)s, 0, %(lock)s, %(once)s, %(arguments)s::jsonb, %(at)s::timestamptz)
  ::procrastinate_job_to_defer_v1])
"""


class Answer:
    """What a statement answers, which may still be on the way."""

    __slots__ = ("_cursor", "_pipeline")

    def __init__(
        self, cursor: psycopg.AsyncCursor, pipeline: psycopg.AsyncPipeline | None
    ) -> None:
        """Take the cursor of the statement, and what it is on the way in."""
        self._cursor = cursor
        self._pipeline = pipeline

    async def rows(self) -> Rows:
        """Wait for it: rows, or () without any."""
        if self._pipeline is not None and self._cursor.pgresult is None:
            await self._pipeline.sync()
        return await self._cursor.fetchall() if self._cursor.description else ()


class Plain:
    """One open transaction in plain SQL. Commits when its block ends well, else rolls back."""

    def __init__(
        self, raw: psycopg.AsyncConnection, pipeline: psycopg.AsyncPipeline | None = None
    ) -> None:
        """Take the connection, and the pipeline it is in."""
        self.raw = raw
        self._pipeline = pipeline

    async def ask(self, sql: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Send SQL as it is written, with ``%(name)s`` placeholders."""
        return Answer(await self.raw.execute(sql.encode(), params), self._pipeline)

    async def read(self, sql: str, params: Mapping[str, Any] | None = None) -> Rows:
        """Run SQL as `ask` and wait for it; rows, or () without any."""
        return await (await self.ask(sql, params)).rows()

    async def defer(
        self,
        job: str,
        *,
        at: datetime | None = None,
        lock: str | None = None,
        once: str | None = None,
        **arguments: Any,
    ) -> None:
        """Queue a job that exists only if this transaction commits.

        Args:
            job: name of a task of `appservice.work`.
            at: not before this time; None is at once.
            lock: jobs of one lock run one after the other, in order.
            once: while a job with this mark waits, another is not queued.
            arguments: JSON values the task takes.
        """
        values = {
            "job": job,
            "lock": lock,
            "once": once,
            "arguments": json.dumps(arguments),
            "at": at,
        }
        if once is None:
            await self.ask(_DEFER, values)
            return
        try:
            # A savepoint: the unique index on waiting marks must not end the transaction.
            await self.read("SAVEPOINT defer_once")
            await self.read(_DEFER, values)
        except psycopg.errors.UniqueViolation:
            await self.read("ROLLBACK TO SAVEPOINT defer_once")
        await self.read("RELEASE SAVEPOINT defer_once")


class Transaction(Plain):
    """The same with SQLAlchemy; every statement is waited for."""

    def __init__(self, connection: AsyncConnection, raw: psycopg.AsyncConnection) -> None:
        """Take the connection in both its shapes."""
        super().__init__(raw)
        self.core = connection

    async def execute(
        self, statement: Executable, parameters: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run a SQLAlchemy Core statement."""
        return cast("CursorResult[Any]", await self.core.execute(statement, parameters))

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that can fail alone: what it did is undone, the transaction goes on."""
        async with self.core.begin_nested():
            yield
