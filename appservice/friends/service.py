# SPDX-License-Identifier: AGPL-3.0-or-later
"""Use cases of friendship: ask, answer, take back, remind, unfriend, separate.

Each runs in one transaction, alone with the pair (and, where caps count, with the one who asks);
what Synapse must do is queued in it, live frames go out after it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from appservice.clock import Clock
from appservice.database import Database, Transaction
from appservice.errors import Denied, NotFound
from appservice.friends import store
from appservice.friends.asking import Asking, reread
from appservice.friends.asking import accept as accept_request
from appservice.friends.frames import Frame, Frames
from appservice.friends.requests import FriendRequest, Status
from appservice.people.directory import Directory
from appservice.people.locks import lock_pair, lock_person
from appservice.rest.codes import Code
from policy.limits import Rules
from policy.reason import Reason
from policy.verdict import Deny

REMIND_AFTER = timedelta(days=3)
"""How long a request waits before its requester may remind, once (F4)."""


class FriendService:
    """What people can do about being friends."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        rules: Rules,
        directory: Directory,
        frames: Frames,
    ) -> None:
        self._database = database
        self._clock = clock
        self._asking = Asking(clock, rules)
        self._directory = directory
        self._frames = frames

    async def send_request(
        self, me: str, them: str, note: str | None = None
    ) -> tuple[FriendRequest, bool]:
        """Ask somebody; if they have asked already, this is the answer (F1).

        Returns:
            The request, and whether it is new (False: theirs was accepted).

        Raises:
            Denied: for the reasons of `policy.friendship.may_request`.
            NotFound: there is no such person.
        """
        if me == them:
            raise Denied(Reason.SELF)
        await self._directory.meet(them)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await lock_person(tx, me)
            await lock_pair(tx, me, them)
            outcome, frames = await self._asking.ask(tx, me, them, note, now)
        await self._frames.publish(frames, now)
        if isinstance(outcome, Deny):
            raise Denied.by(outcome)
        return outcome, outcome.requester == me

    async def respond(self, me: str, request_id: UUID, *, accept: bool) -> FriendRequest:
        """Answer a request made to me.

        Raises:
            NotFound: none was made to me under this id.
            Denied: `request_closed`, it does not wait any more.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            request = await self._locked(tx, request_id)
            if request.recipient != me:
                raise NotFound
            if request.seen_by(me, now) is not Status.PENDING:
                raise Denied(Reason.REQUEST_CLOSED)
            if accept:
                answered, frames = await accept_request(tx, request, now)
            else:
                await store.set_status(tx, request_id, Status.DECLINED, now)
                answered = await reread(tx, request_id)
                # Nothing to the requester: a decline is silent (D39).
                frames = [Frame(me, "friend_request:updated", request.requester, answered)]
        await self._frames.publish(frames, now)
        return answered

    async def cancel(self, me: str, request_id: UUID) -> FriendRequest:
        """Take back a request of mine; a silent decline stays one, unseen by both.

        Raises:
            NotFound, Denied: as for `respond`.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            request = await self._own(tx, me, request_id, now)
            frames: list[Frame] = []
            if request.status is Status.PENDING:
                await store.set_status(tx, request_id, Status.CANCELLED, now)
            else:
                await store.withdraw(tx, request_id, now)
            cancelled = await reread(tx, request_id)
            frames.append(Frame(me, "friend_request:updated", request.recipient, cancelled))
            if request.status is Status.PENDING:
                frames.append(Frame(request.recipient, "friend_request:updated", me, cancelled))
        await self._frames.publish(frames, now)
        return cancelled

    async def edit_note(self, me: str, request_id: UUID, note: str | None) -> FriendRequest:
        """Change the note of a waiting request of mine (F4)."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            request = await self._own(tx, me, request_id, now)
            await store.set_note(tx, request_id, note or None)
            changed = await reread(tx, request_id)
        if request.status is Status.PENDING:
            frame = Frame(request.recipient, "friend_request:updated", me, changed)
            await self._frames.publish([frame], now)
        return changed

    async def remind(self, me: str, request_id: UUID) -> FriendRequest:
        """Bring a waiting request to mind, once and not before three days (F4).

        Raises:
            KithError: `reminded` or `too_early`.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            request = await self._own(tx, me, request_id, now)
            if request.reminded_at is not None:
                raise Code.REMINDED.error()
            if now < request.created_at + REMIND_AFTER:
                raise Code.TOO_EARLY.error()
            await store.set_reminded(tx, request_id, now)
            if request.status is Status.PENDING:
                await tx.defer("bot.notify_request", request_id=str(request_id))
            return await reread(tx, request_id)

    async def unfriend(self, me: str, them: str) -> None:
        """End a friendship; the other one is not notified (D39).

        Raises:
            NotFound: there is none.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await lock_pair(tx, me, them)
            if not await store.unfriend(tx, me, them, now):
                raise NotFound
        await self._frames.publish(_parted(me, them), now)

    async def separate(
        self, tx: Transaction, blocker: str, blocked: str, now: datetime
    ) -> list[Frame]:
        """What a block does to friendship and requests (D17); the caller holds the pair's lock.

        Returns:
            Frames for `tell`, once the transaction has committed.
        """
        frames = (
            _parted(blocker, blocked) if await store.unfriend(tx, blocker, blocked, now) else []
        )
        await store.expire_pair(tx, blocker, blocked, now)
        for one, other in ((blocker, blocked), (blocked, blocker)):
            request = await store.standing(tx, one, other, now)
            if request is None or request.status is not Status.PENDING:
                continue
            # Mine looks taken back, theirs goes on looking as if it were waiting.
            mine = one == blocker
            status = Status.CANCELLED if mine else Status.DECLINED
            await store.set_status(tx, request.id, status, now)
            closed = await reread(tx, request.id)
            frames.append(Frame(blocker, "friend_request:updated", blocked, closed))
            if mine:
                frames.append(Frame(blocked, "friend_request:updated", blocker, closed))
        return frames

    async def tell(self, frames: list[Frame], now: datetime) -> None:
        """Publish what `separate` returned."""
        await self._frames.publish(frames, now)

    async def _own(
        self, tx: Transaction, me: str, request_id: UUID, now: datetime
    ) -> FriendRequest:
        request = await self._locked(tx, request_id)
        if request.requester != me:
            raise NotFound
        if not request.open_for(me, now):
            raise Denied(Reason.REQUEST_CLOSED)
        return request

    async def _locked(self, tx: Transaction, request_id: UUID) -> FriendRequest:
        found = await store.get(tx, request_id)
        if found is None:
            raise NotFound
        await lock_pair(tx, found.requester, found.recipient)
        return await reread(tx, request_id)


def _parted(one: str, other: str) -> list[Frame]:
    return [Frame(one, "friend:removed", other), Frame(other, "friend:removed", one)]
