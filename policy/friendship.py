# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may send whom a friend request (F1, F2, D17, D39). Counting is the store's business."""

from dataclasses import dataclass

from policy.limits import Rules
from policy.person import Person, Relationship, RequestPolicy, Trust
from policy.reason import Reason
from policy.verdict import ALLOW, Deny, Verdict


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """One person about to ask another.

    Attributes:
        requester: who asks.
        recipient: who is asked.
        relationship: seen from the requester.
        shared_place: as for invites (D13).
        asks_of_pair: requests the requester ever sent this recipient.
        last_refusal_age: seconds since the recipient last ended the friendship of the two; None
            when that never happened. A decline is no part of it: it is silent (D39).
        declined_lately: the recipient declined the requester so lately that they are not to be
            asked again, which the requester must not learn either.
        sent_last_day: requests the requester sent within 24 hours.
        oldest_sent_age: seconds since the oldest of those.
        open: the requester's requests still waiting.
        refused_of_last: declined or expired among the requester's last 20.
        suspension_left: seconds the requester's right to ask is still withdrawn.
    """

    requester: Person
    recipient: Person
    relationship: Relationship
    shared_place: bool = False
    asks_of_pair: int = 0
    last_refusal_age: int | None = None
    declined_lately: bool = False
    sent_last_day: int = 0
    oldest_sent_age: int = 0
    open: int = 0
    refused_of_last: int = 0
    suspension_left: int = 0


def may_request(facts: RequestFacts, rules: Rules) -> Verdict:
    """Whether the request may be made. A crossing request is not judged here: it is an answer."""
    relation = facts.relationship
    if facts.requester.user_id == facts.recipient.user_id:
        return Deny(Reason.SELF)
    if relation.i_block:
        return Deny(Reason.BLOCKED)
    if relation.friends:
        return Deny(Reason.ALREADY_FRIENDS)
    if relation.i_asked:
        # Before the block of the other side: who asked and was blocked since must see no change.
        return Deny(Reason.REQUEST_EXISTS)
    if relation.they_block or facts.recipient.automatic:
        return Deny(Reason.REQUESTS_CLOSED)
    return _by_recipient(facts) or _by_history(facts, rules) or _by_caps(facts, rules) or ALLOW


def _by_recipient(facts: RequestFacts) -> Deny | None:
    if facts.recipient.request_policy is RequestPolicy.NOBODY:
        return Deny(Reason.REQUESTS_CLOSED)
    needs_place = facts.recipient.request_policy is RequestPolicy.SHARED_SPACE
    if needs_place and not facts.shared_place:
        return Deny(Reason.SHARED_SPACE_REQUIRED)
    return None


def _by_history(facts: RequestFacts, rules: Rules) -> Deny | None:
    numbers = rules.requests
    if facts.asks_of_pair >= numbers.asks_per_pair:
        return Deny(Reason.REQUEST_COOLDOWN)
    age = facts.last_refusal_age
    if age is not None and age < numbers.ask_again_after:
        return Deny(Reason.REQUEST_COOLDOWN, (numbers.ask_again_after - age) * 1000)
    return None


def _by_caps(facts: RequestFacts, rules: Rules) -> Deny | None:
    numbers = rules.requests
    new = facts.requester.trust is Trust.NEW
    if facts.suspension_left > 0:
        return Deny(Reason.REQUESTS_SUSPENDED, facts.suspension_left * 1000)
    if facts.sent_last_day >= (numbers.per_day_new if new else numbers.per_day):
        return Deny(Reason.REQUEST_LIMIT, max(1, 86_400 - facts.oldest_sent_age) * 1000)
    if facts.open >= (numbers.open_new if new else numbers.open):
        return Deny(Reason.REQUESTS_OPEN_LIMIT)
    return None


def earns_suspension(refused_of_last: int, rules: Rules) -> bool:
    """Whether so many refusals among the last requests withdraw the right to ask (F2)."""
    return refused_of_last >= rules.requests.refused_of_last


def is_declined_silently(facts: RequestFacts) -> bool:
    """Whether the request is put away unseen: by the recipient's wish (F2), or too soon (D39)."""
    stranger = facts.recipient.auto_decline_strangers and not facts.shared_place
    return stranger or facts.declined_lately
