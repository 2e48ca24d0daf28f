# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes events of a pretended homeserver, in order, as the intake parses them."""

import itertools
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from appservice.clock import epoch_ms
from appservice.homeserver.event import Event
from tests.fakes.clock import FrozenClock


class Timeline:
    """Numbers and dates events; one per test."""

    def __init__(self, clock: FrozenClock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)

    def event(
        self,
        room_id: str,
        sender: str,
        kind: str,
        content: Mapping[str, Any] | None = None,
        state_key: str | None = None,
        *,
        at: datetime | None = None,
    ) -> Event:
        """The next event."""
        number = next(self._numbers)
        return Event(
            event_id=f"$event{number}",
            room_id=room_id,
            sender=sender,
            type=kind,
            state_key=state_key,
            content=content or {},
            ts=epoch_ms(at or self._clock.now()),
            ordering=number,
        )

    def create(self, room_id: str, creator: str, **content: Any) -> Event:
        """A room's first event."""
        return self.event(room_id, creator, "m.room.create", content, "")

    def member(
        self, room_id: str, user: str, membership: str, sender: str | None = None, **more: Any
    ) -> Event:
        """A membership; by the person's own hand unless a sender is named."""
        content = {"membership": membership, **more}
        return self.event(room_id, sender or user, "m.room.member", content, user)

    def message(self, room_id: str, sender: str, body: str = "hello", **more: Any) -> Event:
        """A text message."""
        content = {"msgtype": "m.text", "body": body, **more}
        return self.event(room_id, sender, "m.room.message", content)


def as_pushed(event: Event) -> dict[str, Any]:
    """The event as Synapse pushes it."""
    body = {
        "event_id": event.event_id,
        "room_id": event.room_id,
        "sender": event.sender,
        "type": event.type,
        "content": dict(event.content),
        "origin_server_ts": event.ts,
    }
    return body if event.state_key is None else {**body, "state_key": event.state_key}
