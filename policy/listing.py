# SPDX-License-Identifier: AGPL-3.0-or-later
"""Listings: which state follows which, who sees one, how many somebody may post (S3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from policy.limits import DAY, Rules
from policy.person import Trust
from policy.reason import Reason
from policy.verdict import ALLOW, Deny, Verdict


class ListingStatus(StrEnum):
    """Where a listing stands."""

    DRAFT = "draft"
    OPEN = "open"
    RESERVED = "reserved"
    SOLD = "sold"
    CLOSED = "closed"


SHOWN = frozenset({ListingStatus.OPEN, ListingStatus.RESERVED, ListingStatus.SOLD})
"""What others than the seller see. A sold one is told as sold to whoever saw it before."""

OFFERED = frozenset({ListingStatus.OPEN, ListingStatus.RESERVED})
"""What may stand in a showcase."""

RUNNING = frozenset({ListingStatus.DRAFT, *OFFERED})
"""What counts against the number somebody may have at a time."""

# Nothing becomes a draft again: others have seen it, and their cards point at it.
_NEXT: Mapping[ListingStatus, frozenset[ListingStatus]] = {
    ListingStatus.DRAFT: frozenset({ListingStatus.OPEN, ListingStatus.CLOSED}),
    ListingStatus.OPEN: frozenset(
        {ListingStatus.RESERVED, ListingStatus.SOLD, ListingStatus.CLOSED}
    ),
    ListingStatus.RESERVED: frozenset(
        {ListingStatus.OPEN, ListingStatus.SOLD, ListingStatus.CLOSED}
    ),
    ListingStatus.SOLD: frozenset({ListingStatus.OPEN, ListingStatus.CLOSED}),
    ListingStatus.CLOSED: frozenset({ListingStatus.OPEN}),
}


def may_become(before: ListingStatus, after: ListingStatus) -> bool:
    """Whether a listing may go from one state to another; staying is always possible."""
    return before is after or after in _NEXT[before]


def may_see(status: ListingStatus, *, seller: bool, staff: bool, parted: bool) -> bool:
    """Whether somebody may know of a listing.

    Args:
        status: where it stands.
        seller: it is theirs.
        staff: they look after this instance; drafts are nobody's but the seller's all the same.
        parted: a block stands between them and the seller, whoever set it (D17).
    """
    if seller:
        return True
    if staff:
        return status is not ListingStatus.DRAFT
    return status in SHOWN and not parted


@dataclass(frozen=True, slots=True)
class PostFacts:
    """Somebody about to post.

    Attributes:
        trust: theirs.
        posted_last_day: listings made within 24 hours, deleted ones included.
        oldest_age: seconds since the oldest of those.
        running: listings that are drafts, open or reserved.
    """

    trust: Trust
    posted_last_day: int = 0
    oldest_age: int = 0
    running: int = 0


def may_post(facts: PostFacts, rules: Rules) -> Verdict:
    """Whether one more may be made: by the day, and at a time."""
    numbers, new = rules.listings, facts.trust is Trust.NEW
    if facts.posted_last_day >= (numbers.per_day_new if new else numbers.per_day):
        return Deny(Reason.LISTING_LIMIT, max(1, DAY - facts.oldest_age) * 1000)
    return may_run(facts, rules)


def may_run(facts: PostFacts, rules: Rules) -> Verdict:
    """Whether one more may run at the same time; asked when one is opened again, too."""
    numbers, new = rules.listings, facts.trust is Trust.NEW
    if facts.running >= (numbers.running_new if new else numbers.running):
        return Deny(Reason.LISTINGS_RUNNING_LIMIT)
    return ALLOW
