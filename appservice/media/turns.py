# SPDX-License-Identifier: AGPL-3.0-or-later
"""A few at once for each person; more of the same person wait, others do not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """Whose turn it is."""

    def __init__(self, of_one: int) -> None:
        """Args: how many a person may have going."""
        self._of_one = of_one
        self._gates: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def of(self, person: str) -> AsyncIterator[None]:
        """Wait for a person's turn, and hold it."""
        gate, present = self._gates.get(person) or (asyncio.Semaphore(self._of_one), 0)
        self._gates[person] = (gate, present + 1)
        try:
            async with gate:
                yield
        finally:
            gate, present = self._gates[person]
            if present == 1:
                del self._gates[person]
            else:
                self._gates[person] = (gate, present - 1)
