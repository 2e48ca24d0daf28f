# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answering the invites of the inbox, and leaving conversations."""

from appservice.clock import Clock
from appservice.database import Database
from appservice.dms import store
from appservice.dms.empowering import Empowering
from appservice.dms.judging import Judge
from appservice.dms.store import Conversation, Move
from appservice.errors import NotFound
from appservice.homeserver.port import Homeserver
from appservice.rest.codes import Code
from policy.limits import Rules


class Coming:
    """What everybody may do about their own membership."""

    def __init__(
        self, database: Database, clock: Clock, homeserver: Homeserver, rules: Rules
    ) -> None:
        self._database = database
        self._clock = clock
        self._homeserver = homeserver
        self._judge = Judge(clock, rules)
        self._empowering = Empowering(database, homeserver)

    async def accept(self, me: str, reference: str) -> None:
        """Enter a conversation I was invited to; being in it already is no error.

        Raises:
            NotFound: nobody invited me there.
            Denied: the rules no longer allow it; 409 while we would have to be friends first.
        """
        found = await self._mine(me, reference)
        if found.membership == "join":
            return
        async with self._database.transaction() as tx:
            seen = await store.seen(tx, found.room_id, me)
            inviter = await store.inviter(tx, found.room_id, me) or me
            act = self._homeserver.join(found.room_id, as_user=me)
            await self._judge.heeded(tx, act, me, inviter)
            await store.moved(tx, Move(found.room_id, me, "join", me, seen), self._clock.now())

    async def decline(self, me: str, reference: str) -> None:
        """Turn an invite down; nobody is told more than that I am not there.

        Raises:
            NotFound: nobody invited me there.
            KithError: `answered`, when I am in it already.
        """
        found = await self._mine(me, reference)
        if found.membership == "join":
            raise Code.ANSWERED.error()
        await self._go(me, found)

    async def leave(self, me: str, reference: str) -> None:
        """Leave a conversation; of a group I lead, the longest member becomes the admin (D16).

        Raises:
            NotFound: I am in no such conversation.
        """
        found = await self._mine(me, reference)
        if found.admin == me:
            heir = await store.heir(self._database, found.room_id, me)
            if heir is not None:
                # While I can: nobody else may hold what it takes to hand it on.
                await self._empowering.pass_on(found.room_id, me, heir)
        await self._go(me, found)

    async def _go(self, me: str, found: Conversation) -> None:
        async with self._database.transaction() as tx:
            seen = await store.seen(tx, found.room_id, me)
            await self._homeserver.leave(found.room_id, as_user=me)
            await store.moved(tx, Move(found.room_id, me, "leave", me, seen), self._clock.now())

    async def _mine(self, me: str, reference: str) -> Conversation:
        found = await store.find(self._database, me, reference)
        if found is None:
            raise NotFound
        return found
