# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kith's own database: one way to read fast, one way to change things.

`Database.read` runs one SELECT on a psycopg pool (prepared, no transaction): the port that
`schema.facts` awaits. `Database.transaction` opens a transaction in which a store mixes SQLAlchemy
Core (`execute`), plain psycopg (`read`) and jobs (`defer`): a job exists if, and only if, the
rows that caused it do. `Database.together` and `Database.plain` are the same for whoever is asked
so often that the ways to PostgreSQL and back count: many statements, one way.

    async with database.transaction() as tx:
        await tx.execute(insert(friend_requests).values(...))
        await tx.defer("bot.notify_request", request_id=str(request_id))
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import psycopg
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhaustedError
from sqlalchemy.ext.asyncio import create_async_engine

from appservice.errors import Unavailable
from appservice.transaction import Plain, Rows, Transaction

__all__ = ["Database", "Plain", "Question", "Rows", "Transaction"]

Question = tuple[str, Mapping[str, Any]]
"""A SELECT and its parameters."""

_Found = TypeVar("_Found")


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
        return await self._twice(lambda: self._read(sql, params))

    async def together(self, *questions: Question) -> Sequence[Rows]:
        """Run several SELECTs as one question: one way there and back; the rows of each.

        Raises:
            Unavailable: the database cannot answer.
        """
        return await self._twice(lambda: self._together(questions))

    async def run(self, sql: str, params: Mapping[str, Any] | None = None) -> Rows:
        """Run one statement that changes something and may be run twice; its own commit.

        Raises:
            Unavailable: the database cannot answer.
        """
        return await self.read(sql, params)

    async def _twice(self, ask: Callable[[], Awaitable[_Found]]) -> _Found:
        try:
            return await ask()
        except (psycopg.OperationalError, psycopg.InterfaceError):
            # Pooled connections that a restart of PostgreSQL has closed; reading twice is safe.
            try:
                await self._pool.check()
                return await ask()
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                raise Unavailable("database") from error

    async def _read(self, sql: str, params: Mapping[str, Any] | None) -> Rows:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(sql.encode(), params)
            return await cursor.fetchall() if cursor.description else ()

    async def _together(self, questions: Sequence[Question]) -> Sequence[Rows]:
        async with self._pool.connection() as connection:
            async with connection.pipeline():
                asked = [await connection.execute(sql.encode(), given) for sql, given in questions]
            return [await cursor.fetchall() for cursor in asked]

    @asynccontextmanager
    async def plain(self) -> AsyncIterator[Plain]:
        """A transaction (READ COMMITTED) whose statements are on the way together.

        Raises:
            Unavailable: as for `transaction`.
        """
        try:
            async with self._pool.connection() as raw, raw.pipeline() as pipeline:
                await raw.execute("BEGIN")
                yield Plain(raw, pipeline)
                await raw.execute("COMMIT")
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise Unavailable("database") from error

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
