# SPDX-License-Identifier: AGPL-3.0-or-later
"""Use cases of listings: what a seller does with theirs, what others find (S3).

Whoever may not see a listing meets the same answer as if it did not exist (D17).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from appservice.clock import Clock
from appservice.database import Database, Transaction
from appservice.errors import Denied, Invalid, KithError, NotFound
from appservice.listings import finding, store
from appservice.listings.filter import Filter
from appservice.listings.finding import Wanted
from appservice.listings.moving import Moves
from appservice.listings.pictures import Pictures
from appservice.listings.store import Listing
from appservice.people.locks import lock_person
from appservice.places.gazetteer import Gazetteer
from appservice.profiles import activity
from appservice.profiles.activity import Kind
from appservice.rest.codes import Code
from appservice.rest.dispatch import named_person
from policy.limits import Rules
from policy.listing import ListingStatus, may_post, may_see
from policy.reason import Reason
from policy.verdict import Deny

NOTE = "bot.listing_note"
"""Job that tells a seller what staff has closed."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, and whether they look after this instance."""

    user_id: str
    staff: bool = False


class Listings:
    """What people do with listings."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        rules: Rules,
        server_name: str,
        *,
        gazetteer: Gazetteer,
        pictures: Pictures,
    ) -> None:
        """Take Kith's database, time and ids, the rules, and who knows places and pictures."""
        self._gazetteer = gazetteer
        self._database = database
        self._clock = clock
        self._rules = rules
        self._moves = Moves(clock, rules)
        self._server_name = server_name
        self.pictures = pictures

    def wanted(self, asked: Filter) -> Wanted:
        """A filter that names its seller in full.

        Raises:
            KithError: `invalid`, when nobody can have that name.
        """
        if asked.seller is None:
            return Wanted(asked)
        return Wanted(asked, named_person(asked.seller, self._server_name, field="seller"))

    async def find(
        self, me: str, wanted: Wanted, after: str | None, limit: int
    ) -> tuple[list[Listing], str | None]:
        """A page of what I may see, and the cursor of the next one.

        Raises:
            KithError: `invalid`, when the cursor is none of this list.
        """
        return await finding.page(self._database, me, wanted, after, limit)

    async def seen(self, who: Who, listing_id: UUID) -> Listing:
        """One listing.

        Raises:
            NotFound: there is none that I may see.
        """
        return _visible(who, await store.one(self._database, who.user_id, listing_id))

    async def post(self, me: str, values: Mapping[str, Any], txn_id: str | None) -> Listing:
        """Make a listing; sent again with the same mark, it is the first one.

        Args:
            me: the seller.
            values: every field of the table that the seller sets.
            txn_id: the request's own mark.

        Raises:
            Denied: `listing_limit`, `listings_running_limit`, `place_unknown`.
            KithError: `unknown_image`.
        """
        now, made = self._clock.now(), self._clock.new_id()
        values = await self._placed(values)
        async with self._database.transaction() as tx:
            await lock_person(tx, me)
            before = await store.sent(tx, me, txn_id) if txn_id else None
            if before is not None:
                return before
            facts = await store.post_facts(tx, me, now)
            verdict = may_post(facts, self._rules)
            if isinstance(verdict, Deny):
                raise Denied.by(verdict)
            await self._pictured(tx, me, values["images"])
            await store.add(tx, {**values, "id": made, "seller": me, "txn": txn_id}, now)
            found = _visible(Who(me), await store.one(tx, me, made))
            await self._told(tx, found)
            return found

    async def change(
        self, who: Who, listing_id: UUID, changes: Mapping[str, Any], revision: int | None
    ) -> Listing:
        """Change what is given of one of mine.

        Args:
            who: its seller.
            listing_id: which.
            changes: new values by field.
            revision: what the seller saw; None to change whatever stands there.

        Raises:
            NotFound: there is none that I may see.
            KithError: `forbidden`, `listing_changed`, `listing_status`, `closed_by_staff`,
                `unknown_image`, `invalid`.
            Denied: `listings_running_limit`, `place_unknown`.
        """
        changes = await self._placed(changes)
        async with self._database.transaction() as tx:
            found = await self._mine(tx, who, listing_id)
            if revision is not None and revision != found.revision:
                raise Code.LISTING_CHANGED.error(revision=found.revision)
            made = replace(found, **{**changes, "status": found.status})
            if (made.price_minor is None) != (made.currency is None):
                raise _unpriced()
            if "images" in changes and list(made.images) != list(found.images):
                await self._pictured(tx, who.user_id, made.images)
            made = await self._moves.moved(
                tx, made, ListingStatus(changes.get("status", found.status))
            )
            if found.status is ListingStatus.DRAFT:
                await self._told(tx, made)
            return await self._written(tx, who, found, made)

    async def close(self, who: Who, listing_id: UUID, reason: str | None) -> Listing:
        """Close one of mine; staff close anybody's, which is logged. Twice is once.

        Raises:
            NotFound: there is none that I may see.
            KithError: `forbidden`.
        """
        async with self._database.transaction() as tx:
            found = await self._locked(tx, who, listing_id)
            mine = found.seller == who.user_id
            if not (mine or who.staff):
                raise Code.FORBIDDEN.error()
            if found.status is ListingStatus.CLOSED and (mine or found.closed_by_staff):
                return found
            made = self._moves.shut(found, ListingStatus.CLOSED, who.user_id, reason)
            if not mine:
                await store.note_staff(tx, who.user_id, made, self._clock.now())
                await tx.defer(NOTE, listing_id=str(listing_id))
            return await self._written(tx, who, found, made)

    async def reopen(self, who: Who, listing_id: UUID) -> Listing:
        """Open one of mine again, or for the first time. Twice is once.

        Raises:
            NotFound: there is none that I may see.
            KithError: `forbidden`, `closed_by_staff`.
            Denied: `listings_running_limit`.
        """
        return await self.change(who, listing_id, {"status": ListingStatus.OPEN}, None)

    async def delete(self, who: Who, listing_id: UUID) -> None:
        """Take one of mine away for good.

        Raises:
            NotFound: there is none that I may see.
            KithError: `forbidden`.
        """
        async with self._database.transaction() as tx:
            await self._mine(tx, who, listing_id)
            await store.delete(tx, listing_id)

    async def _locked(self, tx: Transaction, who: Who, listing_id: UUID) -> Listing:
        # The person first, as everywhere: counting and changing must be one.
        await lock_person(tx, who.user_id)
        await store.lock(tx, listing_id)
        return _visible(who, await store.one(tx, who.user_id, listing_id))

    async def _mine(self, tx: Transaction, who: Who, listing_id: UUID) -> Listing:
        found = await self._locked(tx, who, listing_id)
        if found.seller != who.user_id:
            raise Code.FORBIDDEN.error()
        return found

    async def _placed(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is given, with the names of a place that is given by its number."""
        place_id = values.get("place_id")
        if place_id is None:
            # Another city in words is no longer the place of the number.
            named = "city" in values or "country_code" in values
            return {**values, "place_id": None} if named else values
        known = await self._gazetteer.place(place_id)
        if known is None:
            raise Denied(Reason.PLACE_UNKNOWN)
        return {**values, "city": known.city, "country_code": known.country_code}

    async def _told(self, tx: Transaction, listing: Listing) -> None:
        """Note in the seller's activity that it was published; drafts are nobody's business."""
        if listing.status is not ListingStatus.OPEN:
            return
        subject = {"id": str(listing.id), "title": listing.title}
        kind, now = Kind.PUBLISHED_LISTING, self._clock.now()
        await activity.record(tx, listing.seller, kind, now, subject=subject)

    async def _pictured(self, tx: Transaction, me: str, images: Sequence[str]) -> None:
        if images and not await self.pictures.ready(tx, me, images):
            raise Code.UNKNOWN_IMAGE.error()

    async def _written(
        self, tx: Transaction, who: Who, before: Listing, after: Listing
    ) -> Listing:
        if after == before:
            return before
        await store.change(tx, after, self._clock.now())
        return _visible(who, await store.one(tx, who.user_id, before.id))


def _visible(who: Who, found: tuple[Listing, bool] | None) -> Listing:
    if found is None:
        raise NotFound
    listing, parted = found
    mine = listing.seller == who.user_id
    if not may_see(listing.status, seller=mine, staff=who.staff, parted=parted):
        raise NotFound
    return listing


def _unpriced() -> KithError:
    problem = "a price needs a currency, and a currency a price"
    return Invalid(
        "A price needs a currency, and a currency a price.",
        details={"fields": [{"field": "price_minor", "problem": problem}]},
    )
