# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is registered, what Synapse sees of it, and in which direction each callback fails."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any
from unittest.mock import Mock

import pytest
from synapse.module_api import NOT_SPAM, UserID
from synapse.module_api.errors import Codes, SynapseError

from policy.limits import FederationRules, Rules
from policy.reason import FIELD, Reason
from policy.verdict import ALLOW, Deny, Verdict
from synapse_modules.answers import answered
from synapse_modules.errors import FactsUnknownError
from synapse_modules.guard import Door, guarded
from synapse_modules.room_finder import RoomFinder
from tests.synapse_modules.modules import NOW, SERVER, Loaded, event, finished

ALICE, BOB, FAR = f"@a:{SERVER}", f"@b:{SERVER}", "@far:else.test"
ROOM = "!r:hs.test"
MESSAGE = {"msgtype": "m.text", "body": "x"}


async def unknown(_: str, __: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    raise FactsUnknownError("away")


async def nothing(sql: str, _: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    """A database that knows nobody and no room."""
    if "EXISTS (SELECT FROM friendships" in sql:
        return [(False,) * 8]
    if sql.lstrip().startswith("SELECT EXISTS"):
        return [(False,)]
    if "count(*)" in sql:
        return [(0, 0, None)]
    return []


def reason_of(problem: SynapseError) -> str:
    fields = problem.error_dict(None)
    return str(fields[FIELD])


def asked(loaded: Loaded, name: str, *args: Any) -> Any:
    """The callback's answer; a refusal by exception comes as (status, reason)."""
    try:
        return finished(loaded.callbacks[name](*args))
    except SynapseError as problem:
        return problem.code, reason_of(problem)


def test_exactly_these_callbacks_are_registered() -> None:
    assert set(Loaded(nothing).callbacks) == {
        "on_create_room",
        "user_may_create_room",
        "user_may_publish_room",
        "check_visibility_can_be_modified",
        "check_threepid_can_be_invited",
        "user_may_send_3pid_invite",
        "user_may_invite",
        "federated_user_may_invite",
        "user_may_join_room",
        "check_event_for_spam",
        "on_account_data_updated",
        "on_profile_update",
        "on_user_deactivation_status_changed",
    }


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("user_may_create_room", 2),
        ("on_create_room", 3),
        ("user_may_invite", 3),
        ("federated_user_may_invite", 1),
        ("user_may_join_room", 3),
        ("check_event_for_spam", 1),
        ("check_visibility_can_be_modified", 3),
        ("check_threepid_can_be_invited", 3),
        ("user_may_send_3pid_invite", 4),
        ("user_may_publish_room", 2),
    ],
)
def test_synapse_counts_the_right_parameters(name: str, parameters: int) -> None:
    callback = Loaded(nothing).callbacks[name]
    assert inspect.isfunction(callback)
    assert len(inspect.signature(callback).parameters) == parameters
    assert callback.__qualname__.endswith(name)
    assert callback.__module__.startswith("synapse_modules.")


UNAVAILABLE = (503, "rules_unavailable")


def test_without_facts_doors_are_shut() -> None:
    loaded = Loaded(unknown)
    requester = Mock(user=UserID("a", SERVER))
    assert asked(loaded, "on_create_room", requester, {}, False) == UNAVAILABLE
    assert asked(loaded, "user_may_invite", ALICE, BOB, ROOM) == UNAVAILABLE
    assert asked(loaded, "user_may_join_room", ALICE, ROOM, True) == UNAVAILABLE
    assert asked(loaded, "user_may_publish_room", ALICE, ROOM) == UNAVAILABLE
    upgrade = {"creation_content": {"predecessor": {"room_id": ROOM}}}
    assert asked(loaded, "user_may_create_room", ALICE, upgrade) == UNAVAILABLE
    create = {("m.room.create", ""): event("m.room.create", {}, state_key="")}
    assert asked(loaded, "check_visibility_can_be_modified", ROOM, create, "public") is False


def test_without_facts_remote_inviters_are_refused_without_an_exception() -> None:
    loaded = Loaded(unknown)
    invite = event("m.room.member", {"membership": "invite"}, sender=FAR, state_key=ALICE)
    for answer in (
        asked(loaded, "federated_user_may_invite", invite),
        asked(loaded, "user_may_invite", FAR, ALICE, ROOM),
    ):
        code, fields = answer
        assert code is Codes.FORBIDDEN
        assert fields[FIELD] == "rules_unavailable"
        assert fields["error"] == Reason.RULES_UNAVAILABLE.sentence


