# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from policy.groups import LED, may_lead, without_ranks
from policy.reason import Reason
from policy.rooms import Room, RoomKind
from policy.verdict import ALLOW, Deny

A, B, C = "@a:hs.test", "@b:hs.test", "@c:hs.test"


@pytest.mark.parametrize(
    ("admin", "who", "verdict"),
    [
        (A, A, ALLOW),
        (A, B, Deny(Reason.GROUP_ADMIN)),
        (A, C, Deny(Reason.GROUP_ADMIN)),
        (None, A, ALLOW),
        (None, B, ALLOW),
    ],
)
def test_only_the_admin_leads(admin: str | None, who: str, verdict: object) -> None:
    room = Room("!r", RoomKind.DM, frozenset({A, B, C}), admin=admin)
    assert may_lead(room, who) == verdict


def test_wishes_for_levels_make_no_second_admin() -> None:
    wishes = {
        "users": {B: 100},
        "users_default": 100,
        "kick": 0,
        "invite": 0,
        "events": {**dict.fromkeys(LED, 0), "org.example.call": 0},
        "notifications": {"room": 0},
    }
    assert without_ranks(wishes) == {
        "events": {"org.example.call": 0},
        "notifications": {"room": 0},
    }
    assert without_ranks({"events": "odd"}) == {}
