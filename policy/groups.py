# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who leads a group conversation: one admin, everybody else a member (D16)."""

from collections.abc import Mapping
from typing import Any

from policy.reason import Reason
from policy.rooms import Room
from policy.verdict import ALLOW, Deny, Verdict

LED = frozenset(
    {
        "m.room.name",
        "m.room.topic",
        "m.room.avatar",
        "m.room.power_levels",
        "m.room.history_visibility",
        "m.room.join_rules",
        "m.room.guest_access",
        "m.room.server_acl",
        "m.room.tombstone",
    }
)
"""State of a group that only its admin sets."""

_LEVELS = frozenset({"users", "users_default", "state_default", "invite", "kick", "ban", "redact"})


def may_lead(room: Room, user_id: str) -> Verdict:
    """Whether the person may rename the group, bring people in and send them away.

    A 1:1 has no admin: both may do everything the conversation's shape allows.
    """
    if room.admin is None or user_id == room.admin:
        return ALLOW
    return Deny(Reason.GROUP_ADMIN)


def without_ranks(override: Mapping[str, Any]) -> dict[str, Any]:
    """A client's wishes for power levels, without those that would make second admins."""
    kept = {key: value for key, value in override.items() if key not in _LEVELS}
    events = kept.pop("events", None)
    if isinstance(events, Mapping):
        kept["events"] = {key: value for key, value in events.items() if key not in LED}
    return kept
