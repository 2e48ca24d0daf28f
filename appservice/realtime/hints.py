# SPDX-License-Identifier: AGPL-3.0-or-later
"""Redis as the gateway asks it: for hints, not for long, and not again at once when it is away."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from appservice.realtime.patience import patience

_LOG = structlog.get_logger("kith.realtime")
PATIENCE = 0.75
"""Seconds one question may take, while nothing holds up this process itself."""

_LEAVE_ALONE = 3.0
"""Seconds without a question after one that was not answered."""

AWAY = (RedisError, OSError, TimeoutError)


class AwayError(Exception):
    """There is no Redis, or it does not answer; whoever asked says what happens then."""


class Hints:
    """One process's Redis. A server that hangs costs one question its patience, not everybody.

    Attributes:
        redis: the client; None without one.
    """

    def __init__(
        self, redis: Redis | None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.redis = redis
        self._monotonic = monotonic
        self._until = 0.0

    @property
    def away(self) -> bool:
        """Whether it is left alone at the moment."""
        return self.redis is None or self._monotonic() < self._until

    @asynccontextmanager
    async def asked(self) -> AsyncIterator[Redis]:
        """Redis, for one question.

        Raises:
            AwayError: there is none, it is left alone, or it did not answer in time.
        """
        if self.redis is None or self.away:
            raise AwayError
        try:
            async with patience(PATIENCE):
                yield self.redis
        except AWAY as error:
            self.lost(error)
            raise AwayError from error

    def lost(self, error: Exception) -> None:
        """It did not answer."""
        if not self.away:
            _LOG.warning("redis_away", error=type(error).__name__)
        self._until = self._monotonic() + _LEAVE_ALONE
