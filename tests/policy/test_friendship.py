# SPDX-License-Identifier: AGPL-3.0-or-later

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.friendship import (
    RequestFacts,
    earns_suspension,
    is_declined_silently,
    may_request,
)
from policy.limits import DAY, Rules
from policy.person import Person, PersonKind, Relationship, RequestPolicy, Trust
from policy.reason import Reason
from policy.verdict import ALLOW, Deny
from tests.policy.test_invites import RELATIONS

RULES = Rules()
A, B = Person("@a:hs"), Person("@b:hs")
NEW = Person("@a:hs", trust=Trust.NEW)


def facts(
    relation: Relationship | None = None,
    *,
    requester: Person = A,
    recipient: Person = B,
    **more: Any,
) -> RequestFacts:
    return RequestFacts(requester, recipient, relation or Relationship(), **more)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (facts(), None),
        (facts(recipient=A), Reason.SELF),
        (facts(Relationship(i_block=True)), Reason.BLOCKED),
        (facts(Relationship(they_block=True)), Reason.REQUESTS_CLOSED),
        (facts(Relationship(friends=True)), Reason.ALREADY_FRIENDS),
        (facts(Relationship(i_asked=True)), Reason.REQUEST_EXISTS),
        (facts(Relationship(i_asked=True, they_block=True)), Reason.REQUEST_EXISTS),
        (facts(Relationship(they_asked=True)), None),
        (facts(recipient=Person("@b:hs", kind=PersonKind.BOT)), Reason.REQUESTS_CLOSED),
        (
            facts(recipient=Person("@b:hs", request_policy=RequestPolicy.NOBODY)),
            Reason.REQUESTS_CLOSED,
        ),
        (
            facts(recipient=Person("@b:hs", request_policy=RequestPolicy.SHARED_SPACE)),
            Reason.SHARED_SPACE_REQUIRED,
        ),
        (
            facts(
                recipient=Person("@b:hs", request_policy=RequestPolicy.SHARED_SPACE),
                shared_place=True,
            ),
            None,
        ),
        (facts(asks_of_pair=2), None),
        (facts(asks_of_pair=3), Reason.REQUEST_COOLDOWN),
        (facts(last_refusal_age=30 * DAY), None),
        (facts(declined_lately=True), None),
        (facts(open=49), None),
        (facts(open=50), Reason.REQUESTS_OPEN_LIMIT),
        (facts(requester=NEW, open=10), Reason.REQUESTS_OPEN_LIMIT),
        (facts(sent_last_day=19), None),
    ],
)
def test_who_may_ask(case: RequestFacts, reason: Reason | None) -> None:
    assert may_request(case, RULES) == (ALLOW if reason is None else Deny(reason))


def test_waiting_times_are_told() -> None:
    assert may_request(facts(last_refusal_age=DAY), RULES) == Deny(
        Reason.REQUEST_COOLDOWN, 29 * DAY * 1000
    )
    assert may_request(facts(sent_last_day=20, oldest_sent_age=DAY - 60), RULES) == Deny(
        Reason.REQUEST_LIMIT, 60_000
    )
    assert may_request(facts(requester=NEW, sent_last_day=5), RULES) == Deny(
        Reason.REQUEST_LIMIT, DAY * 1000
    )
    assert may_request(facts(suspension_left=7), RULES) == Deny(Reason.REQUESTS_SUSPENDED, 7_000)


def test_repeated_refusals_withdraw_the_right() -> None:
    assert not earns_suspension(9, RULES)
    assert earns_suspension(10, RULES)


def test_strangers_are_put_away_unseen_where_the_recipient_wishes() -> None:
    shy = Person("@b:hs", auto_decline_strangers=True)
    assert is_declined_silently(facts(recipient=shy))
    assert not is_declined_silently(facts(recipient=shy, shared_place=True))
    assert not is_declined_silently(facts())
    assert is_declined_silently(facts(declined_lately=True))


@given(RELATIONS, st.booleans())
def test_the_blocked_person_is_never_told(relation: Relationship, place: bool) -> None:
    got = may_request(facts(relation, shared_place=place), RULES)
    if relation.they_block:
        assert isinstance(got, Deny)
    if isinstance(got, Deny) and got.reason is Reason.BLOCKED:
        assert relation.i_block
