# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a room is: by Kith's registry, else by the stamp in its create event (D11).

Until the registry knows a local room it is a DM, unless Kith itself stamped it otherwise.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any

from policy.rooms import STAMP, Room, RoomKind
from synapse_modules.facts import Facts
from synapse_modules.homeserver import Homeserver

_LONGEST_CHAIN = 5
"""Upgrades of a room that are followed back while the registry knows none of them."""


_BIRTHS = 10_000
"""Create events remembered; they never change."""


@dataclass(frozen=True, slots=True)
class Birth:
    """What a create event says that counts.

    Attributes:
        local: whether it was made here; only then the rest means anything.
        stamp: the kind Kith wrote into it.
        predecessor: the room it continues.
    """

    local: bool
    stamp: RoomKind | None
    predecessor: str | None


class RoomFinder:
    """Tells rooms apart."""

    def __init__(self, facts: Facts, homeserver: Homeserver) -> None:
        """Args: Kith's facts, and the homeserver for what is not registered yet."""
        self._facts = facts
        self._homeserver = homeserver
        self._births: OrderedDict[str, Birth] = OrderedDict()

    async def room(self, room_id: str) -> Room:
        """The room as the rules see it.

        Raises:
            FactsUnknownError: the registry cannot be read.
        """
        room = await self._facts.room(room_id)
        if room is None:
            room = await self._unregistered(room_id, _LONGEST_CHAIN)
        if room.kind is RoomKind.DM and len(room.people) < 2:  # noqa: PLR2004 - a pair is two
            # Somebody may have joined a moment ago, and a freeze must hold from the first event.
            room = replace(room, people=room.people | await self._people(room_id))
        return room

    async def kind_by_stamp(self, room_id: str) -> RoomKind:
        """The kind without Kith's database (D18): stamp, upgrade, or what the rules assume."""
        birth = await self._birth(room_id)
        if birth is None or not birth.local:
            return RoomKind.FOREIGN
        for _ in range(_LONGEST_CHAIN):
            if birth is None or not birth.local or birth.stamp is not None:
                break
            birth = await self._birth(birth.predecessor) if birth.predecessor else None
        stamp = birth.stamp if birth is not None and birth.local else None
        return stamp or RoomKind.DM

    async def looks_direct(self, room_id: str) -> bool:
        """Whether a room made elsewhere may be a 1:1, as far as this server can see."""
        rule = await self._homeserver.join_rule(room_id)
        people = await self._homeserver.ever_joined(room_id)
        return rule == "invite" and len(people) <= 2  # noqa: PLR2004 - a pair is two

    async def _unregistered(self, room_id: str, hops: int) -> Room:
        birth = await self._birth(room_id)
        # A room of another server could write any stamp; nothing it says of itself counts.
        if birth is None or not birth.local:
            return Room(room_id, RoomKind.FOREIGN)
        if birth.stamp is not None:
            return Room(room_id, birth.stamp)
        before = birth.predecessor
        if before is None or hops == 0:
            return Room(room_id, RoomKind.DM)
        # Only an upgrade makes a local room without a stamp: Synapse asks no module how its
        # create event shall look. It keeps kind, people and freeze.
        old = await self._facts.room(before) or await self._unregistered(before, hops - 1)
        kind = RoomKind.DM if old.kind is RoomKind.FOREIGN else old.kind
        return replace(old, room_id=room_id, kind=kind)

    async def _birth(self, room_id: str) -> Birth | None:
        """The room's create event; None while nobody here is in the room."""
        known = self._births.get(room_id)
        if known is not None:
            self._births.move_to_end(room_id)
            return known
        create = await self._homeserver.create_event(room_id)
        if create is None:
            return None
        local = self._homeserver.is_local(create.sender)
        birth = Birth(local, stamp_of(create.content), predecessor_of(create.content))
        self._births[room_id] = birth
        if len(self._births) > _BIRTHS:
            self._births.popitem(last=False)
        return birth

    async def _people(self, room_id: str) -> frozenset[str]:
        joined = await self._homeserver.ever_joined(room_id)
        programs = {self._facts.service_user}
        for user_id in joined - programs:
            if (await self._facts.person(user_id)).automatic:
                programs.add(user_id)
        return joined - programs


def stamp_of(content: Any) -> RoomKind | None:
    """The kind Kith wrote into a create event; None when it wrote none."""
    try:
        return RoomKind(content.get(STAMP))
    except ValueError:
        return None


def predecessor_of(content: Any) -> str | None:
    """The room a create event says it continues."""
    before = content.get("predecessor")
    # Event content is frozen: a mapping, not always a dict.
    room_id = before.get("room_id") if hasattr(before, "get") else None
    return room_id if isinstance(room_id, str) else None
