# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds whose Matrix profile changed while nobody listened to the module's signals (P5).

Names and avatars also come as events, which are never lost; custom fields come by signals alone.
"""

from datetime import timedelta
from typing import Protocol

from appservice.clock import Clock
from appservice.database import Database
from appservice.people.comparing import compare
from appservice.profile_sync.fields import Values
from appservice.profile_sync.service import AGAIN, KEYS

_PAGE = 500
_AGREED = "SELECT user_id, written FROM matrix_profile WHERE user_id = ANY (%(people)s)"
_ALL_DUE = "UPDATE matrix_profile SET checked_at = %(due)s WHERE checked_at > %(due)s"


class ProfileSource(Protocol):
    """What is read of the homeserver's profiles."""

    async def profiles(self, after: str, limit: int) -> list[tuple[str, Values]]:
        """A page of local profiles by user id, behind one."""


class Drift:
    """The job behind a gap in the signals."""

    def __init__(self, database: Database, stream: ProfileSource | None, clock: Clock) -> None:
        """Take Kith's database, Synapse's (None on a foreign one) and the time."""
        self._database = database
        self._stream = stream
        self._clock = clock

    async def find(self) -> None:
        """Have everybody compared whose profile is not what both last agreed on.

        On a foreign Synapse everybody is compared in turn (`ProfileSync.compare_old`).

        Raises:
            Unavailable: either database does not answer; to be repeated.
        """
        if self._stream is None:
            due = self._clock.now() - AGAIN - timedelta(seconds=1)
            await self._database.run(_ALL_DUE, {"due": due})
            return
        after = ""
        while page := await self._stream.profiles(after, _PAGE):
            await self._compare(dict(page))
            after = page[-1][0]

    async def _compare(self, there: dict[str, Values]) -> None:
        rows = await self._database.read(_AGREED, {"people": list(there)})
        drifted = [user_id for user_id, agreed in rows if _shared(there[user_id]) != agreed]
        if drifted:
            async with self._database.transaction() as tx:
                for user_id in drifted:
                    await compare(tx, user_id, judge=True)


def _shared(values: Values) -> Values:
    return {key: value for key, value in values.items() if key in KEYS and value is not None}
