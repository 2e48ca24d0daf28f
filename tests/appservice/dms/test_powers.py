# SPDX-License-Identifier: AGPL-3.0-or-later
"""The power that goes with the role of a group's admin, in both room versions."""

from typing import Any

import pytest

from appservice.dms.powers import creators, handed_over

A, B, KITH = "@a:hs.test", "@b:hs.test", "@kith:hs.test"
V12 = frozenset({A, KITH})
NOBODY: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({"room_version": "12", "additional_creators": [KITH, 3]}, {A, KITH}),
        ({"room_version": "12"}, {A}),
        ({"room_version": "12", "additional_creators": "odd"}, {A}),
        ({"room_version": "11", "additional_creators": [KITH]}, set()),
        ({}, set()),
    ],
)
def test_who_stands_above_all_levels(content: dict[str, Any], found: set[str]) -> None:
    assert creators(A, content) == found


@pytest.mark.parametrize(
    ("users", "above", "before", "admin", "expected"),
    [
        ({A: 100, KITH: 1000}, NOBODY, A, B, {B: 100, KITH: 1000}),
        ({B: 100, KITH: 1000}, NOBODY, B, A, {A: 100, KITH: 1000}),
        ({A: 100}, NOBODY, None, A, None),
        ({A: 100, B: 100}, NOBODY, None, B, None),
        ({A: 100, B: 50}, NOBODY, A, B, {B: 100}),
        ({}, V12, A, B, {B: 100}),
        ({B: 100}, V12, B, A, {}),
        ({}, V12, None, A, None),
        ({B: 100}, V12, A, B, None),
        ("odd", V12, A, B, {B: 100}),
    ],
)
def test_power_goes_from_one_to_the_other(
    users: Any,
    above: frozenset[str],
    before: str | None,
    admin: str,
    expected: dict[str, int] | None,
) -> None:
    levels = {"users": users, "kick": 50}
    wanted = None if expected is None else {"users": expected, "kick": 50}
    assert handed_over(levels, above, before, admin) == wanted
