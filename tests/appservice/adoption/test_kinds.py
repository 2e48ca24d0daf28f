# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

import pytest

from appservice.adoption.kinds import Shape


@pytest.mark.parametrize(
    ("shape", "kind", "visibility"),
    [
        ({}, "dm", "private"),
        ({"join_rule": "public"}, "forum", "unlisted"),
        ({"join_rule": "knock"}, "forum", "unlisted"),
        ({"join_rule": None}, "forum", "unlisted"),
        ({"alias": True}, "forum", "unlisted"),
        ({"published": True}, "forum", "public"),
        ({"create": {"type": "m.space"}}, "server", "private"),
        ({"create": {"type": "m.space"}, "published": True}, "server", "public"),
        ({"create": {"social.kith.kind": "circle"}, "alias": True}, "circle", "private"),
        ({"create": {"social.kith.kind": "foreign"}}, "dm", "private"),
        ({"create": {"social.kith.kind": ["dm"]}}, "dm", "private"),
        ({"local": False, "joined": 2}, "dm", "private"),
        ({"local": False, "joined": 3}, "foreign", "private"),
        ({"local": False, "joined": 2, "join_rule": "public"}, "foreign", "private"),
        ({"local": False, "joined": 3, "published": True}, "foreign", "private"),
        ({"local": False, "join_rule": "public", "create": {"social.kith.kind": "dm"}},
         "foreign", "private"),
    ],
)  # fmt: skip
def test_what_an_old_room_becomes(shape: dict[str, Any], kind: str, visibility: str) -> None:
    found = Shape(**{"local": True, **shape})
    assert (found.kind.value, found.visibility) == (kind, visibility)
