# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names of what travels beside the tables: PostgreSQL NOTIFY channels and Redis keys."""

from policy.ids import pair

FACTS = "kith_facts"
"""Payload: the key of a fact that changed, one of the three below. Sent by triggers."""

SIGNALS = "kith_signals"
"""Payload: JSON ``{"kind", "user_id"}`` from a Synapse module. A hint: the truth is read again."""

INBOX = "kith_inbox"
"""Empty payload: the inbox has something to apply."""

UNREAD = "kith_unread"
"""Payload: JSON ``["room", room]`` or ``["pair", person, room]``, whose counts may have changed.
Sent by triggers."""


def relationship_key(one: str, other: str) -> str:
    """Fact key of an unordered pair of user ids."""
    low, high = pair(one, other)
    return f"relationship:{low}|{high}"


def person_key(user_id: str) -> str:
    """Fact key of one account."""
    return f"person:{user_id}"


def room_key(room_id: str) -> str:
    """Fact key of one room."""
    return f"room:{room_id}"


def friends_frames(user_id: str) -> str:
    """Redis channel on which a person's friend frames are published (F7)."""
    return f"user:{user_id}:friends"
