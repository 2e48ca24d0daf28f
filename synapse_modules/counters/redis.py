# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counters in Redis: one script checks and charges, so every worker counts the same.

An own connection through txredisapi, which Synapse brings. A Redis that is away or hangs costs
one send a quarter of a second; after that it is asked again only in the background.
"""

import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import txredisapi
from synapse.module_api import make_deferred_yieldable
from twisted.internet.defer import CancelledError, Deferred

from policy.posting import Charge
from policy.verdict import ALLOW, Verdict
from synapse_modules.counters import lifetime_ms, verdict_of
from synapse_modules.errors import CountersAwayError

logger = logging.getLogger(__name__)

PATIENCE = 0.25
"""Seconds to wait for one answer."""

PROBE_EVERY = 1.0
"""Seconds between two looks whether Redis is back."""

_PREFIX = "kith:rate:"

# KEYS: the token, then the counters. ARGV: now, the token's life (0: no token), a name for this
# charge, then for each counter its life, its number of windows and each window's count and
# milliseconds. Mirrors policy.posting.wait_ms. Gives the wait of each counter, or {} when the
# token was charged before.
_SCRIPT = """
local now, token_life, name = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
if token_life > 0 and redis.call('EXISTS', KEYS[1]) == 1 then return {} end
local waits, refused, at = {}, false, 4
for i = 2, #KEYS do
  local life, windows = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  at = at + 2
  local longest = 0
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now - life)
  for _ = 1, windows do
    local count, span = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
    at = at + 2
    local from = '(' .. string.format('%d', now - span)
    local inside = redis.call('ZCOUNT', KEYS[i], from, '+inf')
    if inside >= count then
      local oldest = now
      if count > 0 then
        local row = redis.call('ZRANGEBYSCORE', KEYS[i], from, '+inf', 'WITHSCORES',
                               'LIMIT', inside - count, 1)
        oldest = tonumber(row[2])
      end
      longest = math.max(longest, oldest + span - now)
    end
  end
  if longest > 0 then refused = true end
  waits[#waits + 1] = string.format('%d', longest)
end
if refused then return waits end
at = 4
for i = 2, #KEYS do
  local life, windows = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  at = at + 2 + 2 * windows
  redis.call('ZADD', KEYS[i], now, name)
  redis.call('PEXPIRE', KEYS[i], life)
end
if token_life > 0 then redis.call('SET', KEYS[1], '1', 'PX', token_life) end
return waits
"""


class RedisCounters:
    """Sliding window logs as sorted sets."""

    def __init__(self, url: str, reactor: Any, process: str) -> None:
        """Prepare; nothing is connected before `start`.

        Args:
            url: redis:// or unix:// address, with its password.
            reactor: Twisted's, for deadlines.
            process: a name no other process of this Synapse has.
        """
        self._url = url
        self._reactor = reactor
        self._process = process
        self._charges = 0
        self._redis: Any = None
        self._away = False
        self._probe: Any = None
        self._stopped = False

    def start(self) -> None:
        """Connect in the background, again whenever the connection is lost."""
        self._redis = _connection(self._url)

    def stop(self) -> None:
        """Disconnect."""
        self._stopped = True
        if self._probe is not None and self._probe.active():
            self._probe.cancel()
        if self._redis is not None:
            self._redis.disconnect().addErrback(lambda _: None)

    async def charge(self, charges: Sequence[Charge], token: str | None, now_ms: int) -> Verdict:
        """See `Counters.charge`."""
        if not charges:
            return ALLOW
        if self._redis is None or self._away:
            raise CountersAwayError("redis")
        self._charges += 1
        keys = [f"{_PREFIX}txn:{token or ''}", *(_PREFIX + charge.key for charge in charges)]
        lives = [lifetime_ms(charge) for charge in charges]
        words: list[int | str] = [
            now_ms,
            max(lives) if token is not None else 0,
            f"{self._process}:{now_ms}:{self._charges}",
        ]
        for charge, life in zip(charges, lives, strict=True):
            words += [life, len(charge.windows)]
            for window in charge.windows:
                words += [window.count, window.seconds * 1000]
        waits = await self._asked(self._redis.eval(_SCRIPT, keys, words))
        return verdict_of(charges, [int(wait) for wait in waits]) if waits else ALLOW

    async def _asked(self, asked: "Deferred[Any]") -> Any:
        asked.addTimeout(PATIENCE, self._reactor)
        try:
            return await make_deferred_yieldable(asked)
        except CancelledError:
            raise
        except Exception as problem:
            self._lost(problem)
            raise CountersAwayError("redis") from problem

    def _lost(self, problem: BaseException) -> None:
        if self._away or self._stopped:
            return
        self._away = True
        logger.warning("Redis does not count (%s); the database does", type(problem).__name__)
        self._probe = self._reactor.callLater(PROBE_EVERY, self._look)

    def _look(self) -> None:
        asked: Deferred[Any] = self._redis.ping()
        asked.addTimeout(PATIENCE, self._reactor)
        asked.addCallbacks(self._back, self._still_away)

    def _back(self, _: Any) -> None:
        self._away = False
        logger.info("Redis counts again")

    def _still_away(self, _: Any) -> None:
        if not self._stopped:
            self._probe = self._reactor.callLater(PROBE_EVERY, self._look)


def _connection(url: str) -> Any:
    parts = urlsplit(url)
    password = unquote(parts.password) if parts.password else None
    common = {"reconnect": True, "password": password, "connectTimeout": 2, "replyTimeout": 2}
    if parts.scheme == "unix":
        database = int(parse_qs(parts.query).get("db", ["0"])[0])
        return txredisapi.lazyUnixConnection(unquote(parts.path), dbid=database, **common)
    return txredisapi.lazyConnection(
        parts.hostname or "localhost",
        parts.port or 6379,
        dbid=int(parts.path.strip("/") or 0),
        **common,
    )
