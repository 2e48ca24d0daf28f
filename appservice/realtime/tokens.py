# SPDX-License-Identifier: AGPL-3.0-or-later
"""Connection tokens: what a signed-in person trades for one socket within a minute (M4).

A browser cannot send headers with a WebSocket, and an address stands in logs; so the address
carries something that is worthless once used. Redis keeps a hash; without Redis, this process.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError

from appservice.clock import Clock
from appservice.errors import Unavailable
from appservice.realtime import channels
from appservice.rest.access import Caller

LIFE = 60
"""Seconds."""

_PATIENCE = 1.0


@dataclass(frozen=True, slots=True)
class Admitted:
    """Whom a token lets in.

    Attributes:
        user_id: the person.
        local: has the account here.
        session: hash of the session it was made with, in hex; None for a Matrix access token.
    """

    user_id: str
    local: bool
    session: str | None


class Tokens:
    """Makes tokens and takes them back."""

    def __init__(
        self,
        redis: Redis | None,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis = redis
        self._clock = clock
        self._monotonic = monotonic
        self._memory: dict[str, tuple[str, float]] = {}

    async def make(self, caller: Caller) -> str:
        """A token for the caller.

        Raises:
            Unavailable: Redis is away.
        """
        token = self._clock.token()
        session = caller.session.hex() if caller.session else None
        value = json.dumps([caller.user_id, caller.local, session])
        key = _key(token)
        if self._redis is None:
            now = self._monotonic()
            self._memory = {k: v for k, v in self._memory.items() if v[1] > now}
            self._memory[key] = (value, now + LIFE)
            return token
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._redis.set(key, value, ex=LIFE)
        except (RedisError, OSError, TimeoutError) as error:
            raise Unavailable("redis") from error
        return token

    async def take(self, token: str) -> Admitted | None:
        """Whom the token lets in, once; None when it is not, or no longer, good.

        Raises:
            Unavailable: Redis is away.
        """
        key = _key(token)
        if self._redis is None:
            kept, until = self._memory.pop(key, ("", 0.0))
            value: str | bytes | None = kept if until > self._monotonic() else None
        else:
            try:
                async with asyncio.timeout(_PATIENCE):
                    value = await self._redis.getdel(key)
            except (RedisError, OSError, TimeoutError) as error:
                raise Unavailable("redis") from error
        if not value:
            return None
        user_id, local, session = json.loads(value)
        return Admitted(user_id, local, session)


def _key(token: str) -> str:
    digest = hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
    return channels.token(digest)
