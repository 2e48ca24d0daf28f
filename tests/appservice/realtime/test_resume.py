# SPDX-License-Identifier: AGPL-3.0-or-later
"""No gap and nothing twice: reconnects, two processes, a bus that loses, a Redis that dies."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from appservice.realtime import replay
from stack.child import Child
from stack.redis import Redis as RedisServer
from tests.fakes.bodies import FakeBodies
from tests.fakes.events import Timeline
from tests.support.databases import Database
from tests.support.door import Person
from tests.support.eventually import eventually
from tests.support.live import Live, Socket, open_live


async def bodies_of(socket: Socket, count: int, within: float = 8.0) -> list[str]:
    return [(await socket.until("message:new", within))["content"]["body"] for _ in range(count)]


def texts(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last + 1)]


async def said(live: Live, room: str, who: Person, words: list[str]) -> None:
    await live.accept(*(live.timeline.message(room, who.user_id, text) for text in words))


async def test_what_was_missed_comes_first_then_the_present(live: Live) -> None:
    alice = live.door.person("alice")
    room = await live.room("resume", alice)
    socket = await live.socket(alice)
    await socket.subscribe(room)
    await said(live, room, alice, texts(1, 3))
    last = 0
    for _ in range(3):
        last = (await socket.next())["position"]
    await socket.websocket.close()
    await said(live, room, alice, texts(4, 8))
    again = await live.socket(alice, f"/ws/community/room/{room}/")
    await again.websocket.close()
    path = f"/ws/community/room/{room}/?resume_from={last}"
    back = await live.socket(alice, path)
    assert (await back.next())["position"] == last
    await said(live, room, alice, texts(9, 9))
    assert await bodies_of(back, 6) == texts(4, 9)
    assert await back.silent()


async def test_resuming_while_much_is_said(live: Live) -> None:
    alice = live.door.person("alice")
    room = await live.room("busy", alice)
    await said(live, room, alice, texts(1, 50))
    sockets = [await live.socket(alice) for _ in range(8)]

    async def talk() -> None:
        for number in range(51, 111):
            await said(live, room, alice, [str(number)])

    async def listen(socket: Socket, number: int) -> None:
        for _ in range(number):
            await socket.say(type="ping")
            await socket.until("pong")
        await socket.say(type="subscribe", room=room, resume_from=2)
        assert await bodies_of(socket, 110) == texts(1, 110)

    async with asyncio.TaskGroup() as group:
        group.create_task(talk())
        for number, socket in enumerate(sockets):
            group.create_task(listen(socket, number))


async def test_too_far_behind_is_told_to_read_the_history(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "MOST", 10)
    alice = live.door.person("alice")
    room = await live.room("old", alice)
    await said(live, room, alice, texts(1, 20))
    for position in (1, 10**15):
        socket = await live.socket(alice)
        begun = await socket.subscribe(room, resume_from=position)
        frame = await socket.next()
        assert (frame["event"], frame["position"]) == ("resync", 22)
        assert begun["position"] == 22
        assert await socket.silent()


async def test_a_replay_shows_only_what_may_be_seen(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("private", alice)
    line, me = live.timeline, alice.user_id
    await live.commit(
        line.event(room, me, "m.room.history_visibility", {"history_visibility": "joined"}, ""),
        line.message(room, me, "before bob"),
        line.member(room, bob.user_id, "join"),
        gone := line.message(room, me, "regretted"),
        line.event(room, me, "m.room.redaction", {"redacts": gone.event_id}),
        line.message(room, me, "for all"),
    )
    socket = await live.socket(bob)
    await socket.subscribe(room, resume_from=2)
    found = [await socket.next() for _ in range(3)]
    assert [frame["event"] for frame in found] == [
        "member:changed",
        "message:redacted",
        "message:new",
    ]
    assert found[2]["content"]["body"] == "for all"
    assert await socket.silent()


async def test_what_the_bus_lost_is_read_from_the_database(live: Live) -> None:
    alice = live.door.person("alice")
    room = await live.room("lossy", alice)
    socket = await live.socket(alice)
    await socket.subscribe(room)
    await live.commit(live.timeline.message(room, alice.user_id, "1"))
    await said(live, room, alice, ["2"])
    assert await bodies_of(socket, 2) == ["1", "2"]
    # Nothing follows that would show the gap: the sweep finds it.
    await live.commit(live.timeline.message(room, alice.user_id, "3"))
    assert await bodies_of(socket, 1) == ["3"]


async def test_bodies_away_for_a_while_delay_and_lose_nothing(live: Live) -> None:
    alice = live.door.person("alice")
    room = await live.room("away", alice)
    socket = await live.socket(alice)
    await socket.subscribe(room)
    live.bodies.away = True
    await live.commit(live.timeline.message(room, alice.user_id, "1"))
    await said(live, room, alice, ["2"])
    assert await socket.silent()
    live.bodies.away = False
    assert await bodies_of(socket, 2) == ["1", "2"]


async def test_a_leave_that_was_lost_still_ends_hearing(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "MOST", 3)
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("far", alice, bob)
    socket = await live.socket(bob)
    await socket.subscribe(room)
    line = live.timeline
    await live.commit(
        line.member(room, bob.user_id, "leave"),
        *(line.message(room, alice.user_id, text) for text in texts(1, 5)),
    )
    await said(live, room, alice, ["6"])
    assert (await socket.next())["event"] == "resync"
    assert (await socket.next())["event"] == "unsubscribed"
    assert await socket.silent()


@pytest.fixture
async def own_redis(tmp_path: Path) -> AsyncIterator[tuple[Child, RedisServer]]:
    tmp_path.chmod(0o711)  # noqa: ASYNC240 - once
    server = RedisServer(tmp_path / "redis", tmp_path / "redis.log")
    server.prepare()
    child = Child(server.program())
    await child.start()
    yield child, server
    await child.stop()


async def test_two_processes_and_a_redis_that_dies(
    database: Database,
    own_redis: tuple[Child, RedisServer],
    bodies: FakeBodies,
    timeline: Timeline,
) -> None:
    child, server = own_redis
    clients = [
        Redis.from_url(server.url(), socket_timeout=1.0, socket_connect_timeout=1.0)
        for _ in range(2)
    ]
    async with (
        open_live(database.url, clients[0], bodies, timeline) as one,
        open_live(database.url, clients[1], bodies, timeline) as other,
    ):
        alice, bob = one.door.person("alice"), other.door.person("bob")
        room = await one.room("shared", alice, bob)
        hers, his = await one.socket(alice), await other.socket(bob)
        await hers.subscribe(room)
        await his.subscribe(room)
        await said(one, room, alice, texts(1, 2))
        await said(other, room, alice, texts(3, 4))
        assert await bodies_of(hers, 4) == texts(1, 4)
        assert await bodies_of(his, 4) == texts(1, 4)
        died = child.restarts
        child.kill()
        await said(one, room, alice, texts(5, 6))
        assert await bodies_of(hers, 2) == texts(5, 6)
        # The other process hears nothing from Redis; its own look finds it.
        assert await bodies_of(his, 2, within=60) == texts(5, 6)
        await eventually(lambda: child.restarts > died, within=60)
        for number in range(7, 30):
            await said(one, room, alice, [str(number)])
        assert await bodies_of(hers, 23, within=60) == texts(7, 29)
        assert await bodies_of(his, 23, within=60) == texts(7, 29)
        assert await hers.silent()
        assert await his.silent()
    for client in clients:
        await client.aclose()


async def test_without_redis_one_process_is_enough(
    database: Database, bodies: FakeBodies, timeline: Timeline
) -> None:
    async with open_live(database.url, None, bodies, timeline) as alone:
        alice = alone.door.person("alice")
        room = await alone.room("alone", alice)
        socket = await alone.socket(alice)
        await socket.subscribe(room)
        await said(alone, room, alice, texts(1, 3))
        assert await bodies_of(socket, 3) == texts(1, 3)


async def test_a_homeserver_that_tells_no_order(
    database: Database, redis: Redis, bodies: FakeBodies, timeline: Timeline
) -> None:
    async with open_live(database.url, redis, bodies, timeline, foreign=True) as live:
        alice = live.door.person("alice")
        room = await live.room("foreign", alice)
        socket, back = await live.socket(alice), await live.socket(alice)
        assert (await socket.subscribe(room))["position"] is None
        await back.subscribe(room, resume_from=3)
        assert (await back.next())["event"] == "resync"
        await said(live, room, alice, texts(1, 2))
        frame = await socket.next()
        assert (frame["position"], frame["content"]["body"]) == (None, "1")
        assert await bodies_of(back, 2) == texts(1, 2)
        # After a loss on the bus everybody is told to look for themselves.
        live.gateway.doors.hub._missed.set()
        assert (await back.next())["event"] == "resync"
        leave = live.timeline.member(room, alice.user_id, "leave")
        await live.accept(leave)
        assert (await back.next())["event_id"] == leave.event_id
        assert (await back.next())["event"] == "unsubscribed"
