# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes when an account is deactivated: ties and sessions; requests stay as history (F1)."""

from appservice.clock import Clock
from appservice.database import Database
from appservice.friends import parting
from appservice.friends.parting import Teller

_STEPS = (
    "DELETE FROM friendships WHERE user_id = %(who)s OR friend_id = %(who)s",
    "DELETE FROM follows WHERE follower = %(who)s OR followed = %(who)s",
    "DELETE FROM mutes WHERE muter = %(who)s OR muted = %(who)s",
    "DELETE FROM sessions WHERE user_id = %(who)s",
    "DELETE FROM staff WHERE user_id = %(who)s",
    "DELETE FROM bot_rooms WHERE user_id = %(who)s",
    (
        "UPDATE friend_requests SET status = 'cancelled', responded_at = %(now)s"
        " WHERE requester = %(who)s AND status = 'pending'"
    ),
    # Declined rather than cancelled: whoever asked goes on seeing a request that waits (D39).
    (
        "UPDATE friend_requests SET status = 'declined', responded_at = %(now)s"
        " WHERE recipient = %(who)s AND status = 'pending'"
    ),
    "UPDATE people SET deactivated_at = %(now)s WHERE user_id = %(who)s",
)


class Farewell:
    """Takes leave of deactivated accounts."""

    def __init__(self, database: Database, clock: Clock, friends: Teller) -> None:
        """Take Kith's database, the time, and who tells their friends."""
        self._database = database
        self._clock = clock
        self._friends = friends

    async def deactivate(self, user_id: str) -> None:
        """Remove the account's ties; blocks others made stay, in case the account comes back."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            frames = await parting.told(tx, user_id, now, for_good=False)
            for step in _STEPS:
                await tx.read(step, {"who": user_id, "now": now})
        await self._friends.tell(frames, now)
