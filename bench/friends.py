# SPDX-License-Identifier: AGPL-3.0-or-later
"""The friend page and the relationship check among 100,000 people, beside the bare SQL.

The bare side is the same statements, prepared, on one connection of its own; Kith's side goes the
way of a request, through the pool and the rules of who may see a list. Both take turns, and so
does the page's own statement without the one that says who may see it and how many there are.
"""

import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg

from appservice.database import Database
from appservice.friends import lists
from appservice.rest import cursor
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
            crowd.furnish(url, people=people)
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
    same = (lists._GATE, lists._FRIENDS)  # noqa: SLF001 - the very statements are the yardstick

    async def kith(viewer: str, owner: str) -> object:
        return await reading.friends(viewer, owner, None, _PAGE, now)

    async def ask(viewer: str, owner: str, *statements: str) -> object:
        values = {"viewer": viewer, "owner": owner, "limit": _PAGE + 1, "now": now}
        values |= {**cursor.bounds(None), "count": True}
        cursors = [
            await bare.execute(query.encode(), values, prepare=True) for query in statements
        ]
        return [await found.fetchall() for found in cursors]

    async def sql(viewer: str, owner: str) -> object:
        return await ask(viewer, owner, *same)

    async def page(viewer: str, owner: str) -> object:
        return await ask(viewer, owner, same[1])

    sides = {"kith": kith, "sql": sql, "sql of the page alone": page}
    await _compare(report, "friend page, own list", sides, _own(people, asks))
    await _compare(report, "friend page, a friend's list", sides, _befriended(people, asks))


async def _relationships(
    report: Report, database: Database, bare: psycopg.AsyncConnection, people: int, asks: int
) -> None:
    async def kith(one: str, other: str) -> object:
        return await facts.relationship(database.read, one, other)

    async def sql(one: str, other: str) -> object:
        query = facts._RELATIONSHIP.encode()  # noqa: SLF001 - as above
        values = {"me": one, "them": other}
        return await (await bare.execute(query, values, prepare=True)).fetchall()

    sides = {"kith": kith, "sql": sql}
    await _compare(report, "relationship", sides, _pairs(people, asks))


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
    report: Report, what: str, sides: Mapping[str, Ask], asked: Sequence[tuple[str, str]]
) -> None:
    times: dict[str, list[float]] = {name: [] for name in sides}
    order = list(sides)
    for one, other in asked:
        # The first to ask finds the pages on the disk: take turns in being first.
        order = [*order[1:], order[0]]
        for name in order:
            begin = time.perf_counter()
            await sides[name](one, other)
            times[name].append((time.perf_counter() - begin) * 1000)
    for name, values in times.items():
        kept = values[len(values) // 10 :]  # the first tenth warms caches
        times[name] = kept
        report.add(f"{what}: p50, {name}", percentile(kept, 50), "ms")
        report.add(f"{what}: p99, {name}", percentile(kept, 99), "ms")
    for name in list(sides)[1:]:
        ratio = percentile(times["kith"], 99) / percentile(times[name], 99)
        if name == "sql":
            report.at_most(f"{what}: p99 ratio, kith / sql", ratio, "x", _LIMIT)
        else:
            report.add(f"{what}: p99 ratio, kith / {name}", ratio, "x")