@pytest.mark.parametrize(
    ("creator", "content", "expected"),
    [
        (ALICE, {"social.kith.kind": "dm"}, UNAVAILABLE),
        (ALICE, {}, UNAVAILABLE),
        (ALICE, {"social.kith.kind": "nonsense"}, UNAVAILABLE),
        (ALICE, {"social.kith.kind": "forum"}, NOT_SPAM),
        (ALICE, {"social.kith.kind": "channel"}, NOT_SPAM),
        # Made elsewhere: its own word does not count, and two people behind a closed door
        # may be a conversation.
        (FAR, {"social.kith.kind": "forum"}, UNAVAILABLE),
    ],
)
def test_without_facts_the_stamp_decides(
    creator: str, content: dict[str, Any], expected: object
) -> None:
    loaded = Loaded(unknown)
    loaded.room(ROOM, creator, **content)
    assert asked(loaded, "check_event_for_spam", event("m.room.message", MESSAGE)) == expected


def test_without_facts_an_upgraded_forum_is_still_a_forum() -> None:
    loaded = Loaded(unknown)
    loaded.room("!old", ALICE, **{"social.kith.kind": "forum"})
    loaded.room(ROOM, ALICE, predecessor={"room_id": "!old"})
    assert asked(loaded, "check_event_for_spam", event("m.room.message", MESSAGE)) == NOT_SPAM


def test_without_facts_a_big_foreign_room_is_open_and_rates_still_hold() -> None:
    loaded = Loaded(unknown)
    loaded.room(ROOM, FAR)
    loaded.rows = [(ALICE,), (FAR,), ("@third:else.test",)]
    answers = [
        asked(loaded, "check_event_for_spam", event("m.room.message", MESSAGE, at=NOW + n))
        for n in range(3)
    ]
    assert answers == [NOT_SPAM] * 3, "one transaction, charged once"
    loaded.runtime.homeserver.now_ms = lambda: NOW  # type: ignore[method-assign]
    for number in range(12):
        other = event("m.room.message", MESSAGE)
        other.internal_metadata.txn_id = f"t{number}"
        last = asked(loaded, "check_event_for_spam", other)
    assert last == (429, "rate_limit")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"msgtype": "m.text", "body": "x" * 4000}, NOT_SPAM),
        ({"msgtype": "m.text", "body": "x" * 4001}, (413, "too_long")),
        ({"body": "* x", "m.new_content": {"body": "x" * 4001}}, (413, "too_long")),
        ({"body": "x", "formatted_body": "x" * 16_385}, (413, "too_long")),
    ],
)
def test_without_facts_a_message_still_has_an_end(
    content: dict[str, Any], expected: object
) -> None:
    loaded = Loaded(unknown)
    loaded.room(ROOM, ALICE, **{"social.kith.kind": "forum"})
    assert asked(loaded, "check_event_for_spam", event("m.room.message", content)) == expected
    loaded.room(ROOM, FAR)
    remote = event("m.room.message", content, sender=FAR, here=False)
    assert asked(loaded, "check_event_for_spam", remote) == NOT_SPAM


def test_an_own_event_that_comes_back_over_federation_is_never_raised_at() -> None:
    loaded = Loaded(unknown)
    loaded.room(ROOM, ALICE)
    old = event("m.room.message", MESSAGE, here=False, at=NOW - 3_600_000)
    assert asked(loaded, "check_event_for_spam", old) == NOT_SPAM
    fresh = event("m.room.message", MESSAGE, here=False)
    assert asked(loaded, "check_event_for_spam", fresh) == UNAVAILABLE, "made here this minute"


