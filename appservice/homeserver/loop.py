# SPDX-License-Identifier: AGPL-3.0-or-later
"""When the consumer works: at every wake-up, every few seconds, and only while it may.

What it looks after besides has time until the next tick: a wake-up is somebody's message.
"""

import asyncio
import contextlib
import time

import structlog

from appservice import metrics
from appservice.errors import Unavailable
from appservice.homeserver.consumer import Consumer

_LOG = structlog.get_logger("kith.consumer")
_TICK = 2.0
"""Seconds between looks without a wake-up: what bounds the harm of a lost push."""

_AT_LEAST = 5.0
"""Seconds after which the rest is looked after although somebody's message waits."""


async def consume(consumer: Consumer, held: asyncio.Event, wake: asyncio.Event) -> None:
    """Run the consumer for ever: at every wake-up and every few seconds, while the lease is held.

    Args:
        consumer: what to run.
        held: set while this process may consume.
        wake: set by a notification.
    """
    pause, due = 0.1, 0.0
    while True:
        if not held.is_set():
            consumer.forget()
            await held.wait()
        wake.clear()
        try:
            await consumer.catch_up()
            busy = _AT_LEAST if wake.is_set() else 0.0
            if consumer.waits or time.monotonic() >= due + busy:
                await consumer.tend()
                await consumer.measure()
                due = time.monotonic() + _TICK / 2
            pause = 0.1
        except Unavailable as error:
            with contextlib.suppress(Unavailable):
                await consumer.measure()
            metrics.ERRORS.labels("consumer").inc()
            _LOG.warning("intake_waits", part=error.part)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)
            continue
        try:
            async with asyncio.timeout(_TICK):
                await wake.wait()
        except TimeoutError:
            continue
