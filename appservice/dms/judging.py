# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of conversations, asked before the homeserver is, and its refusals in our words."""

from collections.abc import Awaitable
from typing import Any, TypeVar

from appservice.clock import Clock
from appservice.database import Transaction
from appservice.errors import Denied, HomeserverRefused
from policy.invites import InviteFacts, may_invite
from policy.limits import Rules
from policy.person import Person, Relationship
from policy.reason import Reason
from policy.rooms import RoomKind, may_create
from policy.verdict import Deny, Verdict
from schema import facts

_CONFLICTS = frozenset(
    {Reason.FRIENDSHIP_REQUIRED, Reason.REQUEST_PENDING, Reason.REQUEST_RECEIVED}
)
_CONFLICT = 409
_REASONS = {reason.code: reason for reason in Reason}
_STATES = {
    Reason.FRIENDSHIP_REQUIRED: "none",
    Reason.REQUEST_PENDING: "request_sent",
    Reason.REQUEST_RECEIVED: "request_received",
}
Done = TypeVar("Done")

_REQUEST = """
SELECT id FROM friend_requests
WHERE expires_at > %(now)s AND withdrawn_at IS NULL
  AND ((requester = %(me)s AND recipient = %(them)s AND status IN ('pending', 'declined'))
    OR (requester = %(them)s AND recipient = %(me)s AND status = 'pending'))
ORDER BY status = 'pending' DESC LIMIT 1
"""


class Judge:
    """Asks the rules. Every method raises `Denied` when the answer is no."""

    def __init__(self, clock: Clock, rules: Rules) -> None:
        self._clock = clock
        self._rules = rules

    async def pair(self, tx: Transaction, me: str, them: str, relation: Relationship) -> None:
        """Whether I may bring them in; 409 while a friend request is missing or waiting."""
        known = InviteFacts(
            inviter=await facts.person(tx.read, me),
            invitee=await facts.person(tx.read, them),
            relationship=relation,
            shared_place=await facts.shared_place(tx.read, me, them),
        )
        await self._explain(tx, may_invite(known, self._rules), me, them)

    async def creation(self, tx: Transaction, me: str) -> None:
        """Whether I may open conversations at all."""
        person: Person = await facts.person(tx.read, me)
        verdict = may_create(person, RoomKind.DM, self._rules, encrypted=False)
        if isinstance(verdict, Deny):
            raise Denied.by(verdict)

    async def _explain(self, tx: Transaction, verdict: Verdict, me: str, them: str) -> None:
        if not isinstance(verdict, Deny):
            return
        if verdict.reason not in _CONFLICTS:
            raise Denied.by(verdict)
        values = {"me": me, "them": them, "now": self._clock.now()}
        rows = await tx.read(_REQUEST, values)
        details: dict[str, Any] = {"user_id": them, "relationship": _STATES[verdict.reason]}
        if rows:
            details["request_id"] = str(rows[0][0])
        raise Denied(verdict.reason, status=_CONFLICT, details=details)

    async def heeded(self, tx: Transaction, act: Awaitable[Done], me: str, them: str) -> Done:
        """What the homeserver does, its module's refusals said as if they were our own."""
        try:
            return await act
        except HomeserverRefused as error:
            reason = _REASONS.get(error.reason or "")
            if reason is None:
                raise
            await self._explain(tx, Deny(reason), me, them)
            raise Denied(reason) from error
