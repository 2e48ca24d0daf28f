# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import psycopg
import pytest

from tests.support.databases import Database


class Kith:
    """One open connection to a fresh database, with the read port of the facts."""

    def __init__(self, connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        self.connection = connection

    async def run(self, sql: str, *values: object) -> None:
        await self.connection.execute(sql, values)  # type: ignore[arg-type]

    async def read(self, sql: str, params: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        cursor = await self.connection.execute(sql, params)  # type: ignore[arg-type]
        return await cursor.fetchall()

    async def people(self, *names: str) -> None:
        for name in names:
            await self.run("INSERT INTO people (user_id, local) VALUES (%s, true)", name)

    async def befriend(self, one: str, other: str) -> None:
        await self.run(
            "INSERT INTO friendships (user_id, friend_id, created_at)"
            " VALUES (%s, %s, now()), (%s, %s, now())",
            *(one, other, other, one),
        )


@pytest.fixture
async def kith(database: Database) -> AsyncIterator[Kith]:
    connection = await psycopg.AsyncConnection.connect(database.url, autocommit=True)
    async with connection:
        yield Kith(connection)
