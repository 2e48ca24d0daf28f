# SPDX-License-Identifier: AGPL-3.0-or-later
"""The friend page and the relationship check among 100,000 people, beside the bare SQL.

The bare side is the same statement, prepared, on one connection of its own; Kith's side goes the
way of a request, through the pool and the rules of who may see a list. Both take turns.
"""

import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import psycopg

from appservice.database import Database
from appservice.friends import lists
from bench import crowd, stage
from bench.report import Report, percentile
from schema import facts

_PAGE = 50
_LIMIT = 3.0
Ask = Callable[[str, str], Awaitable[Any]]


async def run(*, quick: bool = False) -> Report:
    """Fill the tables, then read friend pages and relationships of random people."""
    people, asks = (2_000, 200) if quick else (100_000, 4_000)
    with stage.folder() as place:
        async with stage.postgres(place) as postgres:
            url = postgres.url("kith", "kith")
            stage.migrate(url)
            rows = crowd.fill(url, people=people, friends=50)
            report = Report("friends", f"{people:,} people, {rows:,} friendship rows")
            bare = await psycopg.AsyncConnection.connect(url, autocommit=True)
            async with Database(url) as database, bare:
                await _pages(report, database, bare, people, asks)
                await _relationships(report, database, bare, people, asks)
    return report


async def _pages(
    report: Report, database: Database, bare: psycopg.AsyncConnection, people: int, asks: int
) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - a bench has no clock to be given
    reading = lists.FriendLists(database)

    async def kith(viewer: str, owner: str) -> object:
        return await reading.friends(viewer, owner, None, _PAGE, now)

    async def sql(viewer: str, owner: str) -> object:
        values = {"viewer": viewer, "owner": owner, "limit": _PAGE + 1, "now": now}
        places = {"at": None, "key": None}
        query = lists._FRIENDS.encode()  # noqa: SLF001 - the very statement is the yardstick
        return await (await bare.execute(query, {**values, **places}, prepare=True)).fetchall()

    await _compare(report, "friend page, own list", kith, sql, _own(people, asks))
    await _compare(report, "friend page, a friend's list", kith, sql, _befriended(people, asks))


async def _relationships(
    report: Report, database: Database, bare: psycopg.AsyncConnection, people: int, asks: int
) -> None:
    async def kith(one: str, other: str) -> object:
        return await facts.relationship(database.read, one, other)

    async def sql(one: str, other: str) -> object:
        query = facts._RELATIONSHIP.encode()  # noqa: SLF001 - as above
        values = {"me": one, "them": other}
        return await (await bare.execute(query, values, prepare=True)).fetchall()

    await _compare(report, "relationship", kith, sql, _pairs(people, asks))


def _own(people: int, asks: int) -> list[tuple[str, str]]:
    chosen = [crowd.name(random.randrange(people)) for _ in range(asks)]  # noqa: S311 - no secret
    return [(who, who) for who in chosen]


def _befriended(people: int, asks: int) -> list[tuple[str, str]]:
    """A viewer and a friend: the rows then carry counts of mutual friends."""
    chosen = [random.randrange(people) for _ in range(asks)]  # noqa: S311 - no secret
    return [(crowd.name(n), crowd.name((n + crowd.NEAREST) % people)) for n in chosen]


def _pairs(people: int, asks: int) -> list[tuple[str, str]]:
    numbers = [random.sample(range(people), 2) for _ in range(asks)]
    return [(crowd.name(one), crowd.name(other)) for one, other in numbers]


async def _compare(
    report: Report, what: str, kith: Ask, sql: Ask, asked: list[tuple[str, str]]
) -> None:
    times: dict[str, list[float]] = {"kith": [], "sql": []}
    for number, (one, other) in enumerate(asked):
        sides = [("kith", kith), ("sql", sql)]
        # The second to ask finds the pages in memory: take turns in being second.
        for name, ask in sides if number % 2 else reversed(sides):
            begin = time.perf_counter()
            await ask(one, other)
            times[name].append((time.perf_counter() - begin) * 1000)
    for name, values in times.items():
        kept = values[len(values) // 10 :]  # the first tenth warms caches
        times[name] = kept
        report.add(f"{what}: p50, {name}", percentile(kept, 50), "ms")
        report.add(f"{what}: p99, {name}", percentile(kept, 99), "ms")
    ratio = percentile(times["kith"], 99) / percentile(times["sql"], 99)
    report.at_most(f"{what}: p99 ratio, kith / sql", ratio, "x", _LIMIT)
