# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the admin of a group does: name it, add and remove people, hand the role on (D16).

Everything happens on the homeserver as the admin; its module refuses everybody else.
"""

from collections.abc import Awaitable
from typing import TypeVar

from appservice.clock import Clock
from appservice.database import Database
from appservice.dms import store
from appservice.dms.empowering import Empowering
from appservice.dms.judging import Judge
from appservice.dms.store import Conversation, Move
from appservice.errors import Denied, HomeserverRefused, NotFound
from appservice.homeserver.port import Homeserver
from appservice.people.directory import Directory
from appservice.rest.codes import Code
from policy.limits import Rules
from policy.reason import Reason
from schema import facts

_IN = ("join", "invite")
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('group:' || %(room_id)s, 0))"
_NAME = "UPDATE rooms SET name = %(name)s WHERE room_id = %(room_id)s"
_HAND_OVER = """
UPDATE rooms SET admin = %(them)s WHERE room_id = %(room_id)s AND admin = %(me)s
RETURNING room_id
"""
Done = TypeVar("Done")


class Groups:
    """The acts of admins."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        homeserver: Homeserver,
        directory: Directory,
        rules: Rules,
    ) -> None:
        self._database = database
        self._clock = clock
        self._homeserver = homeserver
        self._directory = directory
        self._rules = rules
        self._judge = Judge(clock, rules)
        self._empowering = Empowering(database, homeserver)

    async def rename(self, me: str, reference: str, name: str) -> None:
        """Give a group of mine a name.

        Raises:
            NotFound: I am in no such conversation.
            KithError: `not_a_group`; `group_admin` for a member.
        """
        found = await self._led(me, reference)
        content = {"name": name}
        await _heeded(
            self._homeserver.send_state(found.room_id, "m.room.name", "", content, as_user=me)
        )
        async with self._database.transaction() as tx:
            await tx.read(_NAME, {"room_id": found.room_id, "name": name})

    async def add(self, me: str, reference: str, them: str) -> None:
        """Bring somebody into a group of mine; doing it twice is no error.

        Raises:
            NotFound: no such conversation, or no such person.
            Denied: the rule for the two of us (409 while a request is missing), `group_full`.
            KithError: `not_a_group`; `group_admin` for a member.
        """
        found = await self._led(me, reference)
        inside = {one["user_id"] for one in found.participants if one["membership"] in _IN}
        if them in inside:
            return
        await self._directory.meet(them)
        if len(inside) >= self._rules.dm.group_limit:
            raise Denied(Reason.GROUP_FULL)
        async with self._database.transaction() as tx:
            relation = await facts.relationship(tx.read, me, them)
            await self._judge.pair(tx, me, them, relation)
            seen = await store.seen(tx, found.room_id, them)
            act = self._homeserver.invite(found.room_id, them, as_user=me)
            await self._judge.heeded(tx, act, me, them)
            await store.moved(tx, Move(found.room_id, them, "invite", me, seen), self._clock.now())

    async def remove(self, me: str, reference: str, them: str) -> None:
        """Send somebody away from a group of mine, or take an invite back.

        Raises:
            NotFound: no such conversation, or they are not in it.
            KithError: `not_a_group`; `group_admin` for a member; `self`: one leaves instead.
        """
        found = await self._led(me, reference)
        if them == me:
            raise Denied(Reason.SELF)
        if found.membership_of(them) not in _IN:
            raise NotFound
        async with self._database.transaction() as tx:
            seen = await store.seen(tx, found.room_id, them)
            await _heeded(self._homeserver.kick(found.room_id, them, as_user=me))
            await store.moved(tx, Move(found.room_id, them, "leave", me, seen), self._clock.now())

    async def hand_over(self, me: str, reference: str, them: str) -> None:
        """Make somebody else of a group of mine its admin; handing it to oneself changes nothing.

        Raises:
            NotFound: no such conversation, or they are not in it.
            KithError: `not_a_group`; `group_admin` for a member; `not_joined` for who has not
                accepted yet.
        """
        found = await self._led(me, reference)
        if them == me:
            return
        if found.membership_of(them) not in _IN:
            raise NotFound
        if found.membership_of(them) != "join":
            raise Code.NOT_JOINED.error()
        async with self._database.transaction() as tx:
            await tx.read(_LOCK, {"room_id": found.room_id})
            await _heeded(self._empowering.pass_on(found.room_id, me, them))
            values = {"room_id": found.room_id, "me": me, "them": them}
            if not await tx.read(_HAND_OVER, values):
                raise Denied(Reason.GROUP_ADMIN)

    async def _led(self, me: str, reference: str) -> Conversation:
        found = await store.find(self._database, me, reference)
        if found is None or found.membership != "join":
            raise NotFound
        if found.admin is None:
            raise Code.NOT_A_GROUP.error()
        if found.admin != me:
            raise Denied(Reason.GROUP_ADMIN)
        return found


async def _heeded(act: Awaitable[Done]) -> Done:
    """What the homeserver does; a refusal of our module is told by its reason."""
    try:
        return await act
    except HomeserverRefused as error:
        if error.reason == Reason.GROUP_ADMIN.code:
            raise Denied(Reason.GROUP_ADMIN) from error
        raise
