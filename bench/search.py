# SPDX-License-Identifier: AGPL-3.0-or-later
"""People search and suggestions among 100,000 profiles, beside the bare SQL.

As in `bench friends`: the bare side is the very statement, prepared, on one connection of its own;
Kith's side goes the way of a request. How long a rebuild takes is said, too.
"""

import json
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import psycopg

from appservice.clock import SystemClock
from appservice.database import Database
from appservice.people_search import parts, service, store, wire
from appservice.people_search.engine import Wanted
from appservice.suggestions.service import Suggestions
from bench import crowd, stage
from bench.report import Report, percentile
from policy.limits import RequestRules

_LIMIT, _PAGE = 3.0, 20
_FIRST = "Alice Bob Carol Dave Erin Frank Grace Heidi Ivan Judy Mallory Niaj Olivia Peggy Rupert"
_LAST = (
    "Meyer Jansen Novak Silva Rossi Dubois Larsen Kovacs Haddad Tanaka Okafor Mensah Byrne Costa"
)
_CITIES = (("Delft", "NL"), ("Porto", "PT"), ("Lyon", "FR"), ("Graz", "AT"), ("Cork", "IE"))
_LIKES = ("chess", "climbing", "linux", "baking", "jazz", "trains", "birds", "sailing")
_BIO = "paints maps collects stamps reads novels writes letters grows tomatoes repairs radios"
Ask = Callable[[Wanted], Awaitable[Any]]


async def run(*, quick: bool = False) -> Report:
    """Fill the tables, rebuild the index, then search."""
    people, asks = (2_000, 60) if quick else (100_000, 1_000)
    with stage.folder() as place:
        async with stage.postgres(place) as postgres:
            url = postgres.url("kith", "kith")
            stage.migrate(url)
            crowd.fill(url, people=people, friends=50)
            _profiles(url, people)
            report = Report("search", f"{people:,} profiles, 50 friends each")
            bare = await psycopg.AsyncConnection.connect(url, autocommit=True)
            async with Database(url) as database, bare:
                await _rebuild(report, database, url)
                for what, questions in _questions(asks).items():
                    await _compare(
                        report, what, database, bare, questions=questions, people=people
                    )
                await _facets(report, database, asks, people)
                await _suggestions(report, database, min(asks, 200), people)
    return report


def _profiles(url: str, people: int) -> None:
    chance = random.Random(7)  # noqa: S311 - no secret
    first, last, words = _FIRST.split(), _LAST.split(), _BIO.split()
    with psycopg.connect(url) as connection:
        connection.execute("ALTER TABLE people DISABLE TRIGGER USER")
        connection.execute("ALTER TABLE profiles DISABLE TRIGGER USER")
        with connection.cursor().copy(
            "COPY profiles (user_id, bio, pronouns, city, country_code, interests, visibility)"
            " FROM STDIN"
        ) as copy:
            for number in range(people):
                city, country = chance.choice(_CITIES)
                likes = [
                    {"id": one, "label": one.title(), "category": "x"}
                    for one in chance.sample(_LIKES, 3)
                ]
                open_ = dict.fromkeys(("bio", "location", "search_interests"), "public")
                copy.write_row(
                    (
                        crowd.name(number),
                        " ".join(chance.sample(words, 8)),
                        chance.choice(("she/her", "he/him", "they/them")),
                        city,
                        country,
                        json.dumps(likes),
                        json.dumps(open_ if number % 2 else {}),
                    )
                )
        connection.execute(
            "UPDATE people SET display_name = (%(first)s::text[])[1 + n %% %(f)s] || ' ' ||"
            " (%(last)s::text[])[1 + (n / 7) %% %(l)s] || ' ' || n"
            " FROM generate_series(0, %(people)s - 1) n WHERE user_id = '@p' || n || %(server)s",
            {
                "first": first,
                "last": last,
                "f": len(first),
                "l": len(last),
                "people": people,
                "server": f":{crowd.SERVER}",
            },
        )
        connection.execute("ALTER TABLE profiles ENABLE TRIGGER USER")
        connection.execute("ALTER TABLE people ENABLE TRIGGER USER")


async def _rebuild(report: Report, database: Database, url: str) -> None:
    begin = time.perf_counter()
    done = await parts.indexer(database).rebuild(lambda *_: None)
    took = time.perf_counter() - begin
    report.add("rebuild: people a second", done / took, "1/s")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        row = connection.execute("SELECT pg_total_relation_size('people_search')").fetchone()
    report.add("index and rows, a person", (row[0] if row else 0) / done, "bytes")


