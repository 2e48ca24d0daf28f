# SPDX-License-Identifier: AGPL-3.0-or-later
"""Synapse's stream of events in memory: rows appear when a test commits them."""

from collections.abc import Collection, Mapping
from typing import Any

from appservice.errors import Unavailable
from appservice.homeserver.event import Event
from appservice.homeserver.stream import Row
from tests.fakes.events import as_pushed


class FakeStream:
    """Stands in for `SynapseStream` as the consumer uses it."""

    def __init__(self) -> None:
        self.away = False
        self.adopted = 0
        self._rows: dict[int, Mapping[str, Any] | None] = {}

    def commit(self, *events: Event) -> None:
        """Let events become visible."""
        for event in events:
            self._rows[event.ordering] = as_pushed(event)

    def put(self, ordering: int, body: Mapping[str, Any] | None) -> None:
        """Let any row become visible; None is a rejected event."""
        self._rows[ordering] = body

    async def after(self, position: int, limit: int) -> list[Row]:
        """As the real one."""
        if self.away:
            raise Unavailable("homeserver")
        found = sorted(ordering for ordering in self._rows if ordering > position)
        return [Row(ordering, self._rows[ordering]) for ordering in found[:limit]]

    async def end(self) -> int:
        """As the real one; a test's homeserver is new when Kith comes unless it says otherwise."""
        return self.adopted

    async def these(self, positions: Collection[int]) -> list[Row]:
        """As the real one."""
        return [Row(p, self._rows[p]) for p in sorted(positions) if p in self._rows]
