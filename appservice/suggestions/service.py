# SPDX-License-Identifier: AGPL-3.0-or-later
"""Use cases of suggestions: read them, make them anew when they are old, take one away."""

from collections.abc import Sequence
from datetime import timedelta

from appservice.clock import Clock
from appservice.database import Database
from appservice.people.locks import lock_person
from appservice.suggestions import store
from appservice.suggestions.store import Suggestion
from policy.limits import RequestRules

_FRESH = timedelta(hours=6)
JOB = "suggestions.make"


class Suggestions:
    """People one may know."""

    def __init__(self, database: Database, clock: Clock, rules: RequestRules) -> None:
        """Args: Kith's database, the time, and after which time somebody may be asked again."""
        self._database = database
        self._clock = clock
        self._ask_again = timedelta(seconds=rules.ask_again_after)

    async def page(
        self, me: str, after: tuple[int, str] | None, limit: int
    ) -> Sequence[Suggestion]:
        """A page of people I may know (one more than `limit` if there are more).

        The first look, and the first after a new friend, waits for them to be found; old ones are
        shown once more while a job finds new ones.
        """
        now = self._clock.now()
        if after is None:
            await self._renew(me)
        since = now - self._ask_again
        return await store.page(self._database, me, after, limit, now=now, since=since)

    async def make(self, user_id: str) -> None:
        """Find them anew: the job, which may run twice."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await lock_person(tx, user_id)
            await store.make(tx, user_id, now, now - self._ask_again)

    async def dismiss(self, me: str, other: str) -> None:
        """Never suggest somebody again."""
        await store.dismiss(self._database, me, other, self._clock.now())

    async def _renew(self, me: str) -> None:
        last = await store.last(self._database, me)
        if last is None or last[1]:
            await self.make(me)
        elif last[0] < self._clock.now() - _FRESH:
            async with self._database.transaction() as tx:
                await tx.defer(JOB, once=f"{JOB}:{me}", user_id=me)
