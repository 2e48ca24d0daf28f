# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ids, verdicts, reasons and numbers: the words every rule is made of."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.ids import is_local, localpart, pair, parse_user_id, server_of
from policy.limits import Rules, RulesError
from policy.person import Relationship
from policy.reason import Reason
from policy.verdict import ALLOW, Deny, Flag, merge
from tests.policy.test_invites import RELATIONS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@alice:hs", "@alice:hs"),
        ("@alice:hs:8448", "@alice:hs:8448"),
        (" @alice:hs ", "@alice:hs"),
        ("alice", "@alice:home"),
        ("@Alice", "@alice:home"),
        ("@Alice:hs", "@Alice:hs"),
        ("@alice:[::1]:8448", "@alice:[::1]:8448"),
        ("alice:hs", None),
        ("@:hs", None),
        ("", None),
        ("@a b:hs", None),
        ("@a\nb:hs", None),
        ("@" + "a" * 260 + ":hs", None),
    ],
)
def test_reading_a_user_id(text: str, found: str | None) -> None:
    assert parse_user_id(text, "home") == found


def test_a_bare_name_needs_a_server() -> None:
    assert parse_user_id("alice") is None


def test_parts_of_an_id() -> None:
    assert (localpart("@a:hs:80"), server_of("@a:hs:80")) == ("a", "hs:80")
    assert is_local("@a:hs", "hs")
    assert not is_local("@a:hs.evil", "hs")


@given(st.text(), st.text())
def test_a_pair_has_one_order(one: str, other: str) -> None:
    assert pair(one, other) == pair(other, one)
    assert set(pair(one, other)) == {one, other}


@given(st.text())
def test_reading_never_fails_and_is_stable(text: str) -> None:
    found = parse_user_id(text, "home")
    if found is not None:
        assert parse_user_id(found, "home") == found


@given(RELATIONS)
def test_the_other_side_of_the_other_side_is_this_side(relation: Relationship) -> None:
    again = relation.reversed().reversed()
    assert again.friends == relation.friends
    assert (again.i_block, again.they_block) == (relation.i_block, relation.they_block)
    assert (again.i_asked, again.they_follow) == (relation.i_asked, relation.they_follow)
    assert relation.reversed().separated == relation.separated


def test_the_most_severe_verdict_wins() -> None:
    deny, flag = Deny(Reason.READ_ONLY), Flag((Reason.RATE_LIMIT,))
    assert merge([]) == ALLOW
    assert merge([ALLOW, flag, deny, Deny(Reason.BLOCKED)]) == deny
    assert merge([flag, ALLOW, Flag((Reason.BLOCKED, Reason.RATE_LIMIT))]) == Flag(
        (Reason.RATE_LIMIT, Reason.BLOCKED)
    )


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_complete(reason: Reason) -> None:
    assert reason.code == reason.code.lower()
    assert reason.errcode.startswith("M_")
    assert 400 <= reason.status < 600
    assert reason.sentence.endswith(".")
    assert len(reason.sentence) > 15


def test_no_two_reasons_are_the_same_member() -> None:
    # Two rows with equal texts would silently become one reason.
    assert len(Reason) == len(Reason.__members__)


def test_numbers_are_overridden_by_name() -> None:
    rules = Rules.from_mapping({"dm": {"group_limit": 4}, "rates": {"messages_per_minute": 0}})
    assert (rules.dm.group_limit, rules.rates.messages_per_minute) == (4, 0)
    assert rules.dm.require_friendship
    assert Rules.from_mapping({}) == Rules()


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"dmm": {}}, "rules.dmm"),
        ({"dm": {"group_limits": 1}}, "rules.dm.group_limits"),
        ({"dm": 3}, "rules.dm"),
        ({"dm": {"group_limit": "ten"}}, "a number"),
        ({"dm": {"group_limit": -1}}, "a number"),
        ({"dm": {"group_limit": True}}, "a number"),
        ({"dm": {"require_friendship": 1}}, "true or false"),
        ({"dm": {"encryption": "maybe"}}, "allow, deny"),
        ({"federation": {"foreign_rooms": None}}, "allow, staff, deny"),
    ],
)
def test_a_wrong_number_is_named(values: dict[str, Any], word: str) -> None:
    with pytest.raises(RulesError, match=word):
        Rules.from_mapping(values)
