# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kith's own database: one way to read fast, one way to change things.

`Database.read` runs one SELECT on a psycopg pool (prepared, no transaction): the port that
`schema.facts` awaits. `Database.transaction` opens a transaction in which a store mixes SQLAlchemy
Core (`execute`), plain psycopg (`read`) and jobs (`defer`): a job exists if, and only if, the
rows that caused it do.

    async with database.transaction() as tx:
        await tx.execute(insert(friend_requests).values(...))
        await tx.defer("bot.notify_request", request_id=str(request_id))
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Self, cast

import psycopg
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import CursorResult, Executable, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhaustedError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from appservice.errors import Unavailable

Rows = Sequence[tuple[Any, ...]]

_DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY[
  ('default', %(job)s, 0, %(lock)s, %(once)s, %(arguments)s::jsonb, %(at)s::timestamptz)
  ::procrastinate_job_to_defer_v1])
"""


class Transaction:
    """One open transaction. Commits when its block ends well, rolls back otherwise."""

    def __init__(self, connection: AsyncConnection, raw: psycopg.AsyncConnection) -> None:
        """Take the connection in both its shapes."""
        self.core = connection
        self.raw = raw

    async def execute(
        self, statement: Executable, parameters: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run a SQLAlchemy Core statement."""
        return cast("CursorResult[Any]", await self.core.execute(statement, parameters))

    async def read(self, sql: str, params: Mapping[str, Any] | None = None) -> Rows:
        """Run SQL as it is written, with ``%(name)s`` placeholders; rows, or () without any."""
        cursor = await self.raw.execute(sql.encode(), params)
        return await cursor.fetchall() if cursor.description else ()

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
            await self.read(_DEFER, values)
            return
        try:
            # A savepoint: the unique index on waiting marks must not end the transaction.
            await self.read("SAVEPOINT defer_once")
            await self.read(_DEFER, values)
        except psycopg.errors.UniqueViolation:
            await self.read("ROLLBACK TO SAVEPOINT defer_once")
        await self.read("RELEASE SAVEPOINT defer_once")

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that can fail alone: what it did is undone, the transaction goes on."""
        async with self.core.begin_nested():
            yield


class Database:
    """The pools of one process; use it as an async context manager."""

    def __init__(self, url: str, *, size: int = 8, timeout: float = 5.0) -> None:
        """Prepare, without connecting.

        Args:
            url: ``postgresql://…`` of Kith's own database.
            size: connections each of the two pools may hold.
            timeout: seconds to wait for a free connection, and to connect.
        """
        self.url = url
        connect = {"connect_timeout": max(1, round(timeout))}
        self._pool = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=size,
            open=False,
            timeout=timeout,
            kwargs={"autocommit": True, **connect},
        )
        self._engine = create_async_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            pool_size=size,
            max_overflow=0,
            pool_timeout=timeout,
            pool_pre_ping=True,
            connect_args=connect,
        )

    async def __aenter__(self) -> Self:
        await self._pool.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._pool.close()
        await self._engine.dispose()

    async def read(self, sql: str, params: Mapping[str, Any] | None = None) -> Rows:
        """Run one SELECT outside any transaction.

        Raises:
            Unavailable: the database cannot answer.
        """
        try:
            return await self._read(sql, params)
        except (psycopg.OperationalError, psycopg.InterfaceError):
            # Pooled connections that a restart of PostgreSQL has closed; reading twice is safe.
            try:
                await self._pool.check()
                return await self._read(sql, params)
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                raise Unavailable("database") from error

    async def run(self, sql: str, params: Mapping[str, Any] | None = None) -> Rows:
        """Run one statement that changes something and may be run twice; its own commit.

        Raises:
            Unavailable: the database cannot answer.
        """
        return await self.read(sql, params)

    async def _read(self, sql: str, params: Mapping[str, Any] | None) -> Rows:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(sql.encode(), params)
            return await cursor.fetchall() if cursor.description else ()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A transaction (READ COMMITTED).

        Raises:
            Unavailable: the database cannot be reached or went away; nothing is committed unless
                it went away during the commit itself.
        """
        try:
            async with self._engine.connect() as connection, connection.begin():
                raw = (await connection.get_raw_connection()).driver_connection
                yield Transaction(connection, cast("psycopg.AsyncConnection", raw))
        except (PoolExhaustedError, psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise Unavailable("database") from error
        except DBAPIError as error:
            if isinstance(error.orig, psycopg.OperationalError | psycopg.InterfaceError):
                raise Unavailable("database") from error
            raise
