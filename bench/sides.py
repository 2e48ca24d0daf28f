# SPDX-License-Identifier: AGPL-3.0-or-later
"""The four servers of `bench.fanout`, each with its sockets open and somebody who speaks."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
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
from bench.peers import fetched, nats
from bench.sockets import Crowd
from policy.ids import UserId
from stack.child import Program
from stack.health import answers
from stack.ports import free_port
from stack.postgres import Postgres
from stack.redis import Redis
from stack.templates import ROOT

SIDES = ("bare", "kith", "channels", "nats")
LAYER = "channels_redis.core.RedisChannelLayer"
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

    def spoken(self, number: int) -> list[str]:
        """Rooms in which something is said in a run."""
        some = ((number * self.batch + i) % self.rooms for i in range(self.batch))
        return [f"r{room}" for room in some]

    def room_of(self, socket: int) -> str:
        """The room a socket is in."""
        return f"r{socket // self.each}"


@dataclass(frozen=True, slots=True)
class Servers:
    """Starts them."""

    place: Path
    postgres: Postgres
    redis: Redis
    shape: Shape

    def start(self, side: str, crowd: Crowd) -> AbstractAsyncContextManager[tuple[int, Say]]:
        """A server with all sockets open: its process, and who speaks."""
        ways = {"kith": self._kith, "channels": self._channels, "nats": self._nats}
        return ways.get(side, self._bare)(crowd)

    @asynccontextmanager
    async def _bare(self, crowd: Crowd) -> AsyncIterator[tuple[int, Say]]:
        port = free_port()
        paths = [f"/ws?room={quote('!' + self.shape.room_of(n))}" for n in self._numbers]
        env = {"KITH_CONFIG": str(self._settings("postgresql://", port))}
        async with stage.running(self._ours("bare", port, env)) as child:
            await crowd.connect(port, paths)
            async with self._said_by_http(port) as say:
                yield child.pid or 0, say

    @asynccontextmanager
    async def kith(self) -> AsyncIterator[tuple[int, int]]:
        """Kith's gateway with its people and rooms: its port and its process."""
        port, name = free_port(), f"kith_{self.shape.rooms}"
        self.postgres.create_database(name, owner="kith")
        url = self.postgres.url(name, "kith")
        stage.migrate(url)
        async with Database(url) as database:
            await populate(database, self.shape)
        env = {"KITH_CONFIG": str(self._settings(url, port))}
        async with stage.running(self._ours("kith", port, env)) as child:
            yield port, child.pid or 0

    @asynccontextmanager
    async def _kith(self, crowd: Crowd) -> AsyncIterator[tuple[int, Say]]:
        async with self.kith() as (port, pid):
            made = await tokens(self.redis.url(), [f"@user{n}:hs.bench" for n in self._numbers])
            paths = [
                f"/ws/community/room/{quote('!' + room)}/?connection_token={token}"
                for room, token in zip(map(self.shape.room_of, self._numbers), made, strict=True)
            ]
            await crowd.connect(port, paths)
            async with self._said_by_http(port) as say:
                yield pid, say

    @asynccontextmanager
    async def _channels(self, crowd: Crowd) -> AsyncIterator[tuple[int, Say]]:
        port = free_port()
        words = ("-b", "127.0.0.1", "-p", str(port), "--no-server-name", "-v", "0")
        program = Program(
            name="channels",
            argv=(
                str(fetched.programs() / "daphne"),
                *words,
                "bench.peers.channels_app:application",
            ),
            log=self.place / "channels.log",
            ready=lambda: answers(f"http://127.0.0.1:{port}/healthz"),
            env={
                "PYTHONPATH": str(ROOT),
                "KITH_BENCH_REDIS": self.redis.url(tcp=True),
                "KITH_BENCH_LAYER": LAYER,
            },
            cwd=ROOT,
        )
        paths = [f"/ws?room={quote('!' + self.shape.room_of(n))}" for n in self._numbers]
        async with stage.running(program) as child:
            await crowd.connect(port, paths)
            async with self._said_by_http(port) as say:
                yield child.pid or 0, say

    @asynccontextmanager
    async def _nats(self, crowd: Crowd) -> AsyncIterator[tuple[int, Say]]:
        port, web_port, watch_port = free_port(), free_port(), free_port()
        config = nats.configuration(self.place, port, web_port, watch_port)
        program = Program(
            name="nats",
            argv=(str(fetched.programs() / "nats-server"), "-c", str(config)),
            log=self.place / "nats.log",
            ready=lambda: answers(f"http://127.0.0.1:{watch_port}/healthz"),
            cwd=ROOT,
        )
        paths = [f"/?room={self.shape.room_of(n)}" for n in self._numbers]
        async with stage.running(program) as child:
            await crowd.connect(web_port, paths, kind=nats.NatsClient)
            speaker = await nats.Speaker.connect(port)

            async def say(number: int) -> None:
                await speaker.say(self.shape.spoken(number))

            yield child.pid or 0, say
            speaker.close()

    @property
    def _numbers(self) -> range:
        return range(self.shape.sockets)

    def _ours(self, side: str, port: int, env: dict[str, str]) -> Program:
        return Program(
            name=side,
            argv=(sys.executable, "-m", "bench.fanout_server", side, str(port)),
            log=self.place / f"{side}_{self.shape.rooms}.log",
            ready=lambda: answers(f"http://127.0.0.1:{port}/healthz"),
            env={**env, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
        )

    def _settings(self, url: str, port: int) -> Path:
        path = self.place / f"{port}.yaml"
        path.write_text(yaml.safe_dump(settings(url, self.redis.url(), port)), "utf-8")
        return path

    @asynccontextmanager
    async def _said_by_http(self, port: int) -> AsyncIterator[Say]:
        async with aiohttp.ClientSession() as session:

            async def say(number: int) -> None:
                query = "&".join(f"room={quote('!' + room)}" for room in self.shape.spoken(number))
                async with session.post(f"http://127.0.0.1:{port}/say?{query}") as answer:
                    answer.raise_for_status()

            yield say


async def populate(database: Database, shape: Shape) -> None:
    """Write the people, rooms and memberships of a shape."""
    last = shape.sockets - 1
    await database.run(_PEOPLE, {"last": last})
    await database.run(_ROOMS, {"last": shape.rooms - 1})
    await database.run(_MEMBERS, {"last": last, "each": shape.each})


async def tokens(redis_url: str, people: list[str]) -> list[str]:
    """A connection token each."""
    client = RedisClient.from_url(redis_url)
    made = Tokens(client, SystemClock())
    found = [await made.make(Caller(UserId(user), local=True)) for user in people]
    await client.aclose()
    return found


def settings(url: str, redis_url: str, port: int) -> dict[str, object]:
    """Of a gateway for a benchmark."""
    secret = SystemClock().token()
    return {
        "server_name": "hs.bench",
        "public_url": f"http://127.0.0.1:{port}",
        "database_url": url,
        "redis_url": redis_url,
        "appservice": {"as_token": secret, "hs_token": secret},
        "secret_key": secret,
        "log": {"level": "warning"},
    }
