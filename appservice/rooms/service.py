# SPDX-License-Identifier: AGPL-3.0-or-later
"""Use cases of rooms: seeing them and their people, coming, going, muting."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from appservice.clock import Clock, epoch_ms
from appservice.database import Database
from appservice.errors import Denied, NotFound
from appservice.homeserver.port import Homeserver
from appservice.realtime.access import Access
from appservice.realtime.online import Online
from appservice.rooms import members, removal, store
from appservice.rooms.muting import Muting
from appservice.rooms.store import Seen
from appservice.rooms.view import View, view
from policy.limits import Rules
from policy.person import Person
from policy.powers import Role
from policy.rooms import RoomKind, may_join
from policy.verdict import Deny
from schema import facts

_SETTLED = 3.0
"""Seconds to wait until what the homeserver accepted has come in."""

_LOOK = 0.05
_OPEN_KINDS = frozenset({RoomKind.FORUM, RoomKind.SERVER})


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list of members; what the reader may not know is None."""

    member: members.Member
    role: Role
    online: bool | None
    last_active_at: datetime | None


class RoomsService:
    """Rooms as one person sees them."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        homeserver: Homeserver,
        online: Online,
        *,
        rules: Rules,
    ) -> None:
        self._database = database
        self._clock = clock
        self._homeserver = homeserver
        self._online = online
        self._access = Access(database)
        self._muting = Muting(database, homeserver, clock)
        self._rules = rules

    async def mine(self, me: str) -> list[View]:
        """All rooms I am in."""
        return await self.views(me, await store.mine(self._database, me))

    async def show(self, me: str, reference: str) -> View:
        """One room: mine, or one that anybody may know of.

        Raises:
            NotFound: there is none, or I may not know of it.
        """
        return (await self.views(me, [await self._visible(me, reference)]))[0]

    async def views(self, me: str, rooms: Sequence[Seen]) -> list[View]:
        """What I see of rooms now."""
        if not rooms:
            return []
        person = await facts.person(self._database.read, me)
        now = self._clock.now()
        slow = [seen.room_id for seen in rooms if seen.rule.slow_mode and seen.joined]
        longest = self._rules.slow_mode.longest * max(1, self._rules.slow_mode.new_factor)
        spoke = await store.spoke(self._database, me, slow, epoch_ms(now) - longest * 1000)
        online = await self._counts(me, rooms)
        return [self._view(seen, person, spoke, online, now) for seen in rooms]

    async def members(
        self, me: str, reference: str, *, query: str, after: str | None, limit: int
    ) -> list[Listed]:
        """A page of a room's members (one more than `limit` if there are more).

        Raises:
            NotFound: the room is not mine.
        """
        seen = await store.one(self._database, me, reference)
        if seen is None or not seen.joined:
            raise NotFound
        found = await members.page(
            self._database, me, seen.room_id, query=query, after=after, limit=limit
        )
        people = [member.user_id for member in found]
        shown = {who for _, who in await self._access.sees([me], people)} | {me}
        here = set(await self._online.who(seen.room_id))
        active = await members.last_active(
            self._database,
            [who for who in people if who in shown],
            epoch_ms(self._clock.now()),
        )
        return [
            Listed(
                member,
                seen.powers.role(member.user_id),
                member.user_id in here if member.user_id in shown else None,
                active.get(member.user_id),
            )
            for member in found
        ]

    async def join(self, me: str, reference: str) -> tuple[UUID, str, str | None]:
        """Come in; id, room id and the membership as it then is.

        Raises:
            NotFound: I may not know of it.
            Denied: I am not trusted enough for it.
            HomeserverRefused: with the rule's own code.
        """
        seen = await self._visible(me, reference)
        if not seen.joined:
            verdict = may_join(seen.rule, await facts.person(self._database.read, me))
            if isinstance(verdict, Deny):
                raise Denied.by(verdict)
            await self._homeserver.join(seen.room_id, as_user=me)
        return seen.id, seen.room_id, await self._settled(me, seen.room_id, "join")

    async def leave(self, me: str, reference: str) -> tuple[UUID, str, str | None]:
        """Go, or decline an invite.

        Raises:
            NotFound: I am not in it.
        """
        seen = await store.one(self._database, me, reference)
        if seen is None or seen.membership not in ("join", "invite", "knock"):
            raise NotFound
        await self._homeserver.leave(seen.room_id, as_user=me)
        return seen.id, seen.room_id, await self._settled(me, seen.room_id, "leave")

    async def removal(self, me: str, reference: str) -> removal.Removal:
        """Who took me out of a room.

        Raises:
            NotFound: nobody did, as far as is known.
        """
        found = await removal.find(self._database, me, reference)
        if found is None:
            raise NotFound
        return found

    async def mute(self, me: str, reference: str, *, muted: bool) -> None:
        """Hear only mentions of a room, in Matrix clients too; or everything again.

        The homeserver comes first: when it refuses, nothing is changed here either.
        """
        place = await self._access.find(me, reference)
        if place is None:
            raise NotFound
        await self._muting.set(me, place.room_id, muted=muted)

    async def _visible(self, me: str, reference: str) -> Seen:
        seen = await store.one(self._database, me, reference)
        if seen is None or not may_know(seen):
            raise NotFound
        return seen

    def _view(
        self,
        seen: Seen,
        person: Person,
        spoke: dict[str, int],
        online: dict[str, int],
        now: datetime,
    ) -> View:
        return view(
            seen,
            person,
            self._rules,
            spoke=spoke.get(seen.room_id),
            online=online.get(seen.room_id, 0),
            now=now,
        )

    async def _counts(self, me: str, rooms: Sequence[Seen]) -> dict[str, int]:
        """How many have rooms open; of a 1:1 only when the other's presence is shown (D31)."""
        others = {seen.other_id for seen in rooms if seen.other_id}
        shown = {who for _, who in await self._access.sees([me], others)} if others else set()
        told = [s.room_id for s in rooms if s.other_id is None or s.other_id in shown]
        return await self._online.counts(told)

    async def _settled(self, me: str, room_id: str, wanted: str) -> str | None:
        """The registry's word, once the homeserver's event has come in."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _SETTLED
        while True:
            found = await self._access.membership(me, room_id)
            if found == wanted or loop.time() > until:
                return found
            await asyncio.sleep(_LOOK)


def may_know(seen: Seen) -> bool:
    """Whether somebody may know that the room exists."""
    if seen.membership in ("join", "invite", "knock"):
        return True
    return seen.kind in _OPEN_KINDS and seen.visibility != "private" and seen.membership != "ban"
