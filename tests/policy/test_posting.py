# SPDX-License-Identifier: AGPL-3.0-or-later

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.limits import Rules
from policy.person import Person, PersonKind, Trust
from policy.posting import Act, Window, act_of, charges, slow_mode_seconds, wait_ms
from policy.reason import Reason
from policy.rooms import Room, RoomKind

RULES = Rules()
ME = "@me:hs"
REPLACE = {"m.relates_to": {"rel_type": "m.replace", "event_id": "$e"}}
THREAD = {"m.relates_to": {"rel_type": "m.thread", "event_id": "$e"}}


@pytest.mark.parametrize(
    ("event_type", "content", "is_state", "act"),
    [
        ("m.room.message", {}, False, Act.MESSAGE),
        ("m.room.message", THREAD, False, Act.MESSAGE),
        ("m.room.message", REPLACE, False, Act.EDIT),
        ("m.room.encrypted", {}, False, Act.MESSAGE),
        ("m.room.encrypted", REPLACE, False, Act.EDIT),
        ("m.sticker", {}, False, Act.MESSAGE),
        ("org.example.invented", {}, False, Act.MESSAGE),
        ("m.poll.start", {}, False, Act.MESSAGE),
        ("org.matrix.msc3381.poll.response", {}, False, Act.REACTION),
        ("m.poll.end", {}, False, Act.REACTION),
        ("m.reaction", {}, False, Act.REACTION),
        ("m.room.redaction", {}, False, Act.REDACTION),
        ("m.call.invite", {}, False, Act.CALL),
        ("org.matrix.msc3401.call.member", {}, True, Act.CALL),
        ("m.room.name", {}, True, Act.FREE),
        ("m.room.message", {"m.relates_to": "nonsense"}, False, Act.MESSAGE),
    ],
)
def test_what_an_event_weighs(
    event_type: str, content: dict[str, Any], is_state: bool, act: Act
) -> None:
    assert act_of(event_type, content, is_state=is_state) is act


@pytest.mark.parametrize(
    ("person", "room", "seconds"),
    [
        (Person(ME), Room("!r", RoomKind.FORUM, slow_mode=10), 10),
        (Person(ME, trust=Trust.NEW), Room("!r", RoomKind.FORUM, slow_mode=10), 20),
        (Person(ME, trust=Trust.TRUSTED), Room("!r", RoomKind.FORUM, slow_mode=10), 0),
        (Person(ME, staff=True), Room("!r", RoomKind.FORUM, slow_mode=10), 0),
        (Person(ME, kind=PersonKind.BOT), Room("!r", RoomKind.FORUM, slow_mode=10), 0),
        (
            Person(ME),
            Room("!r", RoomKind.FORUM, slow_mode=10, managers=frozenset({ME})),
            0,
        ),
        (Person(ME), Room("!r", RoomKind.DM, slow_mode=10), 0),
        (Person(ME), Room("!r", RoomKind.FORUM), 0),
        (Person(ME), Room("!r", RoomKind.CHANNEL, slow_mode=99_999), 21_600),
    ],
)
def test_how_long_slow_mode_is(person: Person, room: Room, seconds: int) -> None:
    assert slow_mode_seconds(room, person, RULES) == seconds


def test_a_message_is_charged_to_the_person_and_the_slow_room() -> None:
    room = Room("!r", RoomKind.FORUM, slow_mode=10)
    slow, rate = charges(Act.MESSAGE, Person(ME), room, RULES)
    assert (slow.reason, slow.windows) == (Reason.SLOW_MODE, (Window(1, 10),))
    assert rate.windows == (Window(10, 60), Window(100, 3600))
    assert rate.reason is Reason.RATE_LIMIT
    assert "!r" not in rate.key, "one bucket over all rooms"


@pytest.mark.parametrize("act", [Act.EDIT, Act.REACTION, Act.REDACTION])
def test_slow_mode_is_for_messages(act: Act) -> None:
    room = Room("!r", RoomKind.FORUM, slow_mode=10)
    assert {c.reason for c in charges(act, Person(ME), room, RULES)} == {Reason.RATE_LIMIT}


def test_who_pays_nothing_or_has_more() -> None:
    room = Room("!r", RoomKind.FORUM, managers=frozenset({ME}))
    assert charges(Act.FREE, Person(ME), room, RULES) == ()
    assert charges(Act.MESSAGE, Person(ME, kind=PersonKind.SERVICE), room, RULES) == ()
    assert charges(Act.REDACTION, Person(ME), room, RULES) == ()
    (staff,) = charges(Act.MESSAGE, Person("@s:hs", staff=True), room, RULES)
    assert staff.windows[0] == Window(100, 60)
    (trusted,) = charges(Act.MESSAGE, Person("@t:hs", trust=Trust.TRUSTED), room, RULES)
    assert trusted.windows[0] == Window(10, 60)


@pytest.mark.parametrize(
    ("stamps", "windows", "now", "wait"),
    [
        ([], (Window(1, 10),), 0, 0),
        ([0], (Window(1, 10),), 9_999, 1),
        ([0], (Window(1, 10),), 10_000, 0),
        ([0, 5_000], (Window(2, 10),), 6_000, 4_000),
        ([0, 1, 2], (Window(2, 10),), 3, 9_998),
        ([0], (Window(1, 10), Window(1, 60)), 30_000, 30_000),
        ([], (Window(0, 10),), 5, 10_000),
    ],
)
def test_how_long_to_wait(
    stamps: list[int], windows: tuple[Window, ...], now: int, wait: int
) -> None:
    assert wait_ms(stamps, windows, now) == wait


WINDOWS = st.builds(Window, st.integers(1, 5), st.integers(1, 100))


@given(
    st.lists(st.integers(0, 200_000), max_size=20).map(sorted),
    st.lists(WINDOWS, min_size=1, max_size=3).map(tuple),
)
def test_who_waits_as_long_as_told_gets_in(stamps: list[int], windows: tuple[Window, ...]) -> None:
    now = max(stamps, default=0)
    wait = wait_ms(stamps, windows, now)
    assert wait >= 0
    assert wait_ms(stamps, windows, now + wait) == 0
    if wait > 0:
        assert wait_ms(stamps, windows, now + wait - 1) > 0


@given(st.text(), st.dictionaries(st.text(), st.none() | st.text()), st.booleans())
def test_every_event_weighs_something(
    event_type: str, content: dict[str, Any], is_state: bool
) -> None:
    act = act_of(event_type, content, is_state=is_state)
    assert is_state or act is not Act.FREE
