# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a socket sends: one after the other, so that words arrive in the order they were typed.

Other commands do not wait for it. Nothing runs while nothing is sent.
"""

import asyncio
from collections.abc import Awaitable, Callable

from appservice.rest.codes import Code

MOST = 16
"""Messages of one socket that may wait."""

Sending = Callable[[], Awaitable[None]]


class Outbox:
    """One socket's; most never send, so it is small."""

    __slots__ = ("_task", "_waiting")

    def __init__(self) -> None:
        # An empty deque takes ten times what an empty list does, and this one stays short.
        self._waiting: list[Sending] = []
        self._task: asyncio.Task[None] | None = None

    def put(self, sending: Sending) -> None:
        """Send when everything before is done; `sending` never raises.

        Raises:
            KithError: `too_many_requests`, when too much waits already.
        """
        if len(self._waiting) >= MOST:
            raise Code.TOO_MANY_REQUESTS.error(retry_after_ms=1000)
        self._waiting.append(sending)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="outbox")

    async def close(self) -> None:
        """Forget what waits; what is on its way is finished, for it may be accepted already."""
        self._waiting.clear()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        while self._waiting:
            await self._waiting.pop(0)()
