# SPDX-License-Identifier: AGPL-3.0-or-later
"""Use cases of one-sided ties and of settings (F6, F9, D14, D17)."""

from typing import Any

from appservice.clock import Clock
from appservice.database import Database, Transaction
from appservice.errors import Denied, NotFound
from appservice.friends.service import FriendService
from appservice.people import store
from appservice.people.directory import Directory
from appservice.people.locks import lock_pair, lock_person
from appservice.people.store import Account, Tie, Tied
from appservice.profiles import activity
from appservice.profiles.activity import Kind
from appservice.rest.cursor import Position
from policy.person import PersonKind, RequestPolicy
from policy.reason import Reason
from policy.visibility import Field
from schema import facts


class PeopleService:
    """What people can do about others without asking them, and about themselves."""

    def __init__(
        self, database: Database, clock: Clock, directory: Directory, friends: FriendService
    ) -> None:
        self._database = database
        self._clock = clock
        self._directory = directory
        self._friends = friends

    async def follow(self, me: str, them: str) -> None:
        """Follow somebody; no consent is needed, doing it twice is no error.

        Raises:
            Denied: `requests_closed` for who takes no requests, is a program, or blocks me: the
                three must not be told apart (D17).
            NotFound: there is no such person.
        """
        _not_myself(me, them)
        await self._directory.meet(them)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await lock_pair(tx, me, them)
            relation = await facts.relationship(tx.read, me, them)
            person = await facts.person(tx.read, them)
            if relation.i_block:
                raise Denied(Reason.BLOCKED)
            shut = person.request_policy is RequestPolicy.NOBODY and not relation.friends
            if relation.they_block or shut or person.kind is PersonKind.SERVICE:
                raise Denied(Reason.REQUESTS_CLOSED)
            await store.tie(tx, Tie.FOLLOWING, me, them, now)

    async def unfollow(self, me: str, them: str) -> None:
        """Stop following; not following is no error."""
        await self._untie(Tie.FOLLOWING, me, them)

    async def mute(self, me: str, them: str) -> None:
        """Hear no more of somebody; they are neither told nor hindered."""
        _not_myself(me, them)
        await self._directory.meet(them, unseen=True)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await lock_pair(tx, me, them)
            await store.tie(tx, Tie.MUTES, me, them, now)

    async def unmute(self, me: str, them: str) -> None:
        """Hear of somebody again."""
        await self._untie(Tie.MUTES, me, them)

    async def block(self, me: str, them: str, *, mirror: bool = True) -> None:
        """Separate fully: friendship, follows and requests end, and nothing tells them (D17).

        Args:
            me: the blocker.
            them: the blocked; may be a remote account nobody here has met.
            mirror: bring the ignore list of the Matrix account in line (F6); False when that list
                is where the block came from.
        """
        _not_myself(me, them)
        await self._directory.meet(them, unseen=True)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await lock_pair(tx, me, them)
            if not await store.tie(tx, Tie.BLOCKS, me, them, now):
                return
            await store.part(tx, me, them)
            frames = await self._friends.separate(tx, me, them, now)
            if mirror:
                await tx.defer("people.mirror_ignored", once=f"ignored:{me}", user_id=me)
        await self._friends.tell(frames, now)

    async def unblock(self, me: str, them: str, *, mirror: bool = True) -> None:
        """Take a block away; nothing it ended comes back (D17)."""
        async with self._database.transaction() as tx:
            await lock_pair(tx, me, them)
            if await store.untie(tx, Tie.BLOCKS, me, them) and mirror:
                await tx.defer("people.mirror_ignored", once=f"ignored:{me}", user_id=me)

    async def ties(self, kind: Tie, me: str, after: Position | None, limit: int) -> list[Tied]:
        """A page of my own ties of one kind."""
        return await store.ties(self._database, kind, me, after, limit)

    async def account(self, me: str) -> Account:
        """My own record.

        Raises:
            NotFound: it was removed meanwhile.
        """
        found = await store.account(self._database, me)
        if found is None:
            raise NotFound
        return found

    async def change_settings(self, me: str, changes: dict[str, Any]) -> Account:
        """Change the settings that are given; running conversations stay as they are (D15)."""
        level = changes.get("connections_visibility")
        async with self._database.transaction() as tx:
            await lock_person(tx, me)
            if level is not None:
                before = (await self.account(me)).connections_visibility
                await self._log(tx, me, before, level)
            await store.update(tx, me, changes)
        return await self.account(me)

    async def _log(self, tx: Transaction, me: str, before: str, level: str) -> None:
        # The same level is one of the profile's, where each change is logged (P2).
        if before != level:
            subject = {"field": Field.CONNECTIONS.value, "from": before, "to": level}
            now = self._clock.now()
            await activity.record(tx, me, Kind.VISIBILITY_CHANGED, now, subject=subject)

    async def _untie(self, kind: Tie, me: str, them: str) -> None:
        async with self._database.transaction() as tx:
            await lock_pair(tx, me, them)
            await store.untie(tx, kind, me, them)


def _not_myself(me: str, them: str) -> None:
    if me == them:
        raise Denied(Reason.SELF)
