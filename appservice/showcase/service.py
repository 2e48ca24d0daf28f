# SPDX-License-Identifier: AGPL-3.0-or-later
"""Use cases of showcases: put cards up, look at somebody's, look for more (S1).

Rights are asked again whenever a card is looked at: what its owner may show no more is gone for
everybody else with the next look, and stands there greyed for the owner.
"""

from collections.abc import Collection as Some
from collections.abc import Sequence
from dataclasses import dataclass, replace

from appservice.clock import Clock
from appservice.database import Database
from appservice.listings.filter import Filter
from appservice.listings.finding import Wanted
from appservice.listings.service import Listings
from appservice.people.locks import lock_person
from appservice.profiles.parts import Card
from appservice.rest.codes import Code
from appservice.saved_searches.service import SavedSearches
from appservice.showcase import store
from appservice.showcase.card import card, first_picture, remains
from appservice.showcase.store import Item
from policy.showcase import Collection, may_know, missing
from policy.visibility import Viewer

_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class Chosen:
    """A card to put up."""

    entity_id: str
    note: str | None = None


class Showcases:
    """What people show."""

    def __init__(
        self, database: Database, clock: Clock, listings: Listings, searches: SavedSearches
    ) -> None:
        """Take Kith's database, the time, and who knows what can be shown."""
        self._database = database
        self._clock = clock
        self._listings = listings
        self._searches = searches

    async def cards(
        self, viewer: str | None, kind: Viewer, owner: str, collections: Some[str]
    ) -> list[Card]:
        """The cards of these collections that somebody may see, in their owner's order.

        Args:
            viewer: who looks; None is nobody known, also when one is only imagined.
            kind: what they are to the owner.
            owner: whose showcase.
            collections: those whose level lets the viewer see them; `policy.visibility` knows.
        """
        if not collections:
            return []
        items = await store.shown(self._database, owner, viewer, list(collections))
        own = kind is Viewer.SELF
        # Who is only imagined is somebody signed in, a friend or a stranger; or nobody.
        signed_in = kind is not Viewer.ANONYMOUS
        seen = [item for item in items if own or _shows(item, signed_in=signed_in)]
        return await self._drawn(seen, signed_in=signed_in)

    async def put(self, me: str, collection: Collection, chosen: Sequence[Chosen]) -> list[Card]:
        """Put these cards up in place of what a collection of mine held.

        A card that was there already may stay, also while its thing is away: it may come back.

        Raises:
            KithError: `card_unavailable`, naming the first that I may not show.
        """
        ids = [one.entity_id for one in chosen]
        async with self._database.transaction() as tx:
            await lock_person(tx, me)
            before = {item.entity_id: item for item in await store.shown(tx, me, me, [collection])}
            found = {item.entity_id: item for item in await store.meant(tx, me, collection, ids)}
            items = []
            for one in chosen:
                item = replace(found[one.entity_id], note=one.note)
                why = missing(item.facts)
                if why is None and item.thing is not None:
                    item = replace(item, title=item.thing["title"])
                elif one.entity_id in before:
                    item = replace(item, title=before[one.entity_id].title)
                else:
                    raise Code.CARD_UNAVAILABLE.error(entity_id=one.entity_id, reason=why)
                items.append(item)
            await store.replace(tx, me, collection, items, self._clock.now())
        return await self.cards(me, Viewer.SELF, me, [collection])

    async def candidates(self, me: str, collection: Collection, text: str) -> list[Card]:
        """What I could still put up, by a part of its name; at most 20."""
        every = await self._meant(me, collection, text)
        shown = {
            item.entity_id for item in await store.shown(self._database, me, me, [collection])
        }
        ids = [one for one in every if one not in shown][:_CANDIDATES]
        items = await store.meant(self._database, me, collection, ids)
        good = [item for item in items if missing(item.facts) is None]
        return await self._drawn(good, signed_in=True)

    async def _meant(self, me: str, collection: Collection, text: str) -> list[str]:
        if collection is Collection.SERVERS_JOINED:
            return await store.servers(self._database, me, text, _CANDIDATES * 2)
        if collection is Collection.FAVORITE_SEARCHES:
            mine = await self._searches.mine(me)
            return [str(one.id) for one in mine if text.casefold() in one.name.casefold()]
        # One's own first; by words, whatever else is on offer.
        asked = Filter(q=text or None)
        own = Wanted(asked, seller=me, offered=True)
        found, _ = await self._listings.find(me, own, None, _CANDIDATES + len(Collection))
        if text:
            others = Wanted(asked, offered=True)
            found += (await self._listings.find(me, others, None, _CANDIDATES))[0]
        return list(dict.fromkeys(str(one.id) for one in found))

    async def _drawn(self, items: Sequence[Item], *, signed_in: bool) -> list[Card]:
        images = {one for one in map(first_picture, items) if one}
        pictures = await self._listings.pictures.shown(images) if images else {}
        drawn = []
        for item in sorted(items, key=lambda item: list(Collection).index(item.collection)):
            why = missing(item.facts)
            drawn.append(remains(item, why) if why else card(item, pictures, signed_in=signed_in))
        return drawn


def _shows(item: Item, *, signed_in: bool) -> bool:
    facts = item.facts
    if facts is None or missing(facts) is not None:
        return False
    return may_know(facts, signed_in=signed_in)
