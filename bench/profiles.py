# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading profiles among 100,000 people beside the bare SQL, and what visibility costs of it.

The bare side is the same statement, prepared, on one connection of its own; Kith's side goes the
way of a request: rights, visibility, the wire model and its JSON. Both take turns.
"""

import random
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

import psycopg

from appservice.clock import SystemClock
from appservice.database import Database
from appservice.homeserver.port import Homeserver
from appservice.people.directory import Directory
from appservice.places.offline import Offline
from appservice.profiles import store, wire
from appservice.profiles.service import Profiles
from bench import crowd, stage
from bench.report import Report, percentile
from policy.visibility import DEFAULTS, Level, Viewer, visible

_RATIO = 3.0
_VISIBILITY = 50.0
"""Microseconds of one profile."""
Ask = Callable[[str, str], Awaitable[Any]]


async def run(*, quick: bool = False) -> Report:
    """Fill the tables, then read profiles of random people as friends and as strangers."""
    people, asks = (2_000, 300) if quick else (100_000, 4_000)
    with stage.folder() as place:
        async with stage.postgres(place) as postgres:
            url = postgres.url("kith", "kith")
            stage.migrate(url)
            crowd.fill(url, people=people, friends=50)
            crowd.furnish(url, people=people)
            report = Report("profiles", f"{people:,} people, all with a profile")
            bare = await psycopg.AsyncConnection.connect(url, autocommit=True)
            async with Database(url) as database, bare:
                await _reading(report, database, bare, people, asks)
            _visibility(report, 2_000 if quick else 100_000)
            await _places(report)
    return report


async def _reading(
    report: Report, database: Database, bare: psycopg.AsyncConnection, people: int, asks: int
) -> None:
    # Everybody is known, so the homeserver is never asked.
    nobody = cast(Homeserver, None)  # noqa: TC006 - the name is used
    directory = Directory(database, nobody, crowd.SERVER)
    clock = SystemClock()
    profiles = Profiles(database, clock, directory, Offline(), server_name=crowd.SERVER)
    query = store._ROW.encode()  # noqa: SLF001 - the very statement is the yardstick

    async def kith(viewer: str, owner: str) -> object:
        found = await profiles.seen(viewer, owner)
        return wire.profile_model(found, None).model_dump_json()

    async def sql(viewer: str, owner: str) -> object:
        values = {"viewer": viewer, "user_id": owner}
        return await (await bare.execute(query, values, prepare=True)).fetchall()

    def pairs(*, friends: bool) -> list[tuple[str, str]]:
        chosen = [random.randrange(people) for _ in range(asks)]  # noqa: S311 - no secret
        step = crowd.NEAREST if friends else people // 2
        return [(crowd.name(n), crowd.name((n + step) % people)) for n in chosen]

    await _compare(report, "a friend's profile", kith, sql, pairs(friends=True))
    await _compare(report, "a stranger's profile", kith, sql, pairs(friends=False))


async def _compare(
    report: Report, what: str, kith: Ask, sql: Ask, asked: list[tuple[str, str]]
) -> None:
    times: dict[str, list[float]] = {"kith": [], "sql": []}
    for number, (viewer, owner) in enumerate(asked):
        sides = [("kith", kith), ("sql", sql)]
        # The second to ask finds the pages in memory: take turns in being second.
        for name, ask in sides if number % 2 else reversed(sides):
            begin = time.perf_counter()
            await ask(viewer, owner)
            times[name].append((time.perf_counter() - begin) * 1000)
    kept = {name: values[len(values) // 10 :] for name, values in times.items()}
    for name, values in kept.items():
        report.add(f"{what}: p50, {name}", percentile(values, 50), "ms")
        report.add(f"{what}: p99, {name}", percentile(values, 99), "ms")
    for percent in (50, 99):
        ratio = percentile(kept["kith"], percent) / percentile(kept["sql"], percent)
        report.at_most(f"{what}: p{percent} ratio, kith / sql", ratio, "x", _RATIO)


def _visibility(report: Report, rounds: int) -> None:
    fields = dict.fromkeys(DEFAULTS, "x")
    settings = {"bio": Level.PUBLIC, "gender": Level.PRIVATE, "activity": Level.PUBLIC}
    viewers = tuple(Viewer)
    begin = time.process_time()
    for number in range(rounds):
        visible(fields, settings, viewers[number % len(viewers)], hidden=number % 2 == 0)
    spent = (time.process_time() - begin) / rounds * 1e6
    report.at_most("visibility of one profile, processor time", spent, "µs", _VISIBILITY)


async def _places(report: Report) -> None:
    before, gazetteer = _resident(), Offline()
    begin = time.perf_counter()
    await gazetteer.search("oslo", 8)
    report.add("places: read when first asked", time.perf_counter() - begin, "s")
    report.add("places: memory that stays", _resident() - before, "MB")
    times: list[float] = []
    for text in ("lond", "new yo", "york", "zzzzzz", "saint p", "k") * 20:
        begin = time.perf_counter()
        await gazetteer.search(text, 8)
        times.append((time.perf_counter() - begin) * 1000)
    report.add("places: search p50", percentile(times, 50), "ms")
    report.add("places: search p99", percentile(times, 99), "ms")


def _resident() -> float:
    with open("/proc/self/status", encoding="ascii") as lines:  # noqa: PTH123 - no ordinary file
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
