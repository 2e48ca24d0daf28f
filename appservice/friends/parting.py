# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who hears that somebody is gone: friends, followers, whoever has a request open (F7, F9, G1).

Read before the ties go, told afterwards: a frame carries the counts as they are then.
"""

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from appservice.database import Database, Transaction
from appservice.friends.frames import Frame
from appservice.friends.requests import COLUMNS, FriendRequest, Status

_FRIENDS = "SELECT friend_id FROM friendships WHERE user_id = %(who)s"
_FOLLOWS = """
SELECT follower FROM follows WHERE followed = %(who)s
UNION SELECT followed FROM follows WHERE follower = %(who)s
"""
# Whoever asked believes that a declined request waits (D39).
_OPEN = f"""
SELECT {COLUMNS} FROM friend_requests r
WHERE r.expires_at > %(now)s AND r.withdrawn_at IS NULL
  AND ((r.requester = %(who)s AND r.status = 'pending')
    OR (r.recipient = %(who)s AND r.status IN ('pending', 'declined')))
"""  # noqa: S608 - constants


class Teller(Protocol):
    """Who sends frames (`appservice.friends.service`)."""

    async def tell(self, frames: list[Frame], now: datetime) -> None:
        """Send them, as a hint."""


async def told(
    reader: Database | Transaction, who: str, now: datetime, *, for_good: bool
) -> list[Frame]:
    """What others are to be told once the ties of somebody have gone.

    Args:
        reader: where they stand still.
        who: whose.
        now: the time.
        for_good: requests to them go as well. Otherwise those go on looking as if they waited, as
            declined ones do.
    """
    frames = [
        Frame(friend, "friend:removed", who)
        for (friend,) in await reader.read(_FRIENDS, {"who": who})
    ]
    friends = {frame.to for frame in frames}
    for (other,) in await reader.read(_FOLLOWS, {"who": who}):
        # A friend reads all lists anew as it is.
        if other not in friends:
            frames.append(Frame(other, "follow:removed", who))
    for row in await reader.read(_OPEN, {"who": who, "now": now}):
        request = FriendRequest.of(row)
        asked = request.requester == who
        if asked or for_good:
            other = request.recipient if asked else request.requester
            closed = replace(request, status=Status.CANCELLED if asked else Status.EXPIRED)
            frames.append(Frame(other, "friend_request:updated", who, closed))
    return frames
