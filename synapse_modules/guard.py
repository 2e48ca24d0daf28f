# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stands around every callback: measures it, bounds the damage, gives the answer its form.

Synapse has no `try` around most callbacks: our bug would be the client's 500, and an exception
for an event of another server stalls the whole room.
"""

import functools
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from synapse.module_api.errors import SynapseError
from twisted.internet.defer import CancelledError

from policy.reason import Reason
from policy.verdict import Deny, Verdict
from synapse_modules import metrics
from synapse_modules.answers import answered
from synapse_modules.errors import FactsUnknownError

logger = logging.getLogger(__name__)

BUDGET = 0.25
"""Seconds after which a callback is written to the log."""

UNAVAILABLE = Deny(Reason.RULES_UNAVAILABLE)

Judge = Callable[..., Awaitable[Verdict]]


async def closed(*_: Any) -> Verdict:
    """The fail direction of invites, joins and creation: refused, and it may be tried again."""
    return UNAVAILABLE


def never(*_: Any) -> bool:
    """For callbacks Synapse asks only about local people."""
    return False


@dataclass(frozen=True, slots=True)
class Door:
    """How one callback is guarded.

    Attributes:
        name: of the callback, as Synapse calls it.
        remote: whether somebody of another server acts; asked with the callback's arguments.
        unsure: the verdict when the facts are unknown or the rule broke (D9, D18).
        answer: gives a verdict the form Synapse wants.
    """

    name: str
    remote: Callable[..., bool] = never
    unsure: Judge = closed
    answer: Callable[..., Any] = answered


def guarded(door: Door, judge: Judge) -> Callable[..., Awaitable[Any]]:
    """The callback to register: a plain function with the parameters of `judge`.

    Synapse counts a callback's parameters and reads its names, so it is neither a partial nor an
    object; `functools.wraps` lets it see through.
    """
    seconds = metrics.SECONDS.labels(door.name)

    @functools.wraps(judge)
    async def callback(*args: Any) -> Any:
        begun = time.perf_counter()
        remote = door.remote(*args)
        try:
            verdict = await _judged(door, judge, args, remote=remote)
        finally:
            took = time.perf_counter() - begun
            seconds.observe(took)
            if took > BUDGET:
                metrics.FAILED.labels(door.name, "slow").inc()
                logger.warning("Kith's %s took %.0f ms", door.name, took * 1000)
        if isinstance(verdict, Deny):
            metrics.REFUSED.labels(door.name, verdict.reason.code).inc()
        return door.answer(verdict, remote=remote)

    return callback


async def _judged(door: Door, judge: Judge, args: tuple[Any, ...], *, remote: bool) -> Verdict:
    try:
        return await judge(*args)
    except CancelledError:
        raise
    except SynapseError as problem:
        if not remote:
            # An answer for the client, such as 400 for a malformed body.
            raise
        _failed(door, problem)
    except FactsUnknownError as problem:
        metrics.FAILED.labels(door.name, "facts").inc()
        logger.warning("Kith's %s has no facts: %s", door.name, problem)
    except Exception as problem:  # noqa: BLE001 - whatever our mistake is, Synapse goes on
        _failed(door, problem)
    try:
        return await door.unsure(*args)
    except CancelledError:
        raise
    except Exception as problem:  # noqa: BLE001 - as above
        _failed(door, problem)
        return UNAVAILABLE


def _failed(door: Door, problem: Exception) -> None:
    metrics.FAILED.labels(door.name, "bug").inc()
    logger.error("Kith's %s failed", door.name, exc_info=problem)
