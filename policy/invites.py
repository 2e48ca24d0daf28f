# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may bring whom into a room: D3, D12, D14 to D17, D40. Asked at creation, invite and join."""

from dataclasses import dataclass, replace

from policy.limits import Rules
from policy.person import STRANGERS, DmPolicy, Person, PersonKind, Relationship
from policy.reason import Reason
from policy.verdict import ALLOW, Deny, Verdict


@dataclass(frozen=True, slots=True)
class InviteFacts:
    """One person bringing another into a room.

    Attributes:
        inviter: who acts.
        invitee: who is brought.
        relationship: seen from the inviter.
        shared_place: both are in the same server, private or unlisted forum, or circle (D13).
    """

    inviter: Person
    invitee: Person
    relationship: Relationship
    shared_place: bool = False


def may_invite(facts: InviteFacts, rules: Rules) -> Verdict:
    """Whether the two people's relation permits the invite, whatever the room (D3, D12)."""
    if PersonKind.SERVICE in (facts.inviter.kind, facts.invitee.kind):
        return ALLOW
    if facts.relationship.i_block:
        return Deny(Reason.BLOCKED)
    if facts.inviter.automatic:
        # Before the block of the other side: a bot that was never asked learns nothing either.
        return _automatic(facts.relationship)
    if facts.relationship.they_block:
        return _as_stranger(facts, rules)
    if facts.invitee.kind is PersonKind.BOT:
        return ALLOW
    return _by_relation(facts, rules)


def _automatic(relationship: Relationship) -> Verdict:
    asked = relationship.they_wrote or relationship.friends or relationship.they_follow
    return ALLOW if asked and not relationship.they_block else Deny(Reason.BOT_NOT_ASKED)


def _as_stranger(facts: InviteFacts, rules: Rules) -> Verdict:
    """What the invitee's block looks like from outside: what a stranger would meet (D17)."""
    # A request made before the block still looks as if it were waiting.
    stranger = replace(STRANGERS, i_asked=facts.relationship.i_asked)
    facts = InviteFacts(facts.inviter, facts.invitee, stranger)
    verdict = _by_relation(facts, rules)
    return verdict if isinstance(verdict, Deny) else Deny(Reason.DM_POLICY)


def _by_relation(facts: InviteFacts, rules: Rules) -> Verdict:
    relation = facts.relationship
    if rules.dm.require_friendship and not relation.friends:
        return Deny(not_friends(relation))
    policy = facts.invitee.dm_policy
    near = relation.friends or relation.they_follow
    allowed = {
        DmPolicy.EVERYONE: True,
        DmPolicy.CONNECTIONS: near or facts.shared_place,
        DmPolicy.FOLLOWING: near,
        DmPolicy.NONE: False,
    }
    return ALLOW if allowed[policy] else Deny(Reason.DM_POLICY)


def not_friends(relation: Relationship) -> Reason:
    """The reason that tells the acting person what to do about not being friends."""
    if relation.i_asked:
        return Reason.REQUEST_PENDING
    if relation.they_asked:
        return Reason.REQUEST_RECEIVED
    return Reason.FRIENDSHIP_REQUIRED
