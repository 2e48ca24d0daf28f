# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names of the gateway's channels and keys in Redis (M5)."""

PRESENCE = "community:presence"
"""Channel: who came and went."""


def room(room_id: str) -> str:
    """Channel of a room's envelopes."""
    return f"community:room:{room_id}"


def person(user_id: str) -> str:
    """Channel of envelopes for one person: their own memberships."""
    return f"user:{user_id}:rooms"


def typing(room_id: str) -> str:
    """HASH of who types to when they began (ms); lives 10 s longer than its last change."""
    return f"community:typing:{room_id}"


def online(room_id: str) -> str:
    """ZSET of who has the room open on a socket to when that ends without renewal (s)."""
    return f"community:presence:{room_id}"


def rate(user_id: str) -> str:
    """ZSET of a person's recent commands."""
    return f"rate_limit:community:{user_id}"


PROCESSES = "community:processes"
"""ZSET of gateway processes to when they are believed no more (s) without saying anything."""


def sockets(user_id: str) -> str:
    """HASH of gateway processes to how many sockets a person has open there."""
    return f"community:sockets:{user_id}"


def token(digest: str) -> str:
    """Whom a connection token lets in."""
    return f"community:ws_token:{digest}"
