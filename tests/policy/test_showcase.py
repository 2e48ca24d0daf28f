# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.listing import ListingStatus
from policy.showcase import (
    KINDS,
    Collection,
    Facts,
    ListingFacts,
    Missing,
    SearchFacts,
    ServerFacts,
    may_know,
    missing,
)
from policy.visibility import DEFAULTS, Level

OPEN, SOLD = ListingStatus.OPEN, ListingStatus.SOLD
FACTS: st.SearchStrategy[Facts] = st.one_of(
    st.just(SearchFacts()),
    st.builds(ListingFacts, st.sampled_from(ListingStatus), st.booleans(), st.booleans()),
    st.builds(ServerFacts, st.booleans(), st.booleans(), st.booleans()),
)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (None, Missing.GONE),
        (SearchFacts(), None),
        (ListingFacts(OPEN), None),
        (ListingFacts(ListingStatus.RESERVED), None),
        (ListingFacts(SOLD), Missing.CLOSED),
        (ListingFacts(ListingStatus.CLOSED), Missing.CLOSED),
        (ListingFacts(ListingStatus.DRAFT), Missing.CLOSED),
        (ListingFacts(OPEN, owner_parted=True), Missing.GONE),
        (ListingFacts(SOLD, owner_parted=True), Missing.GONE),
        (ListingFacts(OPEN, viewer_parted=True), None),
        (ServerFacts(public=True, owner_joined=True, viewer_joined=False), None),
        (ServerFacts(public=False, owner_joined=True, viewer_joined=False), None),
        (ServerFacts(public=True, owner_joined=False, viewer_joined=True), Missing.LEFT),
    ],
)
def test_what_one_may_show(facts: Facts | None, why: Missing | None) -> None:
    assert missing(facts) is why


@pytest.mark.parametrize(
    ("facts", "anybody", "nobody"),
    [
        (SearchFacts(), True, True),
        (ListingFacts(OPEN), True, False),
        (ListingFacts(OPEN, viewer_parted=True), False, False),
        (ServerFacts(public=True, owner_joined=True, viewer_joined=False), True, True),
        (ServerFacts(public=False, owner_joined=True, viewer_joined=True), True, True),
        (ServerFacts(public=False, owner_joined=True, viewer_joined=False), False, False),
    ],
)
def test_who_may_know_of_it(facts: Facts, anybody: bool, nobody: bool) -> None:
    assert may_know(facts, signed_in=True) is anybody
    assert may_know(facts, signed_in=False) is nobody


@given(FACTS)
def test_nobody_unknown_sees_more_than_somebody(facts: Facts) -> None:
    assert may_know(facts, signed_in=True) or not may_know(facts, signed_in=False)


def test_every_collection_has_a_kind_and_a_level() -> None:
    assert set(KINDS) == set(Collection)
    assert all(DEFAULTS[collection] is Level.CONNECTIONS for collection in Collection)
