# SPDX-License-Identifier: AGPL-3.0-or-later
"""Power levels of room versions 1 to 12."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.powers import ABOVE_ALL, Powers, Role, cleaned, creators_rule

A, B = "@a:hs.test", "@b:hs.test"


@pytest.mark.parametrize(
    ("version", "above"),
    [
        ("1", False),
        ("11", False),
        ("12", True),
        ("13", True),
        ("org.matrix.hydra.11", True),
        ("org.matrix.msc3757.10", False),
        ("", False),
    ],
)
def test_creators_stand_above_all_from_twelve_on(version: str, above: bool) -> None:
    assert creators_rule(version) is above


def powers(creators: tuple[str, ...] = (), **levels: Any) -> Powers:
    return Powers.of(cleaned(levels), creators)


@pytest.mark.parametrize(
    ("found", "level", "role"),
    [
        (powers((A,)), ABOVE_ALL, Role.OWNER),
        (powers(users={A: 100}), 100, Role.ADMIN),
        (powers(users={A: "100"}), 100, Role.ADMIN),
        (powers(users={A: 50}), 50, Role.MODERATOR),
        (powers(users_default=50), 50, Role.MODERATOR),
        (powers(users={A: 49}), 49, Role.MEMBER),
        (powers(users={A: -1}), -1, Role.MEMBER),
        (Powers.of(None, (A,)), ABOVE_ALL, Role.OWNER),
        (Powers.of(None, (B,)), 0, Role.MEMBER),
    ],
)
def test_levels_and_ranks(found: Powers, level: int, role: Role) -> None:
    assert (found.of_user(A), found.role(A)) == (level, role)


@pytest.mark.parametrize(
    ("found", "allowed"),
    [
        (powers(), (True, False, True, False, False)),
        (powers(users={A: 50}), (True, True, True, True, True)),
        (powers(events_default=1), (False, False, True, False, False)),
        (
            powers(events_default=1, events={"m.room.message": 0}),
            (True, False, True, False, False),
        ),
        (powers(state_default=0), (True, True, True, False, False)),
        (powers(events={"m.room.name": 0}), (True, True, True, False, False)),
        (powers(invite=1), (True, False, False, False, False)),
        (powers(redact=0), (True, False, True, True, False)),
        (powers(notifications={"room": 0}), (True, False, True, False, True)),
        # Without levels everything is the creator's, and messages are everybody's.
        (Powers.of(None, ()), (True, True, True, False, False)),
    ],
)
def test_what_a_level_allows(found: Powers, allowed: tuple[bool, ...]) -> None:
    """Message, name, invite, removing, mention of everybody."""
    assert allowed == (
        found.may_send(A, "m.room.message"),
        found.may_send(A, "m.room.name", state=True),
        found.may(A, "invite"),
        found.may(A, "redact"),
        found.may_notify(A),
    )


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
NAMES = st.sampled_from(["users", "events", "notifications", "ban", "redact", "users_default"])


@given(st.dictionaries(NAMES, JUNK))
def test_junk_is_no_level(content: dict[str, Any]) -> None:
    kept = cleaned(content)
    assert cleaned(kept) == kept
    found = Powers.of(kept, ())
    assert isinstance(found.of_user(A), int)
    assert isinstance(found.may(A, "redact"), bool)
