# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long an answer is waited for, without taking a busy loop for a dead server.

The time is counted in parts, and a part counts once however late the loop came to it: an answer
that is there already has several turns of the loop to be seen. A server that says nothing is
given up after the time itself.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_PARTS = 15


@asynccontextmanager
async def patience(seconds: float) -> AsyncIterator[None]:
    """Give what is inside the block so many seconds of a loop that is not held up.

    Raises:
        TimeoutError: it took longer.
    """
    loop = asyncio.get_running_loop()
    timer: asyncio.TimerHandle
    async with asyncio.timeout(None) as limit:

        def wait(parts: int) -> None:
            nonlocal timer
            if parts:
                timer = loop.call_later(seconds / _PARTS, wait, parts - 1)
            else:
                limit.reschedule(loop.time())

        timer = loop.call_later(seconds / _PARTS, wait, _PARTS - 1)
        try:
            yield
        finally:
            timer.cancel()
