# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many commands a person may send over all sockets and processes (M5): a sliding minute.

Protects the service only, so nothing is refused while Redis is away; each socket has its own
allowance besides.
"""

import asyncio
import time
from collections.abc import Callable

from redis.asyncio import Redis
from redis.exceptions import RedisError

from appservice.clock import Clock
from appservice.realtime import channels
from appservice.rest.codes import Code

PER_MINUTE = 240

_CHARGE = """
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ms - 60000)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then
  local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return math.max(1, first[2] + 60000 - ms)
end
redis.call('ZADD', KEYS[1], ms, ARGV[2])
redis.call('PEXPIRE', KEYS[1], 60000)
return 0
"""
_PATIENCE = 0.25
_LEAVE_ALONE = 5.0


class Rates:
    """Counts commands."""

    def __init__(
        self,
        redis: Redis | None,
        clock: Clock,
        *,
        per_minute: int = PER_MINUTE,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis = redis
        self._clock = clock
        self._most = per_minute
        self._monotonic = monotonic
        self._avoid_until = 0.0

    async def charge(self, user_id: str) -> None:
        """Count one command.

        Raises:
            KithError: `too_many_requests`, with when to try again.
        """
        if self._redis is None or self._monotonic() < self._avoid_until:
            return
        key, mark = channels.rate(user_id), self._clock.new_id().hex
        try:
            async with asyncio.timeout(_PATIENCE):
                wait = await self._redis.eval(_CHARGE, 1, key, str(self._most), mark)
        except (RedisError, OSError, TimeoutError):
            self._avoid_until = self._monotonic() + _LEAVE_ALONE
            return
        if wait:
            raise Code.TOO_MANY_REQUESTS.error(retry_after_ms=int(wait))
