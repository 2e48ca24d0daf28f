# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gathers the facts of one invite and asks the rule: the same at creation, invite and join."""

from policy.invites import InviteFacts, may_invite
from policy.limits import Rules
from policy.person import PersonKind
from policy.reason import Reason
from policy.rooms import Room, may_write_to
from policy.verdict import ALLOW, Deny, Verdict
from synapse_modules.facts import Facts


class Invites:
    """Judges who brings whom."""

    def __init__(self, facts: Facts, rules: Rules) -> None:
        """Args: Kith's facts and the operator's numbers."""
        self._facts = facts
        self._rules = rules

    async def between(self, inviter: str, invitee: str) -> Verdict:
        """Whether one may bring the other into any room at all (D3, D12)."""
        if self._facts.service_user in (inviter, invitee):
            return ALLOW
        facts = InviteFacts(
            await self._facts.person(inviter),
            await self._facts.person(invitee),
            await self._facts.relationship(inviter, invitee),
        )
        verdict = may_invite(facts, self._rules)
        if isinstance(verdict, Deny) and verdict.reason is Reason.DM_POLICY:
            # The one dear fact, asked only where it can change the answer.
            near = await self._facts.shared_place(inviter, invitee)
            facts = InviteFacts(facts.inviter, facts.invitee, facts.relationship, near)
            verdict = may_invite(facts, self._rules)
        return verdict

    async def into(self, room: Room, inviter: str) -> Verdict:
        """Whether the room takes anybody in now, brought by that person (D15, D24)."""
        if inviter == self._facts.service_user:
            return ALLOW
        frozen = await self.freeze(room, inviter)
        if isinstance(frozen, Deny) or not room.read_only:
            return frozen
        return ALLOW if await self.manages(room, inviter) else Deny(Reason.READ_ONLY)

    async def freeze(self, room: Room, actor: str) -> Verdict:
        """A denial while the room is a frozen 1:1, in the words meant for `actor` (D17)."""
        pair = room.one_to_one
        if pair is None:
            return ALLOW
        low, high = pair
        other = {low: high, high: low}.get(actor)
        if other is not None:
            relationship = await self._facts.relationship(actor, other)
            return may_write_to(relationship, self._rules, kept=room.kept)
        # A program in the room, or somebody about to come: they learn nothing of the two.
        relationship = await self._facts.relationship(low, high)
        verdict = may_write_to(relationship, self._rules, kept=room.kept)
        return Deny(Reason.READ_ONLY) if isinstance(verdict, Deny) else ALLOW

    async def manages(self, room: Room, user_id: str) -> bool:
        """Whether a room that is closed stays open to this person (D24)."""
        if user_id in room.managers:
            return True
        person = await self._facts.person(user_id)
        return person.staff or person.kind is PersonKind.SERVICE
