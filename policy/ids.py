# SPDX-License-Identifier: AGPL-3.0-or-later
"""Matrix identifiers as types, and the few questions one may ask of them.

Room ids are opaque: in room version 12 they carry no server name, so nothing here parses one.
"""

import re
from typing import NewType
from uuid import UUID

UserId = NewType("UserId", str)
RoomId = NewType("RoomId", str)
EventId = NewType("EventId", str)

MAX_ID_LENGTH = 255
"""Bytes a user id may have (Matrix spec, appendices: user identifiers)."""

# The historical grammar (spec, appendices) is accepted: old servers still hold such accounts.
_USER_ID = re.compile(r"@([\x21-\x39\x3b-\x7e]+):([A-Za-z0-9.\-\[\]:]+)")


def parse_user_id(text: str, default_server: str | None = None) -> UserId | None:
    """Read a full Matrix user id, or a bare localpart of ``default_server`` (D30).

    Args:
        text: ``@alice:example.org``, ``@alice`` or ``alice``.
        default_server: server name a bare localpart belongs to; None refuses bare localparts.

    Returns:
        The user id, or None when the text is neither.
    """
    candidate = text.strip()
    if ":" not in candidate and default_server is not None:
        candidate = f"@{candidate.removeprefix('@').lower()}:{default_server}"
    if len(candidate.encode()) > MAX_ID_LENGTH or not _USER_ID.fullmatch(candidate):
        return None
    return UserId(candidate)


def kith_id(reference: str) -> UUID | None:
    """Kith's own id of a room or conversation (D30); None when the reference is something else."""
    try:
        return UUID(reference)
    except ValueError:
        return None


def localpart(user_id: str) -> str:
    """The part between the @ and the first colon."""
    return user_id[1:].partition(":")[0]


def server_of(user_id: str) -> str:
    """The server name a user id (or alias) belongs to; may contain a port."""
    return user_id.partition(":")[2]


def is_local(user_id: str, server_name: str) -> bool:
    """Whether the account lives on ``server_name``."""
    return server_of(user_id) == server_name


def pair(one: str, other: str) -> tuple[str, str]:
    """The two ids of an unordered pair, low one first, as every table stores them."""
    return (one, other) if one <= other else (other, one)
