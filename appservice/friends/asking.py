# SPDX-License-Identifier: AGPL-3.0-or-later
"""The core of asking and of becoming friends, inside a transaction that holds the pair's lock."""

from datetime import datetime, timedelta
from uuid import UUID

from appservice.clock import Clock
from appservice.database import Transaction
from appservice.errors import NotFound
from appservice.friends import store
from appservice.friends.frames import Frame
from appservice.friends.requests import FriendRequest, Status
from policy.friendship import (
    RequestFacts,
    earns_suspension,
    is_declined_silently,
    may_request,
)
from policy.limits import Rules
from policy.person import Relationship
from policy.reason import Reason
from policy.verdict import Deny
from schema import facts


class Asking:
    """Judges and stores new requests."""

    def __init__(self, clock: Clock, rules: Rules) -> None:
        self._clock = clock
        self._rules = rules

    async def ask(
        self, tx: Transaction, me: str, them: str, note: str | None, now: datetime
    ) -> tuple[FriendRequest | Deny, list[Frame]]:
        """Ask, or answer the request that stands already.

        Returns:
            The request, or why there is none; and what people are to be told after the commit.
        """
        await store.expire_pair(tx, me, them, now)
        relation = await facts.relationship(tx.read, me, them)
        if not relation.separated and not relation.friends:
            theirs = await store.standing(tx, them, me, now)
            if theirs is not None:
                return await accept(tx, theirs, now)
        known, refused = await self._facts(tx, me, them, relation, now)
        verdict = may_request(known, self._rules)
        if isinstance(verdict, Deny):
            return verdict, []
        if earns_suspension(refused, self._rules):
            return await self._suspend(tx, me, refused, now), []
        silent = is_declined_silently(known)
        request = FriendRequest(
            id=self._clock.new_id(),
            requester=me,
            recipient=them,
            status=Status.DECLINED if silent else Status.PENDING,
            message=note or None,
            created_at=now,
            expires_at=now + timedelta(seconds=self._rules.requests.expire_after),
        )
        await store.insert(tx, request)
        frames = [Frame(me, "friend_request:created", them, request)]
        if not silent:
            await tx.defer("bot.notify_request", request_id=str(request.id))
            frames.append(Frame(them, "friend_request:created", me, request))
        return request, frames

    async def _facts(
        self, tx: Transaction, me: str, them: str, relation: Relationship, now: datetime
    ) -> tuple[RequestFacts, int]:
        past = await store.history(tx, me, them, now, self._rules.requests)
        known = RequestFacts(
            requester=await facts.person(tx.read, me),
            recipient=await facts.person(tx.read, them),
            relationship=relation,
            shared_place=await facts.shared_place(tx.read, me, them),
            asks_of_pair=past.asks_of_pair,
            last_refusal_age=_age(past.unfriended_at, now),
            declined_lately=past.declined_lately,
            sent_last_day=past.sent_last_day,
            oldest_sent_age=_age(past.oldest_sent_at, now) or 0,
            open=past.open,
            refused_of_last=past.refused_of_last,
            suspension_left=max(0, -(_age(past.suspended_until, now) or 0)),
        )
        return known, past.refused_of_last

    async def _suspend(self, tx: Transaction, me: str, refused: int, now: datetime) -> Deny:
        seconds = self._rules.requests.suspension
        until = now + timedelta(seconds=seconds)
        await store.suspend(
            tx, me, until=until, refused=refused, case_id=self._clock.new_id(), now=now
        )
        return Deny(Reason.REQUESTS_SUSPENDED, seconds * 1000)


async def accept(
    tx: Transaction, request: FriendRequest, now: datetime
) -> tuple[FriendRequest, list[Frame]]:
    """Make friends of the two of a request."""
    one, other = request.requester, request.recipient
    await store.set_status(tx, request.id, Status.ACCEPTED, now)
    await store.befriend(tx, one, other, now, request.id)
    await tx.defer("bot.notify_accepted", request_id=str(request.id))
    accepted = await reread(tx, request.id)
    return accepted, [
        Frame(one, "friend:added", other, accepted),
        Frame(other, "friend:added", one, accepted),
    ]


async def reread(tx: Transaction, request_id: UUID) -> FriendRequest:
    """The request as it is now."""
    request = await store.get(tx, request_id)
    if request is None:
        raise NotFound
    return request


def _age(moment: datetime | None, now: datetime) -> int | None:
    return None if moment is None else int((now - moment).total_seconds())
