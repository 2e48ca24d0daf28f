# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads some rooms of the past into the form in which the projector writes rooms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from appservice.adoption.kinds import Shape
from appservice.adoption.synapse import Past, body_of
from appservice.clock import Clock
from appservice.homeserver.event import Event, MalformedError, is_user_id
from appservice.homeserver.stream import content_of
from appservice.registry.batch import MEMBERSHIPS, Batch, Member, shown
from policy.ids import is_local


@dataclass(slots=True)
class Found:
    """Some rooms.

    Attributes:
        batch: what the projector notes of them.
        shapes: what they are, by room; only of rooms whose create event is known.
        writers: who wrote where.
        upgrades: position of the tombstone, old room, new room.
    """

    batch: Batch
    shapes: dict[str, Shape] = field(default_factory=dict)
    writers: list[tuple[str, str]] = field(default_factory=list)
    upgrades: list[tuple[int, str, str]] = field(default_factory=list)


class RoomReader:
    """Reads rooms by their ids."""

    def __init__(
        self, past: Past, clock: Clock, server_name: str, service_user: str, horizon: int
    ) -> None:
        """Take the past, and up to which position what was written counts."""
        self._past = past
        self._clock = clock
        self._server_name = server_name
        self._service_user = service_user
        self._horizon = horizon

    async def read(self, rooms: Mapping[str, bool]) -> Found:
        """Everything about some rooms, given with whether each is published."""
        events = await self._events(list(rooms))
        members = await self._past.members(list(rooms))
        shapes = self._shapes(events, rooms)
        for room_id, _, membership, *_ in members:
            if membership == "join" and room_id in shapes:
                shapes[room_id].joined += 1
        kinds = {room_id: shape.kind for room_id, shape in shapes.items()}
        batch = Batch(self._server_name, self._service_user, self._clock.now(), kinds).fold(events)
        found = Found(batch, shapes)
        for row in members:
            self._member(batch, row)
        for room_id, sender, at in await self._past.writers(list(rooms), self._horizon):
            batch.last[room_id] = max(at or 0, batch.last.get(room_id, 0))
            if is_user_id(sender):
                found.writers.append((room_id, sender))
        at = {e.room_id: e.ordering for e in events if e.type == "m.room.tombstone"}
        found.upgrades = [(at[old], old, new) for old, new in batch.successors.items()]
        # The other room may not be written yet.
        batch.successors = {}
        return found

    async def _events(self, rooms: list[str]) -> list[Event]:
        events = []
        for row in await self._past.state(rooms):
            try:
                events.append(Event.parse(body_of(row, content_of(row[-1])), row[-2]))
            except MalformedError:
                continue
        return sorted(events, key=lambda event: event.type != "m.room.create")

    def _shapes(self, events: list[Event], rooms: Mapping[str, bool]) -> dict[str, Shape]:
        shapes: dict[str, Shape] = {}
        for event in events:
            if event.type == "m.room.create":
                local = is_local(event.sender, self._server_name)
                shapes[event.room_id] = Shape(
                    local, published=rooms[event.room_id], create=event.content
                )
            shape = shapes.get(event.room_id)
            if shape is None:
                continue
            if event.type == "m.room.join_rules":
                shape.join_rule = event.content.get("join_rule", "invite")
            elif event.type == "m.room.canonical_alias":
                shape.alias = bool(event.text("alias"))
        return shapes

    @staticmethod
    def _member(batch: Batch, row: tuple[Any, ...]) -> None:
        room_id, user_id, membership, sender, event_id, ordering, ts, name, avatar, joined = row
        if not is_user_id(user_id) or not is_user_id(sender) or membership not in MEMBERSHIPS:
            return
        batch.room_ids.add(room_id)
        batch.people.add(user_id)
        batch.members[room_id, user_id] = Member(membership, sender, event_id, ordering, ts or 0)
        if joined:
            batch.joined[room_id].add(user_id)
        if membership == "join" and not is_local(user_id, batch.server_name):
            batch.profiles[user_id] = (shown(name), shown(avatar))
