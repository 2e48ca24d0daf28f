# SPDX-License-Identifier: AGPL-3.0-or-later
"""What other features add to a profile: addresses of its pictures, and its showcase.

The ports are here, so that a profile can be read before, and without, either of them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from policy.visibility import Field, Viewer

COLLECTIONS = frozenset({Field.FAVORITE_SEARCHES, Field.FEATURED_LISTINGS, Field.SERVERS_JOINED})
"""The collections of a showcase, each of which has a level of its own."""


@dataclass(frozen=True, slots=True)
class Card:
    """One card of a showcase, as one viewer may see it.

    Attributes:
        unavailable: why only its owner still sees it; None while it is good.
    """

    collection: str
    entity_kind: str
    entity_id: str
    title: str
    note: str | None = None
    subtitle: str | None = None
    thumbnail_url: str | None = None
    href: str | None = None
    unavailable: str | None = None


class Pictures(Protocol):
    """Knows where a picture of a profile is."""

    async def urls(self, media_id: UUID, name: str, *, public: bool) -> Mapping[str, str]:
        """Address of each size, by its name; signed and short-lived unless `public`."""


class Showcase(Protocol):
    """Knows what somebody shows."""

    async def cards(
        self, viewer: str | None, kind: Viewer, owner: str, collections: Collection[str]
    ) -> Sequence[Card]:
        """The cards of these collections that the viewer may see, in their owner's order."""


class NoPictures:
    """While no pictures are kept."""

    async def urls(self, media_id: UUID, name: str, *, public: bool) -> Mapping[str, str]:
        """None."""
        del media_id, name, public
        return {}


class NoShowcase:
    """While there is no showcase."""

    async def cards(
        self, viewer: str | None, kind: Viewer, owner: str, collections: Collection[str]
    ) -> Sequence[Card]:
        """None."""
        del viewer, kind, owner, collections
        return ()
