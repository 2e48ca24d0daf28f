# SPDX-License-Identifier: AGPL-3.0-or-later
"""Waits for a real condition instead of sleeping for a guessed time."""

import asyncio
import inspect
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")
_POLL = 0.02
_ONE_ANSWER = 5.0
"""Seconds any one answer is given, also when the deadline is nearer."""


async def eventually(
    predicate: Callable[[], Found | Awaitable[Found]], *, within: float = 30.0
) -> Found:
    """The first truthy answer of `predicate` (plain or async).

    An AssertionError in it counts as "not yet" and is shown when time is up.

    Args:
        predicate: asked again and again.
        within: seconds until it is a failure.

    Raises:
        AssertionError: the condition did not come true in time.
        TimeoutError: one answer did not come at all.
    """
    deadline = time.monotonic() + within
    last: object = None
    while True:
        try:
            answer = predicate()
            if inspect.isawaitable(answer):
                # An answer that never comes must not outlast the deadline either.
                async with asyncio.timeout(max(_ONE_ANSWER, deadline - time.monotonic())):
                    value = await answer
            else:
                value = answer
        except AssertionError as problem:
            last = problem
        else:
            if value:
                return value
            last = value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:g} s; last seen: {last!r}")
        await asyncio.sleep(_POLL)


def stretched(duration: float) -> float:
    """How long something may take that a quiet machine does in `duration`.

    A machine with twice as much to do as it can is given twice that: by what it did in the last
    minute, or by what wants to run just now, which is more when others have only begun.
    """
    wanted = os.getloadavg()[0]
    running = Path("/proc/loadavg")
    if running.exists():
        wanted = max(wanted, float(running.read_text().split()[3].partition("/")[0]))
    return duration * max(1.0, wanted / (os.cpu_count() or 1))