def _questions(asks: int) -> dict[str, Sequence[Wanted]]:
    chance = random.Random(8)  # noqa: S311 - no secret
    first, last = _FIRST.split(), _LAST.split()

    def name() -> str:
        return f"{chance.choice(first)} {chance.choice(last)}"

    def mistyped() -> str:
        word = chance.choice([one for one in last if len(one) > 4])  # noqa: PLR2004 - a length
        return f"{word[:2]}x{word[3:]} {chance.randrange(1000)}"

    asked: dict[str, Callable[[], dict[str, str]]] = {
        "first and last name": lambda: {"q": name()},
        "beginning and number": lambda: {
            "q": f"{chance.choice(first)[:3]} {chance.randrange(1000)}"
        },
        "mistyped": lambda: {"q": mistyped()},
        "interests in a city": lambda: {
            "interests": ",".join(chance.sample(_LIKES, 2)),
            "city": chance.choice(_CITIES)[0],
        },
    }
    return {
        what: [wire.Asked.model_validate(make()).wanted() for _ in range(asks)]
        for what, make in asked.items()
    }


async def _compare(
    report: Report,
    what: str,
    database: Database,
    bare: psycopg.AsyncConnection,
    *,
    questions: Sequence[Wanted],
    people: int,
) -> None:
    search = parts.search(database, SystemClock())
    now = SystemClock().now()
    times: dict[str, list[float]] = {"kith": [], "sql": []}
    for number, wanted in enumerate(questions):
        me = crowd.name(number * 31 % people)

        async def kith(me: str = me, wanted: Wanted = wanted) -> None:
            await search.find(me, wanted, None, _PAGE)

        async def sql(me: str = me, wanted: Wanted = wanted) -> None:
            values = store.question(me, wanted, None, _PAGE + 1)
            query = store._FIND.encode()  # noqa: SLF001 - the very statement is the yardstick
            found = await (await bare.execute(query, values, prepare=True)).fetchall()
            rows = service._ROWS.encode()  # noqa: SLF001 - as above
            given = {"viewer": me, "now": now, "people": [row[1] for row in found]}
            await (await bare.execute(rows, given, prepare=True)).fetchall()

        sides = [("kith", kith), ("sql", sql)]
        # The second to ask finds the pages in memory: take turns in being second.
        for side, ask in sides if number % 2 else reversed(sides):
            begin = time.perf_counter()
            await ask()
            times[side].append((time.perf_counter() - begin) * 1000)
    for side, values in times.items():
        times[side] = values[len(values) // 10 :]  # the first tenth warms caches
        report.add(f"{what}: p50, {side}", percentile(times[side], 50), "ms")
        report.add(f"{what}: p99, {side}", percentile(times[side], 99), "ms")
    ratio = percentile(times["kith"], 99) / percentile(times["sql"], 99)
    report.at_most(f"{what}: p99 ratio, kith / sql", ratio, "x", _LIMIT)


async def _facets(report: Report, database: Database, asks: int, people: int) -> None:
    search = parts.search(database, SystemClock())
    wanted = wire.Asked(q=_LAST.split(maxsplit=1)[0]).wanted()
    took = []
    for number in range(max(20, asks // 10)):
        begin = time.perf_counter()
        await search.facets(crowd.name(number % people), wanted)
        took.append((time.perf_counter() - begin) * 1000)
    report.add(f"facets of {people // 14:,} people: p50", percentile(took, 50), "ms")
    report.add(f"facets of {people // 14:,} people: p99", percentile(took, 99), "ms")


async def _suggestions(report: Report, database: Database, asks: int, people: int) -> None:
    suggestions = Suggestions(database, SystemClock(), RequestRules())
    made, read = [], []
    for number in range(asks):
        me = crowd.name(number * 17 % people)
        begin = time.perf_counter()
        await suggestions.make(me)
        made.append((time.perf_counter() - begin) * 1000)
        begin = time.perf_counter()
        await suggestions.page(me, None, _PAGE)
        read.append((time.perf_counter() - begin) * 1000)
    for what, values in (("made", made), ("a page", read)):
        report.add(f"suggestions {what}: p50", percentile(values, 50), "ms")
        report.add(f"suggestions {what}: p99", percentile(values, 99), "ms")