def test_a_bug_is_no_exception_for_anybody_remote(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    loaded = Loaded(broken)
    monkeypatch.setattr(RoomFinder, "kind_by_stamp", broken)
    remote = event("m.room.message", MESSAGE, sender=FAR, here=False)
    assert asked(loaded, "check_event_for_spam", remote) == NOT_SPAM
    assert asked(loaded, "check_event_for_spam", event("m.room.message", MESSAGE)) == UNAVAILABLE


async def test_a_raised_answer_for_a_remote_sender_becomes_a_value() -> None:
    async def limits(_: object) -> Verdict:
        raise SynapseError(429, "slow down")

    async def refuses(_: object) -> Verdict:
        return Deny(Reason.READ_ONLY)

    callback = guarded(Door("t", remote=lambda _: True, unsure=refuses), limits)
    code, fields = await callback(object())
    assert (code, fields[FIELD]) == (Codes.FORBIDDEN, "read_only")
    local = guarded(Door("t", unsure=refuses), limits)
    with pytest.raises(SynapseError, match="slow down"):
        await local(object())


def test_a_refusal_carries_everything_a_client_needs() -> None:
    with pytest.raises(SynapseError) as caught:
        answered(Deny(Reason.SLOW_MODE, 1_500), remote=False)
    fields = caught.value.error_dict(None)
    assert caught.value.code == 429
    assert fields["errcode"] == "M_LIMIT_EXCEEDED"
    assert (fields["retry_after_ms"], fields[FIELD]) == (1_500, "slow_mode")
    assert caught.value.headers == {"Retry-After": "2"}
    assert answered(ALLOW, remote=False) is NOT_SPAM


@pytest.mark.parametrize("choice", ["allow", "staff", "deny"])
def test_rooms_of_other_servers(choice: Any) -> None:
    rules = Rules(federation=FederationRules(foreign_rooms=choice))
    loaded = Loaded(nothing, rules)
    expected = NOT_SPAM if choice == "allow" else (403, "foreign_rooms_closed")
    assert asked(loaded, "user_may_join_room", ALICE, "!elsewhere", False) == expected
    # Invites follow friendship, wherever the room was made (D29).
    loaded.rows = [(FAR,)]
    invited = asked(loaded, "user_may_join_room", ALICE, "!elsewhere", True)
    assert invited == (403, "friendship_required")
    member = event("m.room.member", {"membership": "join"}, sender=ALICE, state_key=ALICE)
    loaded.state["!elsewhere"] = {("m.room.member", ALICE): member}
    assert asked(loaded, "user_may_join_room", ALICE, "!elsewhere", False) is NOT_SPAM


def test_an_invited_person_needs_the_inviter_still() -> None:
    loaded = Loaded(nothing)
    loaded.room(ROOM, BOB)
    loaded.rows = [(BOB,)]
    assert asked(loaded, "user_may_join_room", ALICE, ROOM, True) == (403, "friendship_required")
    loaded.rows = []
    assert asked(loaded, "user_may_join_room", ALICE, ROOM, True) == (403, "invite_required")
    assert asked(loaded, "user_may_join_room", ALICE, ROOM, False) == (403, "invite_required")


@pytest.mark.parametrize("invited", [True, False])
@pytest.mark.parametrize(
    ("trust", "staff", "answer"),
    [
        (0, False, (403, "trust_required")),
        (1, False, (403, "trust_required")),
        (2, False, NOT_SPAM),
        (0, True, NOT_SPAM),
    ],
)
def test_a_room_may_ask_for_trust(trust: int, staff: bool, answer: Any, invited: bool) -> None:
    async def known(sql: str, params: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        if "FROM rooms" in sql:
            return [("forum", [], False, 0, [], False, None, 2)]
        if "FROM people" in sql:
            return [("person", staff, trust, "connections", "everyone", False, True, 0, 0)]
        return await nothing(sql, params)

    loaded = Loaded(known)
    loaded.rows = []
    assert asked(loaded, "user_may_join_room", ALICE, ROOM, invited) == answer
    # Whoever is in stays in: this is asked for a new display name too.
    member = event("m.room.member", {"membership": "join"}, sender=ALICE, state_key=ALICE)
    loaded.state[ROOM] = {("m.room.member", ALICE): member}
    assert asked(loaded, "user_may_join_room", ALICE, ROOM, invited) is NOT_SPAM


def test_signals_name_what_changed() -> None:
    loaded = Loaded(nothing)
    finished(loaded.callbacks["on_account_data_updated"](ALICE, None, "m.ignored_user_list", {}))
    finished(loaded.callbacks["on_account_data_updated"](ALICE, None, "m.direct", {}))
    finished(loaded.callbacks["on_account_data_updated"](ALICE, ROOM, "m.ignored_user_list", {}))
    finished(loaded.callbacks["on_profile_update"](ALICE, Mock(), False, False))
    finished(loaded.callbacks["on_user_deactivation_status_changed"](ALICE, True, False))
    signals: Any = loaded.runtime.signals
    sent = [call.args for call in signals.send.call_args_list]
    assert sent == [("ignored", ALICE), ("profile", ALICE), ("deactivated", ALICE)]
