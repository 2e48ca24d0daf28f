# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from appservice.rest.limits import Counters
from appservice.rest.route import Limit
from stack.redis import Redis as RedisServer

LIMIT = Limit(3, 60)


class Watch:
    """A monotonic clock moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Redis]:
    opened: Redis = Redis.from_url(redis_server.url())
    await opened.flushdb()
    yield opened
    await opened.aclose()


async def test_redis_counts_over_processes(redis: Redis) -> None:
    one, other = Counters(redis), Counters(redis)
    assert [await each.hit("k", LIMIT) for each in (one, other, one)] == [0, 0, 0]
    assert 0 < await other.hit("k", LIMIT) <= 60_000
    assert await other.hit("else", LIMIT) == 0


async def test_without_redis_the_process_counts() -> None:
    watch = Watch()
    counters = Counters(None, watch)
    assert [await counters.hit("k", LIMIT) for _ in range(3)] == [0, 0, 0]
    assert await counters.hit("k", LIMIT) == 60_000
    watch.now += 60
    assert await counters.hit("k", LIMIT) == 0


async def test_a_redis_that_is_away_is_left_alone_for_a_while() -> None:
    watch = Watch()
    gone: Redis = Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2)
    counters = Counters(gone, watch)
    assert await counters.hit("k", LIMIT) == 0
    assert counters._avoid_until > watch.now
    assert [await counters.hit("k", LIMIT) for _ in range(2)] == [0, 0]
    assert await counters.hit("k", LIMIT) > 0
    await gone.aclose()
