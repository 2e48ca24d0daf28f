# SPDX-License-Identifier: AGPL-3.0-or-later
"""One question for many: what is asked about people while an answer is on its way goes together.

Who asks alone is answered at once; of thousands who come back at the same time hundreds share one
statement.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from itertools import islice

_MOST = 500
"""People one question is about."""


class Gathered:
    """Asks about people, as many at once as have come together."""

    def __init__(self, ask: Callable[[Collection[str]], Awaitable[None]]) -> None:
        """Args: the question, about several people."""
        self._ask = ask
        self._waiting: dict[str, list[asyncio.Future[None]]] = {}
        self._task: asyncio.Task[None] | None = None

    async def about(self, user_id: str) -> None:
        """Ask about somebody, by a question that begins from now on.

        Raises:
            Exception: what the question raises, to everybody it was about.
        """
        answered = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(user_id, []).append(answered)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="gathered")
        await answered

    async def _run(self) -> None:
        try:
            while self._waiting:
                people = list(islice(self._waiting, _MOST))
                waiting = [one for who in people for one in self._waiting.pop(who)]
                try:
                    await self._ask(people)
                except Exception as error:  # noqa: BLE001 - it is those who asked that it goes to
                    _answer(waiting, error)
                else:
                    _answer(waiting, None)
        finally:
            self._task = None


def _answer(waiting: Collection[asyncio.Future[None]], error: Exception | None) -> None:
    for one in waiting:
        # Whoever has gone away meanwhile is not waiting any more.
        if not one.done():
            if error is None:
                one.set_result(None)
            else:
                one.set_exception(error)
