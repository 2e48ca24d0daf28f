# SPDX-License-Identifier: AGPL-3.0-or-later
"""Synapse's database in memory as the gateway reads it: bodies, removals, past state."""

from collections.abc import Collection, Mapping
from typing import Any

from appservice.errors import Unavailable
from appservice.homeserver.event import Event
from appservice.homeserver.stream import Row
from tests.fakes.stream import FakeStream


class FakeBodies(FakeStream):
    """Stands in for `SynapseStream` as `appservice.realtime.replay` uses it."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Event] = []

    def commit(self, *events: Event) -> None:
        """Let events become visible."""
        super().commit(*events)
        self._all += events

    async def these(self, positions: Collection[int]) -> list[Row]:
        """As the real one."""
        if self.away:
            raise Unavailable("homeserver")
        return await super().these(positions)

    async def redacted(self, event_ids: Collection[str]) -> set[str]:
        """As the real one."""
        gone = {e.text("redacts") for e in self._all if e.type == "m.room.redaction"}
        return {event_id for event_id in event_ids if event_id in gone}

    async def room_state(
        self, room_id: str, kind: str, *, past: bool
    ) -> list[tuple[int, Mapping[str, Any]]]:
        """As the real one."""
        found = [
            (event.ordering, event.content)
            for event in self._all
            if (event.room_id, event.type, event.state_key) == (room_id, kind, "")
        ]
        return found if past else found[-1:]

    async def memberships(self, room_id: str, user_id: str) -> list[tuple[int, str]]:
        """As the real one."""
        return [
            (event.ordering, str(event.text("membership")))
            for event in self._all
            if (event.room_id, event.type, event.state_key) == (room_id, "m.room.member", user_id)
        ]
