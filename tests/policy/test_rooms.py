# SPDX-License-Identifier: AGPL-3.0-or-later

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.limits import DmRules, RoomRules, Rules
from policy.person import Person, PersonKind, Relationship, Trust
from policy.reason import Reason
from policy.rooms import (
    Room,
    RoomKind,
    asks_for_encryption,
    is_frozen,
    may_create,
    may_join,
    may_set_state,
    may_write_to,
    requested_kind,
    smuggled_invites,
)
from policy.verdict import ALLOW, Deny
from tests.policy.test_invites import RELATIONS

STRICT = Rules()
OPEN = Rules(dm=DmRules(require_friendship=False, encryption="deny"))


def state(kind: str, content: Any, key: str = "") -> dict[str, Any]:
    return {"type": kind, "state_key": key, "content": content}


def join(rule: str, key: str = "") -> dict[str, Any]:
    return state("m.room.join_rules", {"join_rule": rule}, key)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({}, RoomKind.DM),
        ({"preset": "private_chat"}, RoomKind.DM),
        ({"preset": "trusted_private_chat", "is_direct": True}, RoomKind.DM),
        ({"visibility": "private"}, RoomKind.DM),
        ({"creation_content": {"type": "m.space"}}, RoomKind.SERVER),
        ({"creation_content": {"type": "m.space"}, "preset": "public_chat"}, RoomKind.SERVER),
        ({"creation_content": {"type": "org.example"}}, RoomKind.DM),
        ({"creation_content": []}, RoomKind.DM),
        ({"visibility": "public"}, RoomKind.FORUM),
        ({"preset": "public_chat"}, RoomKind.FORUM),
        ({"room_alias_name": "x"}, RoomKind.FORUM),
        ({"room_alias_name": ""}, RoomKind.FORUM),
        ({"initial_state": [join("public")]}, RoomKind.FORUM),
        ({"initial_state": [join("knock")]}, RoomKind.FORUM),
        ({"initial_state": [join("invite")]}, RoomKind.DM),
        ({"preset": "public_chat", "initial_state": [join("invite")]}, RoomKind.DM),
        ({"initial_state": [join("invite"), join("public")]}, RoomKind.FORUM),
        ({"initial_state": [join("public"), join("invite")]}, RoomKind.DM),
        ({"initial_state": [join("public"), join("invite", "decoy")]}, RoomKind.FORUM),
        ({"initial_state": [state("m.room.join_rules", "public")]}, RoomKind.FORUM),
        ({"initial_state": [state("m.room.join_rules", {})]}, RoomKind.FORUM),
        ({"initial_state": [state("m.room.canonical_alias", {"alias": "#a:b"})]}, RoomKind.FORUM),
        ({"initial_state": "nonsense"}, RoomKind.DM),
        ({"initial_state": [None, 7, {}]}, RoomKind.DM),
    ],
)
def test_what_a_body_asks_for(body: dict[str, Any], kind: RoomKind) -> None:
    assert requested_kind(body) is kind


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, None),
        ({"invite_3pid": []}, None),
        ({"invite_3pid": [{}]}, Reason.EMAIL_INVITES_CLOSED),
        ({"initial_state": [state("m.room.third_party_invite", {}, "t")]},
         Reason.EMAIL_INVITES_CLOSED),
        ({"initial_state": [state("m.room.member", {"membership": "invite"}, "@b:hs")]},
         Reason.ROOM_SHAPE),
        ({"initial_state": [state("m.room.name", {"name": "x"})]}, None),
    ],
)  # fmt: skip
def test_nobody_is_smuggled_in(body: dict[str, Any], reason: Reason | None) -> None:
    assert smuggled_invites(body) == (ALLOW if reason is None else Deny(reason))


