# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from appservice.clock import SystemClock
from stack.redis import Redis as RedisServer
from tests.fakes.bodies import FakeBodies
from tests.fakes.clock import FrozenClock
from tests.fakes.events import Timeline
from tests.support.databases import Database
from tests.support.live import Live, open_live


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Redis]:
    opened: Redis = Redis.from_url(
        redis_server.url(), socket_timeout=5.0, socket_connect_timeout=1.0
    )
    # People have the same names in every test, and their rates would add up.
    await opened.flushdb()
    yield opened
    await opened.aclose()


@pytest.fixture
def bodies() -> FakeBodies:
    return FakeBodies()


@pytest.fixture
def timeline() -> Timeline:
    return Timeline(FrozenClock(SystemClock().now()))


@pytest.fixture
async def live(
    database: Database, redis: Redis, bodies: FakeBodies, timeline: Timeline
) -> AsyncIterator[Live]:
    async with open_live(database.url, redis, bodies, timeline) as opened:
        yield opened
