# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ends what ties somebody to others, and tells those at once: the first thing an erasure does.

Before the homeserver is asked for anything, so that nobody keeps a friend who is gone while it is
away.
"""

from appservice.clock import Clock
from appservice.database import Database
from appservice.erasure.store import Erasure
from appservice.erasure.tables import Tables
from appservice.friends import parting
from appservice.friends.parting import Teller

_TABLES = frozenset({"sessions", "bot_prompts", "follows", "friend_requests", "friendships"})


class Ties:
    """Somebody's ties and sign-ins."""

    def __init__(self, database: Database, tables: Tables, friends: Teller, clock: Clock) -> None:
        """Take Kith's database, who empties its tables, who tells, and the time."""
        self._database = database
        self._tables = tables
        self._friends = friends
        self._clock = clock

    async def end(self, erasure: Erasure, user_id: str) -> None:
        """Remove them, then tell; killed between, others see it at their next reading."""
        now = self._clock.now()
        frames = await parting.told(self._database, user_id, now, for_good=True)
        await self._tables.erase(erasure, user_id, only=_TABLES)
        await self._friends.tell(frames, now)
