# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening direct conversations, by the rules that the homeserver's module enforces (M1, D3, D15).

The rule is asked here first only to explain, and to leave no half-made room; what the module
answers is said with the same codes.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from appservice.clock import Clock
from appservice.database import Database, Transaction
from appservice.dms import store
from appservice.dms.direct import mark_direct
from appservice.dms.judging import Judge
from appservice.dms.store import Conversation, OneToOne
from appservice.errors import Denied, NotFound
from appservice.homeserver.port import Homeserver
from appservice.people.directory import Directory
from appservice.people.locks import lock_pair
from policy.ids import is_local
from policy.limits import Rules
from policy.person import Relationship
from policy.reason import Reason
from policy.rooms import STAMP, RoomKind, is_frozen, may_write_to
from policy.verdict import Deny
from schema import facts

_AT_ONCE = 4
"""Conversations opened at the same time: each holds a database connection while Synapse works."""

# Equal say without a second creator: the preset "trusted_private_chat" would, from room version 12
# on, write the other person into the create event for ever, above every later power level.
_PRESET = "private_chat"


@dataclass(frozen=True, slots=True)
class Shown:
    """A conversation and whether its reader may write."""

    conversation: Conversation
    read_only_reason: Reason | None
    reader: str


class DmService:
    """Finds, makes and shows conversations."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        homeserver: Homeserver,
        directory: Directory,
        *,
        rules: Rules,
        server_name: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._homeserver = homeserver
        self._directory = directory
        self._judge = Judge(clock, rules)
        self._rules = rules
        self._server_name = server_name
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def open_one_to_one(self, me: str, them: str) -> tuple[UUID, bool]:
        """The most recently active 1:1 of two people, made when there is none (D16).

        Returns:
            Its id, and whether it is new.

        Raises:
            Denied: with status 409 while a friend request is missing or waiting; else 403.
            NotFound: there is no such person.
        """
        if me == them:
            raise Denied(Reason.SELF)
        await self._directory.meet(them)
        # One at a time for the pair: of two racing requests the second finds the first one's room.
        async with self._at_once, self._database.transaction() as tx:
            await lock_pair(tx, me, them)
            relation = await facts.relationship(tx.read, me, them)
            for found in await store.one_to_ones(tx, me, them):
                if await self._enter(tx, found, me, them, relation):
                    return found.id, False
            await self._judge.pair(tx, me, them, relation)
            await self._judge.creation(tx, me)
            return await self._make(tx, me, [them], None), True

    async def open_group(self, me: str, others: list[str], name: str | None) -> UUID:
        """A new group conversation (D16: only the pairs with its maker are judged).

        Raises:
            Denied: by the first person who may not be brought in, or `group_full`.
        """
        if me in others:
            raise Denied(Reason.SELF)
        if len(others) + 1 > self._rules.dm.group_limit:
            raise Denied(Reason.GROUP_FULL)
        for user_id in others:
            await self._directory.meet(user_id)
        async with self._at_once, self._database.transaction() as tx:
            for user_id in others:
                relation = await facts.relationship(tx.read, me, user_id)
                await self._judge.pair(tx, me, user_id, relation)
            await self._judge.creation(tx, me)
            return await self._make(tx, me, others, name)

    async def show(self, me: str, reference: UUID | str) -> Shown:
        """A conversation of mine, by its id or its room.

        Raises:
            NotFound: there is none, or I am not in it.
        """
        found = await store.find(self._database, me, str(reference))
        if found is None:
            raise NotFound
        return (await self.shown(me, [found]))[0]

    async def shown(self, me: str, found: Sequence[Conversation]) -> list[Shown]:
        """Conversations of mine, with why I may not write there."""
        others = {one.other_than(me) for one in found} - {None}
        ties = await facts.relationships(self._database.read, me, sorted(filter(None, others)))
        return [Shown(one, self._why_read_only(one, me, ties), me) for one in found]

    def _why_read_only(
        self, found: Conversation, me: str, ties: Mapping[str, Relationship]
    ) -> Reason | None:
        if found.read_only:
            return Reason.READ_ONLY
        relation = ties.get(found.other_than(me) or "")
        if relation is None:
            return None
        verdict = may_write_to(relation, self._rules, kept=found.kept)
        return verdict.reason if isinstance(verdict, Deny) else None

    async def _enter(
        self, tx: Transaction, found: OneToOne, me: str, them: str, relation: Relationship
    ) -> bool:
        """Whether an existing 1:1 can be gone on with, bringing back who left."""
        if found.mine == "join" and found.theirs in ("join", "invite"):
            # Running conversations are left alone by policies; only a freeze closes them (D15).
            if is_frozen(relation, self._rules, kept=found.kept):
                await self._judge.pair(tx, me, them, relation)
            return True
        if found.mine == "join":
            await self._judge.pair(tx, me, them, relation)
            await self._judge.heeded(
                tx, self._homeserver.invite(found.room_id, them, as_user=me), me, them
            )
            return True
        if found.mine == "invite" and not is_frozen(relation, self._rules, kept=found.kept):
            await self._judge.heeded(
                tx, self._homeserver.join(found.room_id, as_user=me), me, them
            )
            return True
        # I left it: only the other one could bring me back, and must not be made to.
        return False

    async def _make(self, tx: Transaction, me: str, others: list[str], name: str | None) -> UUID:
        request: dict[str, Any] = {
            "preset": _PRESET,
            "visibility": "private",
            "is_direct": True,
            "invite": others,
            # Plain on purpose (D37); who wants encryption switches it on.
            "creation_content": {STAMP: RoomKind.DM},
        }
        if name:
            request["name"] = name
        room_id = await self._judge.heeded(
            tx, self._homeserver.create_room(request, as_user=me), me, others[0]
        )
        now = self._clock.now()
        conversation_id = await store.remember(
            tx,
            room_id=room_id,
            conversation_id=self._clock.new_id(),
            creator=me,
            invited=others,
            name=name,
            now=now,
        )
        if len(others) == 1:
            await self._mark_direct(tx, me, others[0], room_id)
        return conversation_id

    async def _mark_direct(self, tx: Transaction, me: str, them: str, room_id: str) -> None:
        for user_id, other in ((me, them), (them, me)):
            if is_local(user_id, self._server_name):
                await mark_direct(tx, user_id, other, room_id)
