# SPDX-License-Identifier: AGPL-3.0-or-later

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.invites import InviteFacts, may_invite
from policy.limits import DmRules, Rules
from policy.person import DmPolicy, Person, PersonKind, Relationship
from policy.reason import Reason
from policy.verdict import ALLOW, Deny, Verdict

STRICT = Rules()
OPEN = Rules(dm=DmRules(require_friendship=False))
A, B = "@a:hs", "@b:hs"

BOOLS = st.booleans()
RELATIONS = st.builds(
    Relationship,
    friends=BOOLS,
    i_block=BOOLS,
    they_block=BOOLS,
    i_follow=BOOLS,
    they_follow=BOOLS,
    i_asked=BOOLS,
    they_asked=BOOLS,
    they_wrote=BOOLS,
)
KINDS = st.sampled_from(PersonKind)
POLICIES = st.sampled_from(DmPolicy)


def verdict(
    relation: Relationship,
    *,
    rules: Rules = STRICT,
    policy: DmPolicy = DmPolicy.CONNECTIONS,
    place: bool = False,
    inviter: PersonKind = PersonKind.PERSON,
    invitee: PersonKind = PersonKind.PERSON,
) -> Verdict:
    facts = InviteFacts(
        Person(A, kind=inviter), Person(B, kind=invitee, dm_policy=policy), relation, place
    )
    return may_invite(facts, rules)


FRIENDS = Relationship(friends=True)
STRANGER = Relationship()


@pytest.mark.parametrize(
    ("relation", "reason"),
    [
        (FRIENDS, None),
        (STRANGER, Reason.FRIENDSHIP_REQUIRED),
        (Relationship(i_asked=True), Reason.REQUEST_PENDING),
        (Relationship(they_asked=True), Reason.REQUEST_RECEIVED),
        (Relationship(i_follow=True, they_follow=True), Reason.FRIENDSHIP_REQUIRED),
        (Relationship(i_block=True), Reason.BLOCKED),
        (Relationship(i_block=True, they_block=True), Reason.BLOCKED),
        (Relationship(they_block=True), Reason.FRIENDSHIP_REQUIRED),
        (Relationship(they_block=True, i_asked=True), Reason.REQUEST_PENDING),
        (Relationship(they_block=True, they_asked=True), Reason.FRIENDSHIP_REQUIRED),
    ],
)
def test_while_friendship_is_required(relation: Relationship, reason: Reason | None) -> None:
    assert verdict(relation, place=True) == (ALLOW if reason is None else Deny(reason))


@pytest.mark.parametrize(
    ("policy", "stranger", "followed", "friend", "neighbour"),
    [
        (DmPolicy.EVERYONE, True, True, True, True),
        (DmPolicy.CONNECTIONS, False, True, True, True),
        (DmPolicy.FOLLOWING, False, True, True, False),
        (DmPolicy.NONE, False, False, False, False),
    ],
)
def test_the_recipients_policy(
    policy: DmPolicy, stranger: bool, followed: bool, friend: bool, neighbour: bool
) -> None:
    cases = [
        (STRANGER, False, stranger),
        (Relationship(they_follow=True), False, followed),
        (Relationship(i_follow=True), False, stranger),
        (FRIENDS, False, friend),
        (STRANGER, True, neighbour),
    ]
    for relation, place, expected in cases:
        got = verdict(relation, rules=OPEN, policy=policy, place=place)
        assert got == (ALLOW if expected else Deny(Reason.DM_POLICY)), (relation, place)


def test_none_closes_new_conversations_to_friends_too() -> None:
    assert verdict(FRIENDS, policy=DmPolicy.NONE) == Deny(Reason.DM_POLICY)


@pytest.mark.parametrize(
    ("relation", "ok"),
    [
        (STRANGER, False),
        (Relationship(they_wrote=True), True),
        (Relationship(they_follow=True), True),
        (FRIENDS, True),
        (Relationship(they_wrote=True, they_block=True), False),
        (Relationship(i_follow=True), False),
    ],
)
@pytest.mark.parametrize("kind", [PersonKind.BOT, PersonKind.GHOST])
def test_programs_write_only_to_who_wrote_first(
    relation: Relationship, ok: bool, kind: PersonKind
) -> None:
    assert verdict(relation, inviter=kind) == (ALLOW if ok else Deny(Reason.BOT_NOT_ASKED))


def test_anyone_may_write_to_a_bot_but_not_to_a_ghost() -> None:
    assert verdict(STRANGER, invitee=PersonKind.BOT) == ALLOW
    assert verdict(STRANGER, invitee=PersonKind.GHOST) == Deny(Reason.FRIENDSHIP_REQUIRED)


@given(RELATIONS, POLICIES, BOOLS, KINDS)
def test_the_service_user_is_above_the_rules(
    relation: Relationship, policy: DmPolicy, strict: bool, kind: PersonKind
) -> None:
    rules = STRICT if strict else OPEN
    for inviter, invitee in ((PersonKind.SERVICE, kind), (kind, PersonKind.SERVICE)):
        got = verdict(relation, rules=rules, policy=policy, inviter=inviter, invitee=invitee)
        assert got == ALLOW


@given(RELATIONS, POLICIES, BOOLS, BOOLS)
def test_a_block_of_the_other_side_is_never_told_and_never_passed(
    relation: Relationship, policy: DmPolicy, place: bool, strict: bool
) -> None:
    if relation.i_block or not relation.they_block:
        return
    got = verdict(relation, rules=STRICT if strict else OPEN, policy=policy, place=place)
    assert isinstance(got, Deny)
    assert got.reason is not Reason.BLOCKED


@given(RELATIONS, POLICIES, BOOLS)
def test_while_friendship_is_required_only_friends_pass(
    relation: Relationship, policy: DmPolicy, place: bool
) -> None:
    got = verdict(relation, policy=policy, place=place)
    if got == ALLOW:
        assert relation.friends
        assert not relation.separated


@given(RELATIONS, POLICIES, BOOLS)
def test_a_friend_is_never_worse_off_than_a_stranger(
    relation: Relationship, policy: DmPolicy, place: bool
) -> None:
    friend = Relationship(
        **{name: getattr(relation, name) for name in Relationship.__slots__ if name != "friends"},
        friends=True,
    )
    if verdict(relation, rules=OPEN, policy=policy, place=place) == ALLOW:
        assert verdict(friend, rules=OPEN, policy=policy, place=place) == ALLOW
