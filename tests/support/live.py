# SPDX-License-Identifier: AGPL-3.0-or-later
"""A gateway over real databases, a homeserver that says what a test lets it say, and sockets."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType
from redis.asyncio import Redis

from appservice.homeserver.event import Event
from appservice.realtime.gateway import Gateway
from appservice.registry.projector import Projector
from tests.fakes.bodies import FakeBodies
from tests.fakes.events import Timeline
from tests.support.door import Door, Person, open_door

SERVICE = "@kith:hs.test"
_SEEDS = itertools.count(100)


class Socket:
    """A client's end."""

    def __init__(self, websocket: ClientWebSocketResponse) -> None:
        self.websocket = websocket

    async def next(self, within: float = 20.0) -> dict[str, Any]:
        """The next frame."""
        message = await self.websocket.receive(timeout=within)
        assert message.type is WSMsgType.TEXT, (message, self.websocket.close_code)
        frame: dict[str, Any] = json.loads(message.data)
        assert frame["v"] == 1
        return frame

    async def until(self, event: str, within: float = 20.0) -> dict[str, Any]:
        """The next frame of a kind; others are passed over."""
        async with asyncio.timeout(within):
            while True:
                frame = await self.next(within)
                if frame["event"] == event:
                    return frame

    async def say(self, **command: Any) -> None:
        """Send a command."""
        await self.websocket.send_json(command)

    async def subscribe(self, room: str, **more: Any) -> dict[str, Any]:
        """Subscribe; the answer."""
        await self.say(type="subscribe", room=room, **more)
        frame = await self.next()
        assert frame["event"] == "subscribed", frame
        return frame

    async def silent(self) -> bool:
        """Whether nothing waits: a pong is the next thing that comes."""
        await self.say(type="ping", id="silent")
        frame = await self.next()
        assert frame["event"] == "pong", frame
        return True

    async def closed(self, within: float = 20.0) -> int:
        """The code with which the other side closes."""
        while True:
            message = await self.websocket.receive(timeout=within)
            if message.type is WSMsgType.CLOSE:
                return int(message.data)
            assert message.type is WSMsgType.TEXT, message


class Live:
    """One gateway process and what is said in its world."""

    def __init__(self, door: Door, timeline: Timeline, bodies: FakeBodies) -> None:
        self.door = door
        self.timeline = timeline
        self.bodies = bodies
        self._projector = Projector("hs.test", SERVICE, door.clock)

    @property
    def gateway(self) -> Gateway:
        return self.door.gateway

    async def commit(self, *events: Event) -> list[Event]:
        """Events are accepted and applied; nobody is told."""
        self.bodies.commit(*events)
        async with self.door.database.transaction() as tx:
            return await self._projector.apply(tx, events)

    async def accept(self, *events: Event) -> None:
        """Events are accepted, applied and published, as the consumer does it."""
        publisher = self.gateway.publisher
        self.bodies.commit(*events)
        async with self.door.database.plain() as tx:
            fresh = await self._projector.apply(tx, events)
            asked = {name: await tx.ask(*one) for name, one in publisher.questions(fresh).items()}
        publisher.applied(fresh, {name: await one.rows() for name, one in asked.items()})

    async def room(self, name: str, *people: Person, kind: str = "forum") -> str:
        """A room everybody named is in."""
        room_id = f"!{name}"
        creator = people[0].user_id
        stamp = {"social.kith.kind": kind, "room_version": "12"}
        await self.commit(
            self.timeline.create(room_id, creator, **stamp),
            *(self.timeline.member(room_id, person.user_id, "join") for person in people),
        )
        return room_id

    async def token(self, person: Person) -> str:
        answer = await person.post("/api/v1/auth/ws-connection-token/")
        assert answer.status == 200, answer.text
        return str(answer.body["connection_token"])

    async def connect(self, path: str, token: str, **headers: str) -> Socket:
        mark = "&" if "?" in path else "?"
        return Socket(
            await self.door.client.ws_connect(
                f"{path}{mark}connection_token={token}", headers=headers, max_msg_size=0
            )
        )

    async def socket(self, person: Person, path: str = "/ws/community/") -> Socket:
        """An open socket, past its first frame."""
        socket = await self.connect(path, await self.token(person))
        ready = await socket.next()
        assert ready == {"v": 1, "event": "ready", "user_id": person.user_id}
        return socket


@asynccontextmanager
async def open_live(
    database_url: str,
    redis: Redis | None,
    bodies: FakeBodies,
    timeline: Timeline,
    *,
    foreign: bool = False,
) -> AsyncIterator[Live]:
    """A gateway process; several may share the database, Redis and the homeserver."""
    source = None if foreign else bodies
    async with open_door(database_url, redis=redis, bodies=source, seed=next(_SEEDS)) as door:
        yield Live(door, timeline, bodies)
