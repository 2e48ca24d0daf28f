# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many sockets a person has open over all processes (M4): Redis sums what each one says.

A process writes how many are open at its own doors, and holds a lease; what a process without a
lease has written does not count. While Redis is away each process counts for itself.
"""

import asyncio
from collections import Counter
from collections.abc import Collection

from redis.asyncio import Redis

from appservice.realtime import channels
from appservice.realtime.hints import AwayError, Hints

MOST_SOCKETS = 20
"""Sockets a person may have open."""

LEASE = 15
"""Seconds a process is believed without saying anything again. Short: after a kill a person with
many windows waits so long until all of them are back.
"""

_LONGEST = 25 * 3600
"""Seconds a number stays: longer than any socket lives."""

_CHUNK = 500

# The time is Redis's own: clocks of machines differ.
_TAKE = """
local now, others = tonumber(redis.call('TIME')[1]), 0
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  if all[i] ~= ARGV[1] then
    local lease = redis.call('ZSCORE', KEYS[2], all[i])
    if lease and tonumber(lease) > now then others = others + tonumber(all[i + 1])
    else redis.call('HDEL', KEYS[1], all[i]) end
  end
end
if others + tonumber(ARGV[2]) > tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""
_RENEW = """
local now = tonumber(redis.call('TIME')[1])
local had = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return had and tonumber(had) > now and 1 or 0
"""


class Quota:
    """Counts the sockets of one process, and asks about the others'."""

    def __init__(self, hints: Hints, mark: str, *, most: int = MOST_SOCKETS) -> None:
        """Args: Redis; what no other process has; how many a person may have."""
        self._hints = hints
        self._mark = mark
        self._most = most
        self._own: Counter[str] = Counter()
        self._unsaid: set[str] = set()
        self._leased = False

    async def take(self, user_id: str) -> bool:
        """Count one more; False when a person has too many open already."""
        if self._own[user_id] >= self._most:
            return False
        self._more(user_id, 1)
        try:
            if not self._leased:
                await self._renew()
            async with self._hints.asked() as redis:
                free = await redis.eval(
                    _TAKE,
                    2,
                    channels.sockets(user_id),
                    channels.PROCESSES,
                    self._mark,
                    str(self._own[user_id]),
                    str(self._most),
                    str(_LONGEST),
                )
        except AwayError:
            return True
        except BaseException:
            self._more(user_id, -1)
            raise
        if not free:
            self._more(user_id, -1)
        return bool(free)

    async def give(self, user_id: str) -> None:
        """One of them is closed."""
        self._more(user_id, -1)
        try:
            async with self._hints.asked() as redis:
                await self._say(redis, (user_id,))
        except AwayError:
            return

    async def run(self) -> None:
        """Renew the lease for ever."""
        while True:
            await self.renew()
            await asyncio.sleep(LEASE / 3)

    async def renew(self) -> None:
        """Go on being believed; what Redis may have missed is said again."""
        try:
            await self._renew()
        except AwayError:
            self._leased = False

    async def _renew(self) -> None:
        async with self._hints.asked() as redis:
            kept = await redis.eval(_RENEW, 1, channels.PROCESSES, self._mark, str(LEASE))
        if not kept:
            # A first start, a Redis that was emptied, a lease that ended: others may have
            # struck our numbers out.
            self._unsaid.update(self._own)
        self._leased = True
        saying, self._unsaid = self._unsaid, set()
        try:
            while saying:
                some = list(saying)[:_CHUNK]
                async with self._hints.asked() as redis:
                    await self._say(redis, some)
                saying.difference_update(some)
        finally:
            self._unsaid |= saying

    async def _say(self, redis: Redis, people: Collection[str]) -> None:
        pipe = redis.pipeline(transaction=False)
        for user_id in people:
            key = channels.sockets(user_id)
            if self._own[user_id]:
                pipe.hset(key, self._mark, str(self._own[user_id]))
                pipe.expire(key, _LONGEST)
            else:
                pipe.hdel(key, self._mark)
        await pipe.execute()

    def _more(self, user_id: str, by: int) -> None:
        self._own[user_id] += by
        if not self._own[user_id]:
            del self._own[user_id]
        if self._hints.redis is not None:
            # Said again at the next renewal: two answers to Redis may cross on their way.
            self._unsaid.add(user_id)
