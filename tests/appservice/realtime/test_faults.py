# SPDX-License-Identifier: AGPL-3.0-or-later
"""What fails between the parts: a Redis that hangs, a network that swallows, people who race."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from redis.asyncio import Redis

from appservice.realtime import hints as asking
from appservice.realtime.hints import AwayError, Hints
from bench.chaos.proxy import Proxy, to_port
from stack.redis import Redis as RedisServer
from tests.fakes.bodies import FakeBodies
from tests.fakes.events import Timeline
from tests.support.databases import Database
from tests.support.door import Person
from tests.support.eventually import eventually, stretched
from tests.support.live import Live, Socket, open_live


@pytest.fixture
async def between(redis_server: RedisServer) -> AsyncIterator[tuple[Proxy, Redis]]:
    """A proxy before Redis, and a client that goes through it."""
    async with Proxy(to_port(redis_server.port)) as proxy:
        url = redis_server.url(tcp=True).replace(f":{redis_server.port}/", f":{proxy.port}/")
        client: Redis = Redis.from_url(url, socket_timeout=5.0, socket_connect_timeout=1.0)
        await client.flushdb()
        yield proxy, client
        proxy.mend()
        await client.aclose()


async def bodies_of(socket: Socket, count: int, within: float = 8.0) -> list[str]:
    return [(await socket.until("message:new", within))["content"]["body"] for _ in range(count)]


async def said(live: Live, room: str, who: Person, *words: str) -> None:
    await live.accept(*(live.timeline.message(room, who.user_id, text) for text in words))


async def test_a_redis_that_hangs_delays_nobody(
    database: Database,
    between: tuple[Proxy, Redis],
    redis: Redis,
    bodies: FakeBodies,
    timeline: Timeline,
) -> None:
    proxy, client = between
    async with (
        open_live(database.url, client, bodies, timeline) as live,
        open_live(database.url, redis, bodies, timeline) as other,
    ):
        alice, bob = live.door.person("alice"), other.door.person("bob")
        room = await live.room("hung", alice, bob)
        held, later = await live.socket(alice), await live.socket(alice)
        his = await other.socket(bob)
        await held.subscribe(room)
        await his.subscribe(room)
        proxy.silence()
        begun = time.monotonic()
        await later.subscribe(room)
        assert time.monotonic() - begun < stretched(1.5)  # patience once
        begun = time.monotonic()
        await said(live, room, alice, "1")
        for socket in (held, later):
            assert await bodies_of(socket, 1) == ["1"]
        # Left alone now: nobody waits any more.
        for number in range(3):
            await later.say(type="unsubscribe", room=room, id=f"u{number}")
            assert (await later.until("unsubscribed"))["re"] == f"u{number}"
            await later.subscribe(room)
        assert time.monotonic() - begun < stretched(1.5)
        # The other process reads what its Redis did not bring: it looks every five seconds.
        assert await bodies_of(his, 1, within=60) == ["1"]
        proxy.mend()
        proxy.cut()
        await eventually(lambda: live.gateway.doors.hub.bus._pubsub is not None)
        await eventually(lambda: not live.gateway._hints.away)
        await said(live, room, alice, "2")
        for socket in (held, later, his):
            assert await bodies_of(socket, 1) == ["2"]
            assert await socket.silent()


async def test_one_question_finds_out_that_redis_is_away(between: tuple[Proxy, Redis]) -> None:
    proxy, client = between
    now = [100.0]
    hints = Hints(client, lambda: now[0])
    async with hints.asked() as redis:
        assert await redis.ping()
    proxy.silence()
    with pytest.raises(AwayError):
        async with hints.asked() as redis:
            await redis.ping()
    assert hints.away
    proxy.mend()
    with pytest.raises(AwayError):
        async with hints.asked() as redis:
            pytest.fail("asked although it is left alone")
    now[0] += asking._LEAVE_ALONE
    async with hints.asked() as redis:
        assert await redis.ping()
    with pytest.raises(AwayError):
        async with Hints(None).asked():
            pass


async def test_a_network_that_swallows_costs_nobody_a_message(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("cut", alice, bob)
    port = live.door.client.port
    assert port is not None
    async with Proxy(to_port(port)) as proxy, aiohttp.ClientSession() as session:

        async def connect() -> Socket:
            token = await live.token(bob)
            url = f"http://127.0.0.1:{proxy.port}/ws/community/?connection_token={token}"
            opened = Socket(await session.ws_connect(url))
            await opened.until("ready")
            return opened

        his, hers = await connect(), await live.socket(alice)
        await his.subscribe(room)
        await hers.subscribe(room)
        await said(live, room, alice, "1")
        last = (await his.until("message:new"))["position"]
        proxy.silence()
        for number in range(2, 40):
            await said(live, room, alice, str(number))
        assert await bodies_of(hers, 39) == [str(number) for number in range(1, 40)]
        # The network comes back with other connections; the old one is dead on both sides.
        proxy.cut()
        proxy.mend()
        await eventually(lambda: not live.gateway.doors.open.get(bob.user_id))
        back = await connect()
        await back.subscribe(room, resume_from=last)
        await said(live, room, alice, "40")
        assert await bodies_of(back, 39) == [str(number) for number in range(2, 41)]
        assert await back.silent()


async def test_who_leaves_while_coming_in_hears_nothing_afterwards(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    line = live.timeline
    for number in range(12):
        room = await live.room(f"race{number}", alice, bob)
        his = await live.socket(bob)
        kick = line.member(room, bob.user_id, "leave", alice.user_id)
        async with asyncio.TaskGroup() as group:
            group.create_task(his.say(type="subscribe", room=room, id="s"))
            group.create_task(_after(number, lambda event=kick: live.accept(event)))
        await said(live, room, alice, "behind his back")
        await his.say(type="ping", id="end")
        heard = []
        while not heard or heard[-1].get("re") != "end":
            heard.append(await his.next())
        assert "message:new" not in [frame["event"] for frame in heard], heard
        assert bob.user_id not in live.gateway.doors.hub.listeners().get(room, ())
        await his.websocket.close()


async def _after(turns: int, act: Callable[[], Awaitable[None]]) -> None:
    """Do something some turns of the loop later."""
    for _ in range(turns * 4):
        await asyncio.sleep(0)
    await act()


async def test_a_token_used_by_many_at_once_lets_in_one(live: Live) -> None:
    alice = live.door.person("alice")
    token = await live.token(alice)
    opened = await asyncio.gather(*(live.connect("/ws/community/", token) for _ in range(8)))
    first = await asyncio.gather(*(one.websocket.receive(timeout=5) for one in opened))
    kinds = sorted(str(message.type.name) for message in first)
    assert kinds == ["CLOSE"] * 7 + ["TEXT"]


async def test_all_at_once_get_no_more_sockets_than_allowed(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live.gateway.doors.quota, "_most", 3)
    alice = live.door.person("alice")
    tokens = [await live.token(alice) for _ in range(9)]
    opened = await asyncio.gather(*(live.connect("/ws/community/", token) for token in tokens))
    first = await asyncio.gather(*(one.websocket.receive(timeout=5) for one in opened))
    assert [message.type is aiohttp.WSMsgType.TEXT for message in first].count(True) == 3
    assert {message.data for message in first if message.type is aiohttp.WSMsgType.CLOSE} == {4009}


async def test_what_was_said_before_a_stop_still_comes(live: Live) -> None:
    alice = live.door.person("alice")
    room = await live.room("stopping", alice)
    opened = [await live.socket(alice) for _ in range(3)]
    for one in opened:
        await one.subscribe(room)
    await said(live, room, alice, *(str(number) for number in range(50)))
    await eventually(lambda: live.gateway.doors.hub._rooms[room].seen == 52)
    stopping = asyncio.create_task(live.door.client.app.shutdown())  # type: ignore[union-attr]
    for one in opened:
        assert await bodies_of(one, 50) == [str(number) for number in range(50)]
        assert await one.closed() == 1001
    await stopping
