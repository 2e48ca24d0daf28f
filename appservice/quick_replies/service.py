# SPDX-License-Identifier: AGPL-3.0-or-later
"""Use cases of quick replies: each person's own, ordered, with different titles (M3)."""

from uuid import UUID

from appservice.clock import Clock
from appservice.database import Database, Transaction
from appservice.errors import NotFound
from appservice.people.locks import lock_person
from appservice.quick_replies import store
from appservice.quick_replies.store import MOST, QuickReply
from appservice.rest.codes import Code


class QuickReplies:
    """What somebody does with their quick replies."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Take Kith's database, and the clock for ids."""
        self._database = database
        self._clock = clock

    async def mine(self, me: str) -> list[QuickReply]:
        """All of mine, in my order."""
        return await store.mine(self._database, me)

    async def add(self, me: str, title: str, text: str, position: int | None) -> QuickReply:
        """Keep one more, last or at a position.

        Raises:
            KithError: `title_taken`, or `quick_replies_full`.
        """
        made = QuickReply(self._clock.new_id(), title, text)
        async with self._database.transaction() as tx:
            others = await _alone(tx, me)
            if len(others) >= MOST:
                raise Code.QUICK_REPLIES_FULL.error()
            _different(title, others)
            await store.add(tx, me, made, len(others))
            if position is not None:
                await _put(tx, others, made, position)
        return made

    async def change(
        self,
        me: str,
        reply_id: UUID,
        *,
        title: str | None,
        text: str | None,
        position: int | None,
    ) -> QuickReply:
        """Change what is given of one of mine.

        Raises:
            NotFound: I have none with that id.
            KithError: `title_taken`.
        """
        async with self._database.transaction() as tx:
            every = await _alone(tx, me)
            found = _found(every, reply_id)
            others = [one for one in every if one.id != reply_id]
            made = QuickReply(reply_id, title or found.title, text or found.text)
            _different(made.title, others)
            if made != found:
                await store.change(tx, made)
            if position is not None:
                await _put(tx, others, made, position)
        return made

    async def remove(self, me: str, reply_id: UUID) -> None:
        """Forget one of mine.

        Raises:
            NotFound: I have none with that id.
        """
        async with self._database.transaction() as tx:
            every = await _alone(tx, me)
            _found(every, reply_id)
            await store.remove(tx, reply_id)
            await store.order(tx, [one.id for one in every if one.id != reply_id])


async def _alone(tx: Transaction, me: str) -> list[QuickReply]:
    await lock_person(tx, me)
    return await store.mine(tx, me)


def _found(every: list[QuickReply], reply_id: UUID) -> QuickReply:
    for one in every:
        if one.id == reply_id:
            return one
    raise NotFound


def _different(title: str, others: list[QuickReply]) -> None:
    if title.casefold() in (one.title.casefold() for one in others):
        raise Code.TITLE_TAKEN.error()


async def _put(tx: Transaction, others: list[QuickReply], one: QuickReply, place: int) -> None:
    ids = [other.id for other in others]
    await store.order(tx, [*ids[:place], one.id, *ids[place:]])
