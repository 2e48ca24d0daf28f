# SPDX-License-Identifier: AGPL-3.0-or-later
"""One message to many sockets: Kith's gateway beside a bare aiohttp and Redis broadcast.

The time runs from the homeserver's acceptance; with Kith it includes the commit of the registry.
Throughput is told per second of processor time of the server, so that the clients, which share
the machine, do not count.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import aiohttp
import yaml
from redis.asyncio import Redis as RedisClient

from appservice.clock import SystemClock
from appservice.database import Database
from appservice.realtime.tokens import Tokens
from appservice.rest.access import Caller
from bench import stage
from bench.load import cpu_seconds
from bench.report import Report, percentile
from bench.sockets import Crowd
from policy.ids import UserId
from stack.child import Program
from stack.health import answers
from stack.ports import free_port
from stack.postgres import Postgres
from stack.redis import Redis
from stack.templates import ROOT

_RATE, _P99 = 50_000.0, 25.0
_BATCH = 200
"""Deliveries one run of the intake leads to at least: accepted events are applied together."""

_PEOPLE = """
INSERT INTO people (user_id, local) SELECT '@user' || n || ':hs.bench', true
FROM generate_series(0, %(last)s) AS n
"""
_ROOMS = """
INSERT INTO rooms (room_id, id, kind, local, created_at)
SELECT '!r' || n, gen_random_uuid(), 'forum', true, now() FROM generate_series(0, %(last)s) AS n
"""
_MEMBERS = """
INSERT INTO memberships (room_id, user_id, membership, sender, event_id, stream_ordering, since)
SELECT '!r' || n / %(each)s, '@user' || n || ':hs.bench', 'join', '', '', 0, now()
FROM generate_series(0, %(last)s) AS n
"""

Say = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Shape:
    """How many rooms of how many sockets."""

    rooms: int
    each: int

    @property
    def sockets(self) -> int:
        """All of them."""
        return self.rooms * self.each

    @property
    def batch(self) -> int:
        """Messages accepted together."""
        return max(1, min(self.rooms, _BATCH // self.each))


async def run(*, quick: bool = False) -> Report:
    """Both sides, both shapes, one after the other on the same servers."""
    shapes = [Shape(1, 100), Shape(10, 20)] if quick else [Shape(1, 1_000), Shape(200, 20)]
    runs = 40 if quick else 250
    report = Report("fanout", f"messages of 300 bytes in {runs} and {runs * 4} runs")
    with stage.folder() as place:
        redis = Redis(place / "redis", place / "redis.log")
        redis.prepare()
        async with stage.postgres(place) as postgres, stage.running(redis.program()):
            for shape in shapes:
                for side in ("bare", "kith"):
                    await _Side(place, postgres, redis, side, shape).measure(report, runs)
    return report


@dataclass(frozen=True, slots=True)
class _Side:
    place: Path
    postgres: Postgres
    redis: Redis
    side: str
    shape: Shape

    async def measure(self, report: Report, runs: int) -> None:
        """Start the server, open the sockets, speak."""
        port, name = free_port(), f"{self.side}_{self.shape.rooms}"
        self.postgres.create_database(name, owner="kith")
        url = self.postgres.url(name, "kith")
        stage.migrate(url)
        await self._populate(url)
        program = Program(
            name=name,
            argv=(sys.executable, "-m", "bench.fanout_server", self.side, str(port)),
            log=self.place / f"{name}.log",
            ready=lambda: answers(f"http://127.0.0.1:{port}/healthz"),
            env={"KITH_CONFIG": str(self._settings(url, port)), "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
        )
        crowd, batch, each = Crowd(), self.shape.batch, self.shape.each
        async with stage.running(program) as child, aiohttp.ClientSession() as session:
            await crowd.connect(port, await self._paths())

            async def say(number: int) -> None:
                some = ((number * batch + i) % self.shape.rooms for i in range(batch))
                query = "&".join(f"room={quote(f'!r{room}')}" for room in some)
                async with session.post(f"http://127.0.0.1:{port}/say?{query}") as answer:
                    answer.raise_for_status()

            await say(0)
            await crowd.count(batch * each)
            paced = await _paced(crowd, say, batch * each, runs)
            used = await _burst(crowd, say, batch * each, runs * 4, child.pid or 0)
            crowd.close()
        _tell(report, self.side, self.shape, paced, used)

    async def _populate(self, url: str) -> None:
        last = self.shape.sockets - 1
        async with Database(url) as database:
            await database.run(_PEOPLE, {"last": last})
            await database.run(_ROOMS, {"last": self.shape.rooms - 1})
            await database.run(_MEMBERS, {"last": last, "each": self.shape.each})

    def _settings(self, url: str, port: int) -> Path:
        path = self.place / f"{self.side}_{self.shape.rooms}.yaml"
        secret = SystemClock().token()
        settings = {
            "server_name": "hs.bench",
            "public_url": f"http://127.0.0.1:{port}",
            "database_url": url,
            "redis_url": self.redis.url(),
            "appservice": {"as_token": secret, "hs_token": secret},
            "secret_key": secret,
            "log": {"level": "warning"},
        }
        path.write_text(yaml.safe_dump(settings), "utf-8")
        return path

    async def _paths(self) -> list[str]:
        people = [(n // self.shape.each, f"@user{n}:hs.bench") for n in range(self.shape.sockets)]
        if self.side == "bare":
            return [f"/ws?room={quote(f'!r{room}')}" for room, _ in people]
        client = RedisClient.from_url(self.redis.url())
        tokens = Tokens(client, SystemClock())
        made = [await tokens.make(Caller(UserId(user), local=True)) for _, user in people]
        await client.aclose()
        return [
            f"/ws/community/room/{quote(f'!r{room}')}/?connection_token={token}"
            for (room, _), token in zip(people, made, strict=True)
        ]


async def _paced(crowd: Crowd, say: Say, each: int, runs: int) -> list[float]:
    """Half of the wanted rate, evenly: what a person waits."""
    crowd.forget()
    pause = each / (_RATE / 2)
    begin = time.perf_counter()
    for number in range(runs):
        await asyncio.sleep(max(0.0, begin + number * pause - time.perf_counter()))
        await say(number)
    await crowd.count(runs * each)
    return crowd.latencies


async def _burst(
    crowd: Crowd, say: Say, each: int, runs: int, pid: int
) -> tuple[int, float, float]:
    """As fast as it goes with a few runs under way: deliveries, seconds, seconds of processor."""
    crowd.forget()
    cpu, begin = cpu_seconds(pid), time.perf_counter()
    for number in range(runs):
        await say(number)
        # As a real homeserver, which waits for its own disk, the speaker is not far ahead.
        await crowd.count(max(0, (number - 2) * each))
    await crowd.count(runs * each)
    return runs * each, time.perf_counter() - begin, cpu_seconds(pid) - cpu


def _tell(
    report: Report,
    side: str,
    shape: Shape,
    paced: Sequence[float],
    most: tuple[int, float, float],
) -> None:
    title = f"{side}, {shape.rooms} x {shape.each}"
    delivered, seconds, cpu = most
    report.add(f"{title}: delivered", delivered / seconds, "/s")
    report.add(f"{title}: processor time a delivery", cpu / delivered * 1e6, "µs")
    report.add(f"{title}: p50", percentile(paced, 50), "ms")
    if side == "kith" and shape.rooms == 1:
        report.at_least(f"{title}: per processor second", delivered / cpu, "/s", _RATE)
        report.at_most(f"{title}: p99", percentile(paced, 99), "ms", _P99)
    else:
        report.add(f"{title}: per processor second", delivered / cpu, "/s")
        report.add(f"{title}: p99", percentile(paced, 99), "ms")
