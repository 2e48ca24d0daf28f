# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many requests somebody may make: counted in Redis, in process while Redis is away.

A limit protects the service; nothing is lost when a counter is. So a Redis that hangs costs one
short wait and is then left alone for some seconds.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from redis.asyncio import Redis
from redis.exceptions import RedisError

from appservice.rest.route import Limit

# One round trip: count, start the window with the first request, tell how long it still runs.
_HIT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1])}
"""
_PATIENCE = 0.25
_LEAVE_ALONE = 5.0
_MAX_KEYS = 50_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The general limits, each overridable where the app is made.

    Attributes:
        reads: GET requests of a person.
        writes: everything else of a person.
        address: requests of one address, all people and the anonymous together.
        scale: what the limits of single routes are multiplied by.
    """

    reads: Limit = field(default_factory=lambda: Limit(600))
    writes: Limit = field(default_factory=lambda: Limit(120))
    address: Limit = field(default_factory=lambda: Limit(1_200))
    scale: int = 1


class Counters:
    """Fixed windows by key."""

    def __init__(
        self, redis: Redis | None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._redis = redis
        self._monotonic = monotonic
        self._avoid_until = 0.0
        self._memory: dict[str, tuple[int, float]] = {}

    async def hit(self, key: str, limit: Limit) -> int:
        """Charge one request.

        Returns:
            0 when it fits, else milliseconds until the window is over.
        """
        count, left_ms = await self._count(f"kith:rest:{key}:{limit.seconds}", limit.seconds)
        return 0 if count <= limit.count else max(1, left_ms)

    async def _count(self, key: str, seconds: int) -> tuple[int, int]:
        now = self._monotonic()
        if self._redis is not None and now >= self._avoid_until:
            try:
                async with asyncio.timeout(_PATIENCE):
                    count, left = await self._redis.eval(_HIT, 1, key, str(seconds * 1000))
                return int(count), int(left)
            except (RedisError, OSError, TimeoutError):
                self._avoid_until = now + _LEAVE_ALONE
        return self._in_memory(key, seconds, now)

    def _in_memory(self, key: str, seconds: int, now: float) -> tuple[int, int]:
        if len(self._memory) >= _MAX_KEYS:
            self._memory = {k: v for k, v in self._memory.items() if v[1] > now}
        count, ends = self._memory.get(key, (0, 0.0))
        if ends <= now:
            count, ends = 0, now + seconds
        self._memory[key] = (count + 1, ends)
        return count + 1, round((ends - now) * 1000)
