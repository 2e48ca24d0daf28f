# SPDX-License-Identifier: AGPL-3.0-or-later
"""Publish and subscribe between gateway processes: Redis, or this process alone.

At most once, as Redis is: whoever subscribes is told when something may have been missed. What
cannot be published reaches at least the sockets of this very process.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Sequence

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from appservice import metrics

_LOG = structlog.get_logger("kith.realtime")
_PATIENCE = 1.0
_CONNECT = 3.0
_PAUSE = 0.25
_TICK = 1.0
_IDLE = "community:idle"
"""A channel nobody publishes to: a connection without any subscription cannot be listened on."""

Handler = Callable[[bytes], None]
_AWAY = (RedisError, OSError, TimeoutError)


class Bus:
    """Channels by name; handlers are plain functions and must not fail."""

    def __init__(self, redis: Redis | None, missed: Callable[[], None]) -> None:
        """Take Redis (None: this process alone) and whom to tell that messages may be lost."""
        self._redis = redis
        self._missed = missed
        self._handlers: dict[str, list[Handler]] = defaultdict(list)
        self._confirmed: dict[str, asyncio.Event] = {}
        self._pubsub: PubSub | None = None
        self._stale = False
        self._lock = asyncio.Lock()

    async def publish(self, messages: Sequence[tuple[str, bytes]]) -> bool:
        """Send; whether every process can have got them."""
        if self._redis is not None and messages:
            try:
                async with asyncio.timeout(_PATIENCE):
                    pipe = self._redis.pipeline(transaction=False)
                    for channel, body in messages:
                        pipe.publish(channel, body)
                    await pipe.execute()
            except _AWAY as error:
                metrics.ERRORS.labels("bus").inc()
                _LOG.warning("bus_away", error=type(error).__name__, lost=len(messages))
            else:
                return True
        for channel, body in messages:
            self._hand_out(channel, body)
        return self._redis is None

    async def subscribe(self, channel: str, handler: Handler) -> None:
        """Hear a channel from now on; returns once that is so, or Redis is away."""
        async with self._lock:
            handlers = self._handlers[channel]
            handlers.append(handler)
            if len(handlers) == 1:
                self._confirmed[channel] = asyncio.Event()
                await self._tell("subscribe", channel)
        if self._redis is not None:
            with contextlib.suppress(TimeoutError, KeyError):
                async with asyncio.timeout(_PATIENCE):
                    await self._confirmed[channel].wait()

    async def unsubscribe(self, channel: str, handler: Handler) -> None:
        """Hear it no more."""
        async with self._lock:
            handlers = self._handlers[channel]
            if handler in handlers:
                handlers.remove(handler)
            if not handlers:
                del self._handlers[channel]
                self._confirmed.pop(channel, None)
                await self._tell("unsubscribe", channel)

    async def run(self) -> None:
        """Keep listening for ever."""
        if self._redis is None:
            return
        while True:
            pubsub = self._redis.pubsub()
            try:
                async with self._lock, asyncio.timeout(_CONNECT):
                    self._stale = False
                    await pubsub.subscribe(_IDLE, *self._handlers)
                    self._pubsub = pubsub
                await self._listen(pubsub)
            except _AWAY as error:
                _LOG.warning("bus_lost", error=type(error).__name__)
            finally:
                self._pubsub = None
                with contextlib.suppress(*_AWAY):
                    await pubsub.aclose()  # type: ignore[no-untyped-call]
            await asyncio.sleep(_PAUSE)

    async def _listen(self, pubsub: PubSub) -> None:
        began = False
        while True:
            message = await pubsub.get_message(timeout=_TICK)
            if self._stale:
                raise ConnectionError
            if message is None:
                continue
            channel = message["channel"].decode()
            if message["type"] == "message":
                self._hand_out(channel, message["data"])
            elif message["type"] == "subscribe" and channel == _IDLE:
                # Also when the library has connected anew by itself.
                _LOG.info("bus_listens", again=began)
                began = True
                self._missed()
            elif message["type"] == "subscribe" and channel in self._confirmed:
                self._confirmed[channel].set()

    async def _tell(self, verb: str, channel: str) -> None:
        pubsub = self._pubsub
        if pubsub is None:
            # Once there is a connection it begins with every wanted channel.
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                await getattr(pubsub, verb)(channel)
        except _AWAY as error:
            # What is subscribed is not what is wanted: the connection is made anew.
            self._stale = True
            _LOG.warning("bus_lost", error=type(error).__name__)

    def _hand_out(self, channel: str, body: bytes) -> None:
        for handler in tuple(self._handlers.get(channel, ())):
            handler(body)
