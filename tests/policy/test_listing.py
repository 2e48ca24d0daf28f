# SPDX-License-Identifier: AGPL-3.0-or-later
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.limits import ListingRules, Rules
from policy.listing import (
    OFFERED,
    SHOWN,
    ListingStatus,
    PostFacts,
    may_become,
    may_post,
    may_run,
    may_see,
)
from policy.money import CURRENCIES, MOST, amount
from policy.person import Trust
from policy.reason import Reason
from policy.verdict import ALLOW, Deny

RULES = Rules(listings=ListingRules(per_day=5, per_day_new=2, running=10, running_new=3))
D, O, R, S, C = ListingStatus  # noqa: E741 - the table below is read by its letters
MOVES = {(D, O), (D, C), (O, R), (O, S), (O, C), (R, O), (R, S), (R, C), (S, O), (S, C), (C, O)}


@pytest.mark.parametrize(("before", "after"), [*itertools.product(ListingStatus, ListingStatus)])
def test_which_state_follows_which(before: ListingStatus, after: ListingStatus) -> None:
    assert may_become(before, after) == (before is after or (before, after) in MOVES)


@pytest.mark.parametrize("status", ListingStatus)
@pytest.mark.parametrize("staff", [False, True])
@pytest.mark.parametrize("parted", [False, True])
def test_who_sees_what(status: ListingStatus, staff: bool, parted: bool) -> None:
    assert may_see(status, seller=True, staff=staff, parted=parted)
    seen = may_see(status, seller=False, staff=staff, parted=parted)
    if status is ListingStatus.DRAFT:
        assert not seen
    elif staff:
        assert seen
    else:
        assert seen == (status in SHOWN and not parted)
    assert OFFERED < SHOWN


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (PostFacts(Trust.MEMBER), ALLOW),
        (PostFacts(Trust.MEMBER, 4, 80_000, 9), ALLOW),
        (PostFacts(Trust.MEMBER, 5, 80_000), Deny(Reason.LISTING_LIMIT, 6_400_000)),
        (PostFacts(Trust.TRUSTED, 5, 90_000), Deny(Reason.LISTING_LIMIT, 1_000)),
        (PostFacts(Trust.NEW, 1, 0, 2), ALLOW),
        (PostFacts(Trust.NEW, 2, 400), Deny(Reason.LISTING_LIMIT, 86_000_000)),
        (PostFacts(Trust.NEW, 0, 0, 3), Deny(Reason.LISTINGS_RUNNING_LIMIT)),
        (PostFacts(Trust.MEMBER, 0, 0, 10), Deny(Reason.LISTINGS_RUNNING_LIMIT)),
    ],
)
def test_how_many_one_may_post(facts: PostFacts, verdict: object) -> None:
    assert may_post(facts, RULES) == verdict


def test_opening_again_costs_nothing_of_the_day() -> None:
    assert may_run(PostFacts(Trust.MEMBER, 99, 0, 9), RULES) == ALLOW
    assert may_run(PostFacts(Trust.MEMBER, 0, 0, 10), RULES) == Deny(Reason.LISTINGS_RUNNING_LIMIT)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (0, "EUR", "0.00\u00a0EUR"),
        (5, "USD", "0.05\u00a0USD"),
        (123_456_789, "EUR", "1\u202f234\u202f567.89\u00a0EUR"),
        (1_500, "JPY", "1\u202f500\u00a0JPY"),
        (1_500, "KWD", "1.500\u00a0KWD"),
    ],
)
def test_how_an_amount_is_written(minor: int, currency: str, text: str) -> None:
    assert amount(minor, currency) == text


@given(st.integers(0, MOST), st.sampled_from(sorted(CURRENCIES)))
def test_an_amount_can_be_read_back(minor: int, currency: str) -> None:
    number, code = amount(minor, currency).split("\u00a0")
    assert (int(number.replace("\u202f", "").replace(".", "")), code) == (minor, currency)
    whole, _, part = number.partition(".")
    assert whole
    assert len(part) == CURRENCIES[currency]
