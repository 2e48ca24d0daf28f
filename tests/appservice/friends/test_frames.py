# SPDX-License-Identifier: AGPL-3.0-or-later
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.asyncio.client import PubSub

from appservice.erasure import parts as erasure
from appservice.erasure.tables import Tables
from appservice.erasure.ties import Ties
from appservice.people.farewell import Farewell
from schema.channels import friends_frames
from stack.redis import Redis as RedisServer
from tests.support.databases import Database
from tests.support.door import Door, Person, open_door
from tests.support.eventually import eventually


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Redis]:
    opened: Redis = Redis.from_url(redis_server.url())
    yield opened
    await opened.aclose()


@pytest.fixture
async def live(database: Database, redis: Redis) -> AsyncIterator[Door]:
    async with open_door(database.url, redis=redis) as opened:
        yield opened


class Listener:
    """Somebody's frames, as they come."""

    def __init__(self, pubsub: PubSub) -> None:
        self._pubsub = pubsub

    async def next(self) -> dict[str, Any]:
        async def message() -> Any:
            return await self._pubsub.get_message(ignore_subscribe_messages=True)

        found = await eventually(message)
        decoded: dict[str, Any] = json.loads(found["data"])
        return decoded

    async def silent(self) -> bool:
        return await self._pubsub.get_message(ignore_subscribe_messages=True) is None


async def listen(redis: Redis, person: Person) -> Listener:
    pubsub = redis.pubsub()
    await pubsub.subscribe(friends_frames(person.user_id))
    await eventually(lambda: pubsub.get_message(timeout=1))
    return Listener(pubsub)


async def test_both_sides_hear_of_a_request_and_its_acceptance(live: Door, redis: Redis) -> None:
    alice, bob = live.person("alice"), live.person("bob")
    hers, his = await listen(redis, alice), await listen(redis, bob)
    request = (await alice.post("/api/profile/bob/friend-request")).body
    told = await his.next()
    assert told["event"] == "friend_request:created"
    assert told["user_id"] == alice.user_id
    assert told["request"]["id"] == request["id"]
    assert told["pending"] == {"incoming": 1, "outgoing": 0}
    assert (await hers.next())["pending"] == {"incoming": 0, "outgoing": 1}
    await bob.post(f"/api/friends/{request['id']}/respond", {"action": "accept"})
    for listener in (hers, his):
        frame = await listener.next()
        assert frame["event"] == "friend:added"
        assert frame["pending"] == {"incoming": 0, "outgoing": 0}


async def test_a_decline_reaches_only_the_one_who_declined(live: Door, redis: Redis) -> None:
    alice, bob = live.person("alice"), live.person("bob")
    request = (await alice.post("/api/profile/bob/friend-request")).body["id"]
    hers, his = await listen(redis, alice), await listen(redis, bob)
    await bob.post(f"/api/friends/{request}/respond", {"action": "decline"})
    assert (await his.next())["request"]["status"] == "declined"
    # The next thing she hears of is something later: the decline was never sent to her.
    await alice.post(f"/api/friends/{request}/cancel")
    frame = await hers.next()
    assert frame["request"]["status"] == "cancelled"
    assert await his.silent()


async def test_a_block_looks_like_parting(live: Door, redis: Redis) -> None:
    alice, bob = live.person("alice"), live.person("bob")
    await live.befriend(alice, bob)
    his = await listen(redis, bob)
    await alice.post("/api/profile/bob/block")
    frame = await his.next()
    assert frame["event"] == "friend:removed"
    assert "block" not in json.dumps(frame)


@pytest.mark.parametrize("for_good", [False, True])
async def test_others_hear_that_somebody_is_gone(
    live: Door, redis: Redis, *, for_good: bool
) -> None:
    names = ("alice", "bob", "carol", "dave", "erin", "frank")
    alice, bob, carol, dave, erin, frank = (live.person(name) for name in names)
    await live.befriend(alice, bob)
    for one, other in ((bob, alice), (erin, alice), (alice, frank), (frank, alice)):
        assert (await one.post(f"/api/profile/{other.user_id}/follow")).status == 204
    await alice.post("/api/profile/carol/friend-request")
    await dave.post("/api/profile/alice/friend-request")
    friend, asked, asking = [await listen(redis, one) for one in (bob, carol, dave)]
    follower, both_ways = [await listen(redis, one) for one in (erin, frank)]
    database, clock, friends = live.database, live.clock, live.assembly.friends
    if for_good:
        begun = await erasure.erasures(live.assembly).ask(alice.user_id)
        assert begun.progress.erasure
        ties = Ties(database, Tables(database, clock), friends, clock)
        await ties.end(begun.progress.erasure, alice.user_id)
    else:
        await Farewell(database, clock, friends).deactivate(alice.user_id)
    told = await friend.next()
    assert (told["event"], told["user_id"]) == ("friend:removed", alice.user_id)
    assert await friend.silent(), "a friend who follows is told once"
    for one in (follower, both_ways):
        told = await one.next()
        assert (told["event"], told["user_id"]) == ("follow:removed", alice.user_id)
        assert await one.silent()
    assert (await erin.get("/api/me/following")).body["people"] == []
    told = await asked.next()
    assert (told["event"], told["request"]["status"]) == ("friend_request:updated", "cancelled")
    assert told["pending"] == {"incoming": 0, "outgoing": 0}
    if for_good:
        told = await asking.next()
        assert told["request"]["status"] == "expired"
        assert told["pending"] == {"incoming": 0, "outgoing": 0}
    else:
        # To whoever asked it goes on looking like a request that waits (D39).
        assert await asking.silent()
        sent = (await dave.get("/api/me/friend-requests?direction=outgoing")).body["requests"]
        assert len(sent) == 1


async def test_redis_away_costs_only_the_hint(database: Database) -> None:
    gone: Redis = Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2)
    async with open_door(database.url, redis=gone) as door:
        alice, bob = door.person("alice"), door.person("bob")
        await door.befriend(alice, bob)
        ready = (await door.ask("GET", "/readyz")).body
        assert ready["parts"]["redis"] is False
    await gone.aclose()
