# SPDX-License-Identifier: AGPL-3.0-or-later
"""Publish and subscribe between gateway processes: Redis, or this process alone.

What is published reaches the sockets of this very process at once, and the others by Redis: at
most once, and whoever subscribes is told when something may have been missed. A Redis that hangs
delays nobody here.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub

from appservice import metrics
from appservice.ending import ended
from appservice.realtime.envelope import Envelope
from appservice.realtime.hints import AWAY, PATIENCE, AwayError, Hints
from appservice.realtime.patience import patience

_LOG = structlog.get_logger("kith.realtime")
_CONNECT = 3.0
_PAUSE = 0.25
_TICK = 1.0
_LONGEST = 10_000
"""Messages that may wait for Redis; then they are dropped: others read the database."""

_MARKED = b"\0"
_IDLE = "community:idle"
"""A channel nobody publishes to: a connection without any subscription cannot be listened on."""

Message = tuple[str, Envelope]
"""What goes on a channel."""

Handler = Callable[[Envelope], None]


class Bus:
    """Channels by name; handlers are plain functions and must not fail."""

    def __init__(self, hints: Hints, missed: Callable[[], None], mark: bytes) -> None:
        """Args: Redis; whom to tell that messages may be lost; what no other process has."""
        self._hints = hints
        self._missed = missed
        self._mark = _MARKED + mark
        self._handlers: dict[str, list[Handler]] = defaultdict(list)
        self._confirmed: dict[str, asyncio.Event] = {}
        self._changed: set[str] = set()
        self._told = asyncio.Event()
        self._outgoing: list[Message] = []
        self._wake = asyncio.Event()
        self._pubsub: PubSub | None = None
        self._stale = False
        self._lock = asyncio.Lock()

    async def publish(self, messages: Sequence[Message]) -> None:
        """Hand out here at once, and elsewhere as soon as Redis takes it."""
        for channel, envelope in messages:
            self._hand_out(channel, envelope)
        if self._hints.redis is None:
            return
        if len(self._outgoing) > _LONGEST:
            self._outgoing.clear()
        self._outgoing += messages
        self._wake.set()

    async def subscribe(self, wanted: Mapping[str, Handler]) -> None:
        """Hear channels from now on; returns once that is so, or Redis is away."""
        for channel, handler in wanted.items():
            handlers = self._handlers[channel]
            handlers.append(handler)
            if len(handlers) == 1:
                self._confirmed[channel] = asyncio.Event()
                self._change(channel)
        waiting = [self._confirmed[channel] for channel in wanted if channel in self._confirmed]
        if not waiting or self._hints.away:
            # Whoever listens is told of the loss once there is a connection.
            return
        try:
            async with patience(PATIENCE):
                for confirmed in waiting:
                    await confirmed.wait()
        except TimeoutError as error:
            self._lose(error)

    def unsubscribe(self, wanted: Mapping[str, Handler]) -> None:
        """Hear them no more."""
        for channel, handler in wanted.items():
            handlers = self._handlers[channel]
            if handler in handlers:
                handlers.remove(handler)
            if not handlers:
                del self._handlers[channel]
                self._confirmed.pop(channel, None)
                self._change(channel)

    async def run(self) -> None:
        """Keep listening and sending for ever."""
        redis = self._hints.redis
        if redis is None:
            return
        keeping = (self._keep_listening(redis), self._keep_telling(), self._keep_sending())
        parts = [asyncio.create_task(part) for part in keeping]
        try:
            # Not a task group: that passes on once that it is cancelled, and Redis may swallow it.
            await asyncio.gather(*parts)
        finally:
            await ended(*parts)

    async def _keep_sending(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            messages, self._outgoing = self._outgoing, []
            try:
                async with self._hints.asked() as redis:
                    pipe = redis.pipeline(transaction=False)
                    for channel, envelope in messages:
                        pipe.publish(channel, self._mark + envelope.pack())
                    await pipe.execute()
            except AwayError:
                metrics.ERRORS.labels("bus").inc()
                self._stale = True

    async def _keep_listening(self, redis: Redis) -> None:
        while True:
            pubsub = redis.pubsub()
            try:
                async with asyncio.timeout(_CONNECT):
                    await pubsub.connect()  # type: ignore[no-untyped-call]
                async with self._lock, patience(PATIENCE):
                    self._stale = False
                    # The last one: once it is confirmed, all are.
                    await pubsub.subscribe(*self._handlers, _IDLE)
                    self._pubsub = pubsub
                await self._listen(pubsub)
            except AWAY as error:
                _LOG.warning("bus_lost", error=type(error).__name__)
            finally:
                self._pubsub = None
                with contextlib.suppress(*AWAY):
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
                self._hear(channel, message["data"])
            elif message["type"] == "subscribe" and channel == _IDLE:
                # Also when the library has connected anew by itself.
                _LOG.info("bus_listens", again=began)
                began = True
                self._missed()
            elif message["type"] == "subscribe" and channel in self._confirmed:
                # Nobody waits any more: an event a channel and person adds up.
                self._confirmed.pop(channel).set()

    def _change(self, channel: str) -> None:
        if self._hints.redis is not None:
            self._changed.add(channel)
            self._told.set()

    async def _keep_telling(self) -> None:
        """Tell Redis what is wanted now: all that has changed since it was told, at once."""
        while True:
            await self._told.wait()
            self._told.clear()
            async with self._lock:
                changed, self._changed = self._changed, set()
                # A new connection begins with every wanted channel.
                if self._pubsub is not None:
                    await self._tell(self._pubsub, changed)

    async def _tell(self, pubsub: PubSub, changed: set[str]) -> None:
        wanted = changed & self._handlers.keys()
        try:
            async with patience(PATIENCE):
                if changed - wanted:
                    await pubsub.unsubscribe(*(changed - wanted))
                if wanted:
                    await pubsub.subscribe(*wanted)
        except AWAY as error:
            self._lose(error)

    def _lose(self, error: Exception) -> None:
        """What is subscribed is not what is wanted: the connection is made anew."""
        self._hints.lost(error)
        self._stale = True
        self._pubsub = None

    def _hear(self, channel: str, body: bytes) -> None:
        if body.startswith(self._mark):
            # It was handed out here before it went to Redis.
            return
        if body.startswith(_MARKED):
            self._hand_out(channel, Envelope.unpack(body[len(self._mark) :]))
        else:
            # Who is no gateway publishes frames alone.
            self._hand_out(channel, Envelope(body))

    def _hand_out(self, channel: str, envelope: Envelope) -> None:
        for handler in tuple(self._handlers.get(channel, ())):
            handler(envelope)
