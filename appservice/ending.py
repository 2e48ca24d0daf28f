# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ends tasks for certain: what a task waits for may swallow that it was cancelled.

The Redis library does while it connects or sends (observed in 8.1), and the task then goes on as
if nothing had been said; a process that waits for its end would never end.
"""

import asyncio
from typing import Any

_AGAIN = 1.0
"""Seconds after which a task that still runs is told once more."""


async def ended(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks, again and again, until all have ended; what they raise stays theirs."""
    while waiting := [task for task in tasks if not task.done()]:
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting, timeout=_AGAIN)
