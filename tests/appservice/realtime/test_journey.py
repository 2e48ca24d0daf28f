# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Matrix client on one side, sockets on the other, a real Synapse and `serve` between them."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any
from urllib.parse import quote

import aiohttp
import psycopg
import pytest
import pytest_asyncio

from stack.postgres import Postgres
from stack.redis import Redis
from tests.support.eventually import eventually
from tests.support.live import Socket
from tests.support.matrix import MatrixUser
from tests.support.stack import TestStack, Wish

NUMBERS = itertools.count(1)
pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack(
    migrated: Postgres, redis_server: Redis, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestStack]:
    folder = tmp_path_factory.mktemp("realtime")
    async with TestStack(migrated, redis_server, folder, Wish(worker=False)) as running:
        yield running


async def connect(stack: TestStack, user: MatrixUser, path: str = "/ws/community/") -> Socket:
    bearer = {"Authorization": f"Bearer {user.token}"}
    url = f"{stack.public_url}/api/v1/auth/ws-connection-token/"
    async with user.http.post(url, headers=bearer) as answer:
        assert answer.status == 200, await answer.text()
        token = (await answer.json())["connection_token"]
    mark = "&" if "?" in path else "?"
    websocket = await user.http.ws_connect(
        f"{stack.public_url}{path}{mark}connection_token={token}", origin=stack.public_url
    )
    socket = Socket(websocket)
    await socket.until("ready")
    return socket


async def subscribe(socket: Socket, room: str, **more: Any) -> dict[str, Any]:
    """Subscribe, once Kith has heard of the membership."""

    async def begun() -> dict[str, Any] | None:
        await socket.say(type="subscribe", room=room, id="sub", **more)
        while True:
            frame = await socket.next()
            if frame.get("re") == "sub":
                return frame if frame["event"] == "subscribed" else None

    return await eventually(begun, within=60)  # type: ignore[return-value]


async def room_of(owner: MatrixUser, version: str, *others: MatrixUser) -> str:
    status, body = await owner.create_room(preset="public_chat", room_version=version)
    assert status == 200, body
    room = str(body["room_id"])
    for other in others:
        status, body = await other.join(room)
        assert status == 200, body
    return room


async def sent(user: MatrixUser, room: str, content: Any, kind: str = "m.room.message") -> str:
    status, body = await user.send(room, content, kind)
    assert status == 200, body
    return str(body["event_id"])


async def trust(stack: TestStack, *people: MatrixUser) -> None:
    """Let people open forums (D4)."""

    def run() -> None:
        with psycopg.connect(stack.database.url, autocommit=True) as connection:
            for user in people:
                connection.execute(
                    "INSERT INTO people (user_id, local, messages, active_days)"
                    " VALUES (%(who)s, true, 50, 20)"
                    " ON CONFLICT (user_id) DO UPDATE SET messages = 50, active_days = 20",
                    {"who": user.user_id},
                )

    await asyncio.to_thread(run)


