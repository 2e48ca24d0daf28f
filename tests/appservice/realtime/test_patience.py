# SPDX-License-Identifier: AGPL-3.0-or-later
"""A loop that is held up does not make Redis dead; a server that says nothing is given up."""

import asyncio
import time

import pytest
from redis.asyncio import Redis

from appservice.realtime.bus import Bus
from appservice.realtime.hints import PATIENCE, Hints
from appservice.realtime.patience import patience
from tests.support.eventually import eventually


def _hold_up(seconds: float) -> None:
    """Let nothing else run in this process."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


async def test_a_loop_that_is_held_up_does_not_make_redis_dead(redis: Redis) -> None:
    hints = Hints(redis)
    bus = Bus(hints, lambda: None, bytes(16))
    running = asyncio.create_task(bus.run())
    try:
        connection = await eventually(lambda: bus._pubsub)
        for channel in ("one", "other"):
            asked = asyncio.create_task(_asked(hints))
            wanted = asyncio.create_task(bus.subscribe({channel: lambda _: None}))
            # Both have gone out, and nobody has looked at an answer.
            for _ in range(4):
                await asyncio.sleep(0)
            assert not bus._changed
            _hold_up(PATIENCE * 1.2)
            await asyncio.gather(asked, wanted)
            assert not hints.away
            assert bus._pubsub is connection
            assert channel not in bus._confirmed
    finally:
        running.cancel()
        await asyncio.wait([running])


async def _asked(hints: Hints) -> None:
    async with hints.asked() as redis:
        assert await redis.ping()


async def test_a_server_that_says_nothing_is_given_up() -> None:
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        async with patience(0.3):
            await asyncio.Event().wait()
    assert time.monotonic() - begun > 0.25
    async with patience(0.3):
        pass
