# SPDX-License-Identifier: AGPL-3.0-or-later
"""The power levels that go with a group's admin (D16, D25). Pure."""

from collections.abc import Mapping
from typing import Any

from policy.powers import Powers, cleaned, creators_rule

ADMIN = 100
"""What an admin needs to rename a group, send people away and hand it over."""


def creators(creator: str | None, content: Mapping[str, Any]) -> frozenset[str]:
    """Who stands above all power levels, by the create event; nobody before room version 12.

    Args:
        creator: who sent the create event.
        content: what it holds.
    """
    if not creators_rule(str(content.get("room_version", "1"))):
        return frozenset()
    more = content.get("additional_creators")
    found = {user for user in more if isinstance(user, str)} if isinstance(more, list) else set()
    return frozenset(found | ({creator} if creator else set()))


def level_of(user_id: str, levels: Mapping[str, Any], above: frozenset[str]) -> int:
    """Somebody's power."""
    return Powers.of(cleaned(levels), above).of_user(user_id)


def handed_over(
    levels: Mapping[str, Any], above: frozenset[str], before: str | None, admin: str
) -> dict[str, Any] | None:
    """The levels after the admin's power went from one to another; None when they stand so."""
    users = levels.get("users")
    known = dict(users) if isinstance(users, Mapping) else {}
    new = {user: level for user, level in known.items() if user != before}
    if level_of(admin, levels, above) < ADMIN:
        new[admin] = ADMIN
    return None if new == known else {**levels, "users": new}
