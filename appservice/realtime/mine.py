# SPDX-License-Identifier: AGPL-3.0-or-later
"""One's own memberships since a position, for who has no socket: as they are, not as they came.

Positions are the homeserver's own, of all its rooms, so one number says what has been heard.
"""

from appservice.clock import epoch_ms
from appservice.database import Database
from appservice.realtime import frames

_MOST = 500
_NEWEST = """
SELECT coalesce(max(stream_ordering), 0) FROM memberships WHERE user_id = %(me)s
"""
_SINCE = """
SELECT room_id, stream_ordering, event_id, sender, since, membership FROM memberships
WHERE user_id = %(me)s AND stream_ordering > %(after)s ORDER BY stream_ordering LIMIT %(limit)s
"""


class Mine:
    """Reads the registry; every method raises `Unavailable` when it is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, me: str) -> int:
        """Position of the last of somebody's memberships; 0 who was never anywhere."""
        rows = await self._database.read(_NEWEST, {"me": me})
        return int(rows[0][0])

    async def since(self, me: str, after: int) -> list[frames.MemberChanged]:
        """What has changed behind a position, in order."""
        rows = await self._database.read(_SINCE, {"me": me, "after": after, "limit": _MOST})
        return [
            frames.MemberChanged(
                room_id=room_id,
                position=position,
                event_id=event_id,
                sender=sender,
                ts=epoch_ms(since),
                user_id=me,
                membership=membership,
            )
            for room_id, position, event_id, sender, since, membership in rows
        ]
