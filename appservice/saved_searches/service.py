# SPDX-License-Identifier: AGPL-3.0-or-later
"""Use cases of saved searches: each person's own, with different names (S4)."""

from dataclasses import replace
from uuid import UUID

from appservice.clock import Clock
from appservice.database import Database, Transaction
from appservice.errors import NotFound
from appservice.listings.filter import Filter
from appservice.listings.service import Listings
from appservice.listings.store import Listing
from appservice.people.locks import lock_person
from appservice.rest.codes import Code
from appservice.saved_searches import store
from appservice.saved_searches.store import MOST, SavedSearch


class SavedSearches:
    """What somebody does with their searches."""

    def __init__(self, database: Database, clock: Clock, listings: Listings) -> None:
        """Take Kith's database, time and ids, and who finds listings."""
        self._database = database
        self._clock = clock
        self.listings = listings

    async def mine(self, me: str) -> list[SavedSearch]:
        """All of mine, the newest first."""
        return await store.mine(self._database, me)

    async def add(self, me: str, name: str, query: Filter, *, alerts: bool) -> SavedSearch:
        """Keep one more.

        Raises:
            KithError: `title_taken`, `searches_full`, `invalid` for a seller nobody can be.
        """
        now = self._clock.now()
        made = SavedSearch(self._clock.new_id(), name, self._whole(query), alerts, now, now)
        async with self._database.transaction() as tx:
            others = await _alone(tx, me)
            if len(others) >= MOST:
                raise Code.SEARCHES_FULL.error()
            _different(name, others)
            await store.add(tx, me, made)
        return made

    async def change(
        self,
        me: str,
        search_id: UUID,
        *,
        name: str | None,
        query: Filter | None,
        alerts: bool | None,
    ) -> SavedSearch:
        """Change what is given of one of mine.

        Raises:
            NotFound: I have none with that id.
            KithError: `title_taken`, `invalid` for a seller nobody can be.
        """
        async with self._database.transaction() as tx:
            every = await _alone(tx, me)
            found = _found(every, search_id)
            made = replace(
                found,
                name=name or found.name,
                query=self._whole(query) if query else found.query,
                alerts=found.alerts if alerts is None else alerts,
            )
            if made == found:
                return found
            _different(made.name, [one for one in every if one.id != search_id])
            made = replace(made, updated_at=self._clock.now())
            await store.change(tx, made)
        return made

    async def remove(self, me: str, search_id: UUID) -> None:
        """Forget one of mine.

        Raises:
            NotFound: I have none with that id.
        """
        async with self._database.transaction() as tx:
            _found(await _alone(tx, me), search_id)
            await store.remove(tx, search_id)

    async def results(
        self, me: str, search_id: UUID, after: str | None, limit: int
    ) -> tuple[list[Listing], str | None]:
        """A page of what one of mine finds now: the same as asking for it.

        Raises:
            NotFound: I have none with that id.
            KithError: `invalid`, when the cursor is none of this list.
        """
        found = _found(await self.mine(me), search_id)
        return await self.listings.find(me, self.listings.wanted(found.query), after, limit)

    def _whole(self, query: Filter) -> Filter:
        """The filter with its seller in full: a bare name must mean the same tomorrow."""
        seller = self.listings.wanted(query).seller
        return Filter.model_validate({**query.model_dump(), "seller": seller})


async def _alone(tx: Transaction, me: str) -> list[SavedSearch]:
    await lock_person(tx, me)
    return await store.mine(tx, me)


def _found(every: list[SavedSearch], search_id: UUID) -> SavedSearch:
    for one in every:
        if one.id == search_id:
            return one
    raise NotFound


def _different(name: str, others: list[SavedSearch]) -> None:
    if name.casefold() in (one.name.casefold() for one in others):
        raise Code.TITLE_TAKEN.error()
