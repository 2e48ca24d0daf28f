# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person has so many sockets, wherever they are open (M4)."""

import pytest
from redis.asyncio import Redis

from appservice.realtime import hints
from appservice.realtime.hints import Hints
from appservice.realtime.quota import MOST_SOCKETS, Quota
from tests.fakes.bodies import FakeBodies
from tests.fakes.events import Timeline
from tests.support.databases import Database
from tests.support.eventually import eventually
from tests.support.live import Live, open_live

ALICE = "@alice:hs.test"


async def test_a_socket_too_many_is_refused_in_whichever_process(
    database: Database,
    redis: Redis,
    bodies: FakeBodies,
    timeline: Timeline,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # On a busy machine Redis is slow, not away; otherwise nobody would be refused.
    monkeypatch.setattr(hints, "PATIENCE", 20.0)
    async with (
        open_live(database.url, redis, bodies, timeline) as one,
        open_live(database.url, redis, bodies, timeline) as other,
    ):
        for quota in (one.gateway.doors.quota, other.gateway.doors.quota):
            await eventually(lambda quota=quota: _leased(quota))
        people = {live: live.door.person("alice") for live in (one, other)}
        bob = other.door.person("bob")
        for number in range(MOST_SOCKETS):
            live = (one, other)[number % 2]
            last = await live.socket(people[live])
        for live in (one, other):
            refused = await live.connect("/ws/community/", await live.token(people[live]))
            assert await refused.closed() == 4009
        await other.socket(bob)
        await last.websocket.close()
        await eventually(lambda: len(other.gateway.doors.open[ALICE]) == MOST_SOCKETS // 2 - 1)

        async def given() -> bool:
            kept = await redis.hvals(f"community:sockets:{ALICE}")
            return sum(map(int, kept)) == MOST_SOCKETS - 1

        await eventually(given)
        await one.socket(people[one])


async def _leased(quota: Quota) -> bool:
    await quota.renew()
    return quota._leased


async def test_without_redis_a_process_counts_for_itself(
    database: Database, bodies: FakeBodies, timeline: Timeline
) -> None:
    async with open_live(database.url, None, bodies, timeline) as live:
        await _full(live)
    gone: Redis = Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2)
    counted = Quota(Hints(gone), "a", most=1)
    assert await counted.take(ALICE)
    assert not await counted.take(ALICE)
    await counted.give(ALICE)
    assert await counted.take(ALICE)
    await gone.aclose()


async def _full(live: Live) -> None:
    alice = live.door.person("alice")
    for _ in range(MOST_SOCKETS):
        await live.socket(alice)
    refused = await live.connect("/ws/community/", await live.token(alice))
    assert await refused.closed() == 4009


@pytest.mark.parametrize("emptied", [False, True])
async def test_a_killed_process_is_believed_for_a_lease_only(
    redis: Redis, *, emptied: bool
) -> None:
    dead, alive = (Quota(Hints(redis), mark, most=2) for mark in ("dead", "alive"))
    assert await dead.take(ALICE)
    assert await dead.take(ALICE)
    assert not await alive.take(ALICE)
    # Its lease ends without a word of it; or Redis has been restarted.
    await (redis.flushdb() if emptied else redis.zadd("community:processes", {"dead": 1}))
    assert await alive.take(ALICE)
    # Should it have been cut off only, what it says next is true again.
    await dead.renew()
    assert not await alive.take(ALICE)
    assert sorted(await redis.hvals(f"community:sockets:{ALICE}")) == [b"1", b"2"]
    await dead.give(ALICE)
    await alive.give(ALICE)
    assert await alive.take(ALICE)
    assert 0 < await redis.ttl("community:processes") <= 60


async def test_numbers_that_redis_missed_are_said_again(redis: Redis) -> None:
    now = [0.0]
    asked = Hints(redis, lambda: now[0])
    quota, other = Quota(asked, "a", most=1), Quota(Hints(redis), "b", most=1)
    assert await quota.take(ALICE)
    asked.lost(ConnectionError())
    await quota.give(ALICE)
    assert not await other.take(ALICE)
    now[0] = 10.0
    await quota.renew()
    assert await other.take(ALICE)
