# SPDX-License-Identifier: AGPL-3.0-or-later
"""Showcases: what may stand on a profile, and who is shown it (S1).

Putting a card up and looking at it ask the same question of the same facts: a right that has gone
meanwhile takes the card with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from policy.listing import OFFERED, ListingStatus

MOST_CARDS = 3
"""Cards of one collection."""

NOTE_LENGTH = 80


class Collection(StrEnum):
    """The rows of a showcase, in the order a profile has them."""

    FAVORITE_SEARCHES = "favorite_searches"
    FEATURED_LISTINGS = "featured_listings"
    SERVERS_JOINED = "servers_joined"


class EntityKind(StrEnum):
    """What a card points at."""

    SEARCH = "search"
    LISTING = "listing"
    SERVER = "server"


KINDS: Mapping[Collection, EntityKind] = {
    Collection.FAVORITE_SEARCHES: EntityKind.SEARCH,
    Collection.FEATURED_LISTINGS: EntityKind.LISTING,
    Collection.SERVERS_JOINED: EntityKind.SERVER,
}


class Missing(StrEnum):
    """Why a card stands there for its owner alone."""

    GONE = "gone"
    CLOSED = "closed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class SearchFacts:
    """A saved search: only its owner can show it, so there is nothing more to ask."""


@dataclass(frozen=True, slots=True)
class ListingFacts:
    """A listing, as the showcase's owner and its reader stand to the seller.

    Attributes:
        status: where it stands.
        owner_parted: a block stands between the owner of the showcase and the seller.
        viewer_parted: the same of the reader.
    """

    status: ListingStatus
    owner_parted: bool = False
    viewer_parted: bool = False


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """A community.

    Attributes:
        public: listed, so that everybody may know of it.
        owner_joined: the owner of the showcase is in it.
        viewer_joined: its reader is.
    """

    public: bool
    owner_joined: bool
    viewer_joined: bool


Facts = SearchFacts | ListingFacts | ServerFacts


def missing(facts: Facts | None) -> Missing | None:
    """Why its owner has no right to show a thing (any more); None when they have.

    Args:
        facts: what is known of it; None when it does not exist, or not for the owner.
    """
    match facts:
        case None:
            return Missing.GONE
        case ListingFacts(owner_parted=True):
            # As when it did not exist: who was blocked is told nothing (D17).
            return Missing.GONE
        case ListingFacts(status=status) if status not in OFFERED:
            return Missing.CLOSED
        case ServerFacts(owner_joined=False):
            return Missing.LEFT
        case _:
            return None


def may_know(facts: Facts, *, signed_in: bool) -> bool:
    """Whether a reader may know of what a card points at, apart from the card.

    Args:
        facts: what is known of it.
        signed_in: whether anybody reads at all; listings are not shown to the world.
    """
    match facts:
        case ListingFacts():
            return signed_in and not facts.viewer_parted
        case ServerFacts():
            return facts.public or facts.viewer_joined
        case SearchFacts():
            return True
