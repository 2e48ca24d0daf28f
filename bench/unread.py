# SPDX-License-Identifier: AGPL-3.0-or-later
"""Unread counts of somebody in 200 rooms, and of everybody who has one loud room open.

Twice: with a few unread messages a room, and with thousands behind every mark, which is what the
cap is for.
"""

import time
from collections.abc import Awaitable, Callable

import psycopg

from appservice.database import Database
from appservice.unread import store
from bench import stage
from bench.report import Report, percentile

_SERVER = "bench.test"
_ME = f"@p0:{_SERVER}"
_LOUD = "!room0"
_BUDGET = 50.0
"""Milliseconds a snapshot may take."""

_FILL = """
INSERT INTO people (user_id, local)
SELECT format('@p%%s:%%s', n, %(server)s::text), true FROM generate_series(0, %(people)s - 1) n;
"""
_ROOMS = """
INSERT INTO rooms (room_id, id, kind, local, created_at)
SELECT format('!room%%s', n), gen_random_uuid(), 'forum', true, now()
FROM generate_series(0, %(rooms)s - 1) n
"""
# One person is in every room, everybody is in the loud one.
_MEMBERS = """
INSERT INTO memberships (room_id, user_id, membership, sender, event_id, stream_ordering, since,
                         joined_at)
SELECT DISTINCT ON (r, p) format('!room%%s', r), format('@p%%s:%%s', p, %(server)s::text), 'join',
       'x', 'x', 1, now(), 1
FROM (SELECT n AS r, 0 AS p FROM generate_series(0, %(rooms)s - 1) n
      UNION ALL SELECT 0, n FROM generate_series(0, %(people)s - 1) n) AS given
"""
_EVENTS = """
INSERT INTO events (event_id, room_id, sender, type, stream_ordering, origin_server_ts, applied_at,
                    counts_at)
SELECT '$e' || n, format('!room%%s', n %% %(rooms)s), '@somebody:far.test', 'm.room.message', n, n,
       now(), n
FROM generate_series(1, %(events)s) n
"""
_MARKS = """
INSERT INTO read_marks (user_id, room_id, event_id, position)
SELECT user_id, room_id, '$e', %(events)s::bigint - %(behind)s::bigint * %(rooms)s FROM memberships
ON CONFLICT (user_id, room_id, thread) DO UPDATE SET position = excluded.position
"""
_QUIET = ("people", "rooms", "memberships", "events", "read_marks")


async def run(*, quick: bool = False) -> Report:
    """Fill the tables, then count."""
    rooms, events, people, asks = (50, 20_000, 100, 40) if quick else (200, 1_000_000, 1_000, 400)
    with stage.folder() as place:
        async with stage.postgres(place) as postgres:
            url = postgres.url("kith", "kith")
            stage.migrate(url)
            _fill(url, rooms=rooms, events=events, people=people)
            report = Report("unread", f"{rooms} rooms, {events:,} messages, {people:,} watchers")
            for what, behind in (("3 unread a room", 3), ("all unread", events // rooms)):
                _mark(url, rooms=rooms, events=events, behind=behind)
                async with Database(url) as database:
                    await _measure(report, database, what, people, asks)
                    await _plan(report, database, what)
    return report


def _fill(url: str, *, rooms: int, events: int, people: int) -> None:
    values = {"server": _SERVER, "rooms": rooms, "events": events, "people": people}
    with psycopg.connect(url, autocommit=True) as connection:
        for table in _QUIET:
            # A million notifications would only measure the filling.
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        for statement in (_FILL, _ROOMS, _MEMBERS, _EVENTS):
            connection.execute(statement.encode(), values)
        connection.execute("VACUUM ANALYZE")


def _mark(url: str, *, rooms: int, events: int, behind: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_MARKS.encode(), {"rooms": rooms, "events": events, "behind": behind})
        connection.execute("VACUUM ANALYZE read_marks")


async def _measure(report: Report, database: Database, what: str, people: int, asks: int) -> None:
    async def snapshot() -> object:
        return await store.of_people(database, [_ME])

    async def one() -> object:
        return await store.of_pairs(database, [(_ME, _LOUD)])

    watchers = [(f"@p{number}:{_SERVER}", _LOUD) for number in range(people)]

    async def everybody() -> object:
        return await store.of_pairs(database, watchers)

    took = await _timed(snapshot, asks)
    report.at_most(f"{what}: snapshot, p50", percentile(took, 50), "ms", _BUDGET)
    report.add(f"{what}: snapshot, p99", percentile(took, 99), "ms")
    took = await _timed(one, asks)
    report.add(f"{what}: one room of one person, p50", percentile(took, 50), "ms")
    took = await _timed(everybody, max(10, asks // 10))
    report.add(f"{what}: one room of all watchers, p50", percentile(took, 50), "ms")


async def _timed(ask: Callable[[], Awaitable[object]], times: int) -> list[float]:
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        await ask()
        found.append((time.perf_counter() - begin) * 1000)
    return found[times // 10 :]


async def _plan(report: Report, database: Database, what: str) -> None:
    """The counts must come from the index made for them, however much is unread."""
    rows = await database.read("EXPLAIN " + store.OF_PEOPLE, {"people": [_ME]})
    plan = "\n".join(row[0] for row in rows)
    used = "events_counted" in plan and "Seq Scan on events" not in plan
    report.at_least(f"{what}: counted by index", float(used), "", 1)
