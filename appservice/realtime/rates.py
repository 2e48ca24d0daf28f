# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many commands a person may send over all sockets and processes (M5): a sliding minute.

Protects the service only, so nothing is refused while Redis is away; each socket has its own
allowance besides.
"""

from appservice.clock import Clock
from appservice.realtime import channels
from appservice.realtime.hints import AwayError, Hints
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


class Rates:
    """Counts commands."""

    def __init__(self, hints: Hints, clock: Clock, *, per_minute: int = PER_MINUTE) -> None:
        self._hints = hints
        self._clock = clock
        self._most = per_minute

    async def charge(self, user_id: str) -> None:
        """Count one command.

        Raises:
            KithError: `too_many_requests`, with when to try again.
        """
        key, mark = channels.rate(user_id), self._clock.new_id().hex
        try:
            async with self._hints.asked() as redis:
                wait = await redis.eval(_CHARGE, 1, key, str(self._most), mark)
        except AwayError:
            return
        if wait:
            raise Code.TOO_MANY_REQUESTS.error(retry_after_ms=int(wait))
