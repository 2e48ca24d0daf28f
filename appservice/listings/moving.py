# SPDX-License-Identifier: AGPL-3.0-or-later
"""A listing goes from one state to another: what is asked before, and what is noted with it."""

from dataclasses import replace

from appservice.clock import Clock
from appservice.database import Transaction
from appservice.errors import Denied
from appservice.listings import store
from appservice.listings.store import Listing
from appservice.rest.codes import Code
from policy.limits import Rules
from policy.listing import RUNNING, ListingStatus, may_become, may_run
from policy.verdict import Deny


class Moves:
    """Moves listings. The caller holds the seller's lock and writes what comes out."""

    def __init__(self, clock: Clock, rules: Rules) -> None:
        """Take the time, and how many may run."""
        self._clock = clock
        self._rules = rules

    async def moved(self, tx: Transaction, listing: Listing, status: ListingStatus) -> Listing:
        """The listing in another state, as its seller wishes.

        Raises:
            KithError: `closed_by_staff`, `listing_status`.
            Denied: `listings_running_limit`.
        """
        before = listing.status
        if before is status:
            return listing
        if before is ListingStatus.CLOSED and listing.closed_by_staff:
            raise Code.CLOSED_BY_STAFF.error()
        if not may_become(before, status):
            raise Code.LISTING_STATUS.error(status=before.value)
        if status not in RUNNING:
            return self.shut(listing, status, listing.seller, None)
        if before not in RUNNING:
            facts = await store.post_facts(tx, listing.seller, self._clock.now())
            verdict = may_run(facts, self._rules)
            if isinstance(verdict, Deny):
                raise Denied.by(verdict)
        first = before is ListingStatus.DRAFT
        return replace(
            listing,
            status=status,
            listed_at=self._clock.now() if first else listing.listed_at,
            closed_at=None,
            closed_by=None,
            close_reason=None,
        )

    def shut(
        self, listing: Listing, status: ListingStatus, by: str, reason: str | None
    ) -> Listing:
        """The listing sold or closed, and by whom."""
        now = self._clock.now()
        return replace(listing, status=status, closed_at=now, closed_by=by, close_reason=reason)