def test_encryption_is_seen_where_it_counts() -> None:
    event = state("m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
    assert asks_for_encryption({"initial_state": [event]})
    assert not asks_for_encryption({"initial_state": [{**event, "state_key": "x"}]})
    assert not asks_for_encryption({})


NOBODY = Person("@a:hs")
SEASONED = Person("@a:hs", messages=10, active_days=7)


@pytest.mark.parametrize(
    ("person", "kind", "encrypted", "rules", "reason"),
    [
        (NOBODY, RoomKind.DM, False, STRICT, None),
        (NOBODY, RoomKind.DM, True, STRICT, None),
        (NOBODY, RoomKind.DM, True, OPEN, Reason.ENCRYPTION_FORBIDDEN),
        (NOBODY, RoomKind.SERVER, False, STRICT, None),
        (NOBODY, RoomKind.SERVER, True, STRICT, Reason.ENCRYPTION_FORBIDDEN),
        (NOBODY, RoomKind.FORUM, False, STRICT, Reason.FORUM_TRUST),
        (SEASONED, RoomKind.FORUM, False, STRICT, None),
        (SEASONED, RoomKind.FORUM, True, STRICT, Reason.ENCRYPTION_FORBIDDEN),
        (Person("@a:hs", messages=9, active_days=7), RoomKind.FORUM, False, STRICT,
         Reason.FORUM_TRUST),
        (Person("@a:hs", messages=10, active_days=6), RoomKind.FORUM, False, STRICT,
         Reason.FORUM_TRUST),
        (Person("@a:hs", staff=True), RoomKind.FORUM, False, STRICT, None),
        (NOBODY, RoomKind.FORUM, False,
         Rules(rooms=RoomRules(forum_messages=0, forum_active_days=0)), None),
        (Person("@a:hs", may_create_rooms=False, staff=True), RoomKind.DM, False, STRICT,
         Reason.CREATION_SUSPENDED),
    ],
)  # fmt: skip
def test_who_may_create_what(
    person: Person, kind: RoomKind, encrypted: bool, rules: Rules, reason: Reason | None
) -> None:
    got = may_create(person, kind, rules, encrypted=encrypted)
    assert got == (ALLOW if reason is None else Deny(reason))


@pytest.mark.parametrize(
    ("event_type", "content", "in_dm", "in_forum"),
    [
        ("m.room.name", {"name": "x"}, None, None),
        ("m.room.power_levels", {}, None, None),
        ("m.room.join_rules", {"join_rule": "invite"}, None, None),
        ("m.room.join_rules", {"join_rule": "public"}, Reason.ROOM_SHAPE, None),
        ("m.room.join_rules", {"join_rule": "knock"}, Reason.ROOM_SHAPE, None),
        ("m.room.join_rules", {}, Reason.ROOM_SHAPE, None),
        ("m.room.canonical_alias", {"alias": "#a:b"}, Reason.ROOM_SHAPE, None),
        ("m.room.canonical_alias", {}, None, None),
        ("m.space.child", {"via": ["hs"]}, Reason.ROOM_SHAPE, None),
        ("m.room.history_visibility", {"history_visibility": "world_readable"},
         Reason.ROOM_SHAPE, None),
        ("m.room.history_visibility", {"history_visibility": "shared"}, None, None),
        ("m.room.third_party_invite", {}, Reason.EMAIL_INVITES_CLOSED,
         Reason.EMAIL_INVITES_CLOSED),
        ("m.room.encryption", {}, None, Reason.ENCRYPTION_FORBIDDEN),
    ],
)  # fmt: skip
def test_rooms_keep_their_shape(
    event_type: str, content: dict[str, Any], in_dm: Reason | None, in_forum: Reason | None
) -> None:
    for kind, reason in ((RoomKind.DM, in_dm), (RoomKind.FORUM, in_forum)):
        got = may_set_state(Room("!r", kind), event_type, content, STRICT)
        assert got == (ALLOW if reason is None else Deny(reason)), kind


def test_encryption_of_conversations_is_the_operators_choice() -> None:
    dm, foreign = Room("!r", RoomKind.DM), Room("!r", RoomKind.FOREIGN)
    assert may_set_state(dm, "m.room.encryption", {}, OPEN) == Deny(Reason.ENCRYPTION_FORBIDDEN)
    assert may_set_state(foreign, "m.room.encryption", {}, OPEN) == ALLOW


@pytest.mark.parametrize(
    ("kind", "people", "pair"),
    [
        (RoomKind.DM, set(), None),
        (RoomKind.DM, {"@a:hs"}, None),
        (RoomKind.DM, {"@b:hs", "@a:hs"}, ("@a:hs", "@b:hs")),
        (RoomKind.DM, {"@b:hs", "@a:hs", "@c:hs"}, None),
        (RoomKind.FORUM, {"@b:hs", "@a:hs"}, None),
    ],
)
def test_two_people_are_a_one_to_one(kind: RoomKind, people: set[str], pair: object) -> None:
    assert Room("!r", kind, frozenset(people)).one_to_one == pair


@pytest.mark.parametrize(
    ("relation", "strict", "open_"),
    [
        (Relationship(friends=True), None, None),
        (Relationship(), Reason.FRIENDSHIP_REQUIRED, None),
        (Relationship(i_asked=True), Reason.REQUEST_PENDING, None),
        (Relationship(they_asked=True), Reason.REQUEST_RECEIVED, None),
        (Relationship(i_block=True), Reason.BLOCKED, Reason.BLOCKED),
        (Relationship(they_block=True), Reason.FRIENDSHIP_REQUIRED, Reason.DM_POLICY),
    ],
)
def test_what_a_frozen_conversation_says(
    relation: Relationship, strict: Reason | None, open_: Reason | None
) -> None:
    assert may_write_to(relation, STRICT) == (ALLOW if strict is None else Deny(strict))
    assert may_write_to(relation, OPEN) == (ALLOW if open_ is None else Deny(open_))


@pytest.mark.parametrize(
    ("relation", "reason"),
    [
        (Relationship(), None),
        (Relationship(friends=True), None),
        (Relationship(i_asked=True), None),
        (Relationship(i_block=True), Reason.BLOCKED),
        (Relationship(they_block=True), Reason.FRIENDSHIP_REQUIRED),
        (Relationship(i_asked=True, they_block=True), Reason.REQUEST_PENDING),
    ],
)
def test_a_kept_conversation_is_closed_by_a_block_only(
    relation: Relationship, reason: Reason | None
) -> None:
    expected = ALLOW if reason is None else Deny(reason)
    assert may_write_to(relation, STRICT, kept=True) == expected
    assert is_frozen(relation, STRICT, kept=True) is (reason is not None)


@given(RELATIONS, st.booleans(), st.booleans())
def test_a_freeze_is_one_fact_for_both(relation: Relationship, strict: bool, kept: bool) -> None:
    rules = STRICT if strict else OPEN
    frozen = is_frozen(relation, rules, kept=kept)
    assert is_frozen(relation.reversed(), rules, kept=kept) is frozen
    for side in (relation, relation.reversed()):
        got = may_write_to(side, rules, kept=kept)
        assert isinstance(got, Deny) is frozen
        if isinstance(got, Deny) and got.reason is Reason.BLOCKED:
            assert side.i_block


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
KEYS = st.sampled_from(
    ["creation_content", "initial_state", "visibility", "preset", "invite_3pid", "type"]
)


@given(st.dictionaries(KEYS, JSON))
def test_no_body_breaks_the_rules(body: dict[str, Any]) -> None:
    assert requested_kind(body) in (RoomKind.DM, RoomKind.FORUM, RoomKind.SERVER)
    smuggled_invites(body)
    asks_for_encryption(body)


@pytest.mark.parametrize("asked", list(Trust))
@pytest.mark.parametrize("trust", list(Trust))
def test_a_room_asks_for_trust(asked: Trust, trust: Trust) -> None:
    room = Room("!r", RoomKind.FORUM, managers=frozenset({"@m:hs"}), min_trust=asked)
    expected = ALLOW if trust >= asked else Deny(Reason.TRUST_REQUIRED)
    assert may_join(room, Person("@a:hs", trust=trust)) == expected
    for above in (
        Person("@a:hs", trust=trust, staff=True),
        Person("@m:hs", trust=trust),
        Person("@bot:hs", trust=trust, kind=PersonKind.BOT),
    ):
        assert may_join(room, above) is ALLOW