async def test_both_worlds_see_the_same(stack: TestStack) -> None:
    alice, bob = await stack.register("alice"), await stack.register("bob")
    await trust(stack, alice)
    for version in ("12", "11"):
        room = await room_of(alice, version, bob)
        web = await connect(stack, bob)
        begun = await subscribe(web, room)
        assert begun["room_id"] == room

        first = await sent(alice, room, "hello from Element")
        frame = await web.until("message:new")
        assert (frame["event_id"], frame["content"]["body"]) == (first, "hello from Element")
        relation = {"rel_type": "m.replace", "event_id": first}
        edit = {"msgtype": "m.text", "body": "* hi", "m.new_content": {"body": "hi"}}
        await sent(alice, room, {**edit, "m.relates_to": relation})
        assert (await web.until("message:edited"))["content"] == {"body": "hi"}
        liked = {"rel_type": "m.annotation", "event_id": first, "key": "👍"}
        like = await sent(alice, room, {"m.relates_to": liked}, "m.reaction")
        assert (await web.until("reaction:added"))["key"] == "👍"
        path = f"/rooms/{quote(room)}/redact"
        await alice.request("PUT", f"{path}/{like}/r1{version}", {})
        assert (await web.until("reaction:removed"))["target"] == like
        await alice.request("PUT", f"{path}/{first}/r2{version}", {"reason": "oops"})
        assert (await web.until("message:redacted"))["target"] == first

        typing = f"/rooms/{quote(room)}/typing/{quote(alice.user_id)}"
        await alice.request("PUT", typing, {"typing": True, "timeout": 20_000})
        frame = await web.until("typing")
        assert (frame["user_id"], frame["typing"]) == (alice.user_id, True)
        last = await sent(alice, room, "read this")
        position = (await web.until("message:new"))["position"]
        await alice.request("POST", f"/rooms/{quote(room)}/receipt/m.read/{last}", {})
        assert (await web.until("receipt"))["event_id"] == last

        # The other direction: what the web types and reads is seen by a Matrix client.
        await web.say(type="read", room=room, event_id=last, id="r")
        await web.until("done")
        await web.say(type="typing", room=room, typing=True)
        await eventually(partial(seen, alice, room, bob, last), within=60)

        await sent(alice, room, "while away")
        again = await connect(stack, bob, f"/ws/community/room/{quote(room, safe='')}/")
        await again.until("subscribed")
        back = await connect(stack, bob)
        await subscribe(back, room, resume_from=position - 1)
        assert (await back.until("message:new"))["event_id"] == last
        assert (await back.until("message:new"))["content"]["body"] == "while away"

        kick = {"user_id": bob.user_id, "reason": "enough"}
        await alice.request("POST", f"/rooms/{quote(room)}/kick", kick)
        frame = await back.until("member:changed")
        assert (frame["membership"], frame["reason"]) == ("leave", "enough")
        assert (await back.until("unsubscribed"))["room_id"] == room
        assert await again.closed() == 4003
        await sent(alice, room, "behind his back")
        assert await back.silent()


async def seen(reader: MatrixUser, room: str, who: MatrixUser, event_id: str) -> bool:
    # Synapse keeps the answer to a first sync for a while; another filter asks anew.
    narrowed = json.dumps({"room": {"timeline": {"limit": next(NUMBERS)}}})
    status, body = await reader.request("GET", "/sync", timeout="0", filter=narrowed)
    assert status == 200
    events = body["rooms"]["join"].get(room, {}).get("ephemeral", {}).get("events", [])
    text = json.dumps(events)
    types = {event["type"] for event in events}
    return who.user_id in text and event_id in text and "m.receipt" in types


async def test_kills_cost_nobody_a_message(stack: TestStack) -> None:
    alice, bob = await stack.register("ann"), await stack.register("ben")
    await trust(stack, alice)
    room = await room_of(alice, "12", bob)
    web = await connect(stack, bob)
    position = (await subscribe(web, room))["position"]
    expected = [await sent(alice, room, f"{number}") for number in range(3)]
    heard: list[str] = []
    while len(heard) < 3:
        frame = await web.until("message:new")
        heard.append(frame["event_id"])
        position = frame["position"]

    stack.children["appservice"].kill()
    expected += [await sent(alice, room, f"{number}") for number in range(3, 6)]
    back = await eventually(lambda: reconnected(stack, bob), within=40)
    await subscribe(back, room, resume_from=position)
    expected += [await sent(alice, room, f"{number}") for number in range(6, 8)]
    while len(heard) < 8:
        heard.append((await back.until("message:new", within=30))["event_id"])

    stack.children["Synapse"].kill()
    status = 0

    async def up_again() -> bool:
        nonlocal status
        try:
            status, body = await alice.send(room, "after")
        except aiohttp.ClientError:
            return False
        if status == 200:
            expected.append(str(body["event_id"]))
        return status == 200

    await eventually(up_again, within=40)
    heard.append((await back.until("message:new", within=30))["event_id"])
    assert heard == expected


async def reconnected(stack: TestStack, user: MatrixUser) -> Socket | None:
    try:
        return await connect(stack, user)
    except (aiohttp.ClientError, AssertionError):
        return None
