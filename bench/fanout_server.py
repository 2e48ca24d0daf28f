# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two servers of `bench.fanout`: Kith's gateway as it is, and the least that could do it.

`python -m bench.fanout_server kith|bare PORT`. Both take `POST /say?room=…` as the homeserver's
acceptance of a message: Kith's intake reads and applies it first, as it does with Synapse's
stream; the other one only publishes.
"""

import asyncio
import json
import sys
import time
from collections.abc import Collection, Mapping
from typing import Any

import uvloop
from aiohttp import web
from redis.asyncio import Redis

from appservice.assembly import assemble
from appservice.homeserver.consumer import Consumer
from appservice.homeserver.event import Event
from appservice.homeserver.loop import consume
from appservice.homeserver.stream import Row
from appservice.listening import Listening
from appservice.realtime.envelope import Packet
from appservice.registry.projector import Projector
from appservice.rest.app import GATEWAY, make_app
from appservice.rest.limits import Limits
from appservice.rest.route import Limit
from appservice.server import settle
from appservice.settings import Settings, load

SENDER = "@user0:hs.bench"
_WORDS = "word " * 40


class _Said:
    """Synapse's database, as far as the intake and the gateway read it."""

    def __init__(self) -> None:
        self._bodies: list[dict[str, Any]] = []

    def accept(self, room: str) -> None:
        """A message is in the stream; positions begin at 1."""
        number = len(self._bodies) + 1
        event = _message(room, number)
        fields = ("event_id", "room_id", "sender", "type", "content")
        body = {name: getattr(event, name) for name in fields}
        self._bodies.append({**body, "origin_server_ts": event.ts})

    async def after(self, position: int, limit: int) -> list[Row]:
        """What follows a position."""
        last = min(len(self._bodies), position + limit)
        return [Row(number, self._bodies[number - 1]) for number in range(position + 1, last + 1)]

    async def these(self, positions: Collection[int]) -> list[Row]:
        """Bodies."""
        there = (number for number in positions if number <= len(self._bodies))
        return [Row(number, self._bodies[number - 1]) for number in there]

    async def end(self) -> int:
        """Nothing was said before Kith came."""
        return 0

    async def redacted(self, event_ids: Collection[str]) -> set[str]:
        """Nothing."""
        return set(event_ids) - set(event_ids)

    async def room_state(
        self, room_id: str, kind: str, *, past: bool
    ) -> list[tuple[int, Mapping[str, Any]]]:
        """Nothing."""
        found: list[tuple[int, Mapping[str, Any]]] = [(0, {"of": f"{room_id} {kind} {past}"})]
        return found[:0]

    async def memberships(self, room_id: str, user_id: str) -> list[tuple[int, str]]:
        """Nothing."""
        return [(0, f"{room_id} {user_id}")][:0]


def _message(room: str, number: int) -> Event:
    content = {"msgtype": "m.text", "body": _WORDS, "at": time.monotonic_ns()}
    return Event(
        f"$e{number}", room, SENDER, "m.room.message", None, content, 1_767_614_400_000, number
    )


async def _kith(settings: Settings, port: int) -> None:
    async with assemble(settings) as assembly:
        wide, said = Limit(10**9), _Said()
        app = make_app(assembly, limits=Limits(wide, wide, wide), bodies=said)
        projector = Projector(settings.server_name, settings.service_user, assembly.clock)
        consumer = Consumer(assembly.database, projector, assembly.clock, said)
        consumer.tell(app[GATEWAY].publisher)
        held, wake = asyncio.Event(), asyncio.Event()
        held.set()

        async def say(request: web.Request) -> web.Response:
            for room in request.query.getall("room"):
                said.accept(room)
            wake.set()
            return web.Response()

        app.router.add_post("/say", say)
        async with Listening(app, "127.0.0.1", port), asyncio.TaskGroup() as group:
            settle()
            group.create_task(consume(consumer, held, wake))


class _Bare:
    """A set of transports a room, and one subscription."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._pubsub = redis.pubsub()
        self._rooms: dict[str, set[asyncio.Transport]] = {}
        self._numbers = iter(range(10**9))
        self._first = asyncio.Event()
        self._lock = asyncio.Lock()

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        websocket = web.WebSocketResponse(compress=False)
        await websocket.prepare(request)
        room = request.query["room"]
        async with self._lock:
            if room not in self._rooms:
                self._rooms[room] = set()
                await self._pubsub.subscribe(room)
                self._first.set()
        if request.transport is not None:
            self._rooms[room].add(request.transport)
        await websocket.send_str('{"event":"subscribed"}')
        async for _ in websocket:
            pass
        return websocket

    async def say(self, request: web.Request) -> web.Response:
        for room in request.query.getall("room"):
            event = _message(room, next(self._numbers))
            frame = {"event_id": event.event_id, "sender": SENDER, "content": event.content}
            await self._redis.publish(room, json.dumps(frame, separators=(",", ":")))
        return web.Response()

    async def well(self, _request: web.Request) -> web.Response:
        return web.Response()

    async def listen(self) -> None:
        await self._first.wait()
        while True:
            message = await self._pubsub.get_message(ignore_subscribe_messages=True, timeout=1.0)
            if message is not None:
                wire = Packet(message["data"]).wire
                for transport in self._rooms[message["channel"].decode()]:
                    transport.write(wire)


async def _bare(settings: Settings, port: int) -> None:
    url = settings.redis_url
    if url is None:
        raise RuntimeError("Redis is what the two have in common")
    bare = _Bare(Redis.from_url(url.get_secret_value()))
    app = web.Application()
    app.router.add_get("/ws", bare.connect)
    app.router.add_post("/say", bare.say)
    app.router.add_get("/healthz", bare.well)
    async with Listening(app, "127.0.0.1", port):
        settle()
        await bare.listen()


def main(arguments: list[str]) -> None:
    """Serve until killed."""
    side, port = arguments
    run = {"kith": _kith, "bare": _bare}[side]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(load(), int(port)))


if __name__ == "__main__":
    main(sys.argv[1:])
