# SPDX-License-Identifier: AGPL-3.0-or-later
"""Waits for a real condition instead of sleeping for a guessed time."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")
_POLL = 0.02


async def eventually(
    predicate: Callable[[], Found | Awaitable[Found]], *, within: float = 10.0
) -> Found:
    """The first truthy answer of `predicate` (plain or async).

    An AssertionError in it counts as "not yet" and is shown when time is up.

    Args:
        predicate: asked again and again.
        within: seconds until it is a failure.

    Raises:
        AssertionError: the condition did not come true in time.
    """
    deadline = time.monotonic() + within
    last: object = None
    while True:
        try:
            answer = predicate()
            value = await answer if inspect.isawaitable(answer) else answer
        except AssertionError as problem:
            last = problem
        else:
            if value:
                return value
            last = value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:g} s; last seen: {last!r}")
        await asyncio.sleep(_POLL)
