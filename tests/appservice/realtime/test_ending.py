# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio

import pytest
from redis.asyncio import Redis

from appservice.ending import ended
from appservice.realtime.bus import Bus
from appservice.realtime.hints import Hints
from stack.redis import Redis as RedisServer


async def test_what_swallows_a_cancellation_is_told_again() -> None:
    heard = 0

    async def deaf() -> None:
        nonlocal heard
        while heard < 2:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                heard += 1

    task = asyncio.create_task(deaf())
    await asyncio.wait([task], timeout=0)
    async with asyncio.timeout(60):
        await ended(task)
    assert (heard, task.done()) == (2, True)


@pytest.mark.timeout(120)
async def test_a_bus_ends_however_soon_it_is_told(redis_server: RedisServer) -> None:
    """A start that was refused hung now and then: Redis swallowed that the bus was to end."""
    for turns in range(0, 48, 2):
        own: Redis = Redis.from_url(redis_server.url())
        bus = Bus(Hints(own), lambda: None, bytes(16))
        task = asyncio.create_task(bus.run())
        wanted = asyncio.create_task(bus.subscribe({"a": lambda _: None, "b": lambda _: None}))
        for _ in range(turns):
            await asyncio.wait([task], timeout=0)
        async with asyncio.timeout(60):
            await ended(task, wanted)
        await own.aclose()
