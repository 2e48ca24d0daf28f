# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an engine of people search is given and asked, whoever it is.

Visibility is in the data: an entry has one part for everybody and one for friends, made by
`policy.visibility`; an engine matches, counts and ranks by the part the viewer may see, and by no
other. Who is a friend, and whom a block parts from the viewer, the engine asks for itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

FEWEST = 5
"""People a count of pronouns must be of (P6)."""
COUNTED = 10_000
"""People that facets are counted over; of more, the first found."""
VALUES = 20
"""Values of one facet."""


class Part(StrEnum):
    """Where in a profile a word stands: the earlier, the more it counts."""

    NAME = "N"
    INTEREST = "I"
    LOCATION = "L"
    BIO = "B"


class Kind(StrEnum):
    """What people can be narrowed down by."""

    COUNTRY = "country"
    CITY = "city"
    PRONOUNS = "pronouns"
    INTEREST = "interest"


@dataclass(frozen=True, slots=True)
class Trait:
    """One value of a facet.

    Attributes:
        kind: which.
        value: what is compared and sent back, folded.
        label: what is shown.
    """

    kind: Kind
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Side:
    """What one kind of viewer may see of somebody: words by where they stand, and traits."""

    words: Mapping[Part, tuple[str, ...]] = field(default_factory=dict)
    traits: tuple[Trait, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who can be found; `friends` holds what everybody may see, too."""

    user_id: str
    everybody: Side
    friends: Side


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: everything given must hold.

    Attributes:
        words: folded; the beginning of a word is enough.
        traits: kind and folded value.
        place: id of a room or space that both the viewer and the person are joined to.
    """

    words: tuple[str, ...] = ()
    traits: tuple[tuple[Kind, str], ...] = ()
    place: str | None = None

    @property
    def nothing(self) -> bool:
        """Whether nothing was asked for."""
        return not (self.words or self.traits or self.place)

    @property
    def by_pronouns(self) -> bool:
        """Whether pronouns narrow it down."""
        return any(kind is Kind.PRONOUNS for kind, _ in self.traits)


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody found, with what the viewer may see of them.

    The greater the rank, the better they fit: a whole word of the name, its beginning, interests
    and places, the bio, what is only nearly so; of equals, friends first.
    """

    rank: int
    user_id: str
    traits: tuple[Trait, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the people found share a trait."""

    trait: Trait
    people: int


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """How many of the people found are in a place of the viewer's."""

    id: str
    room_id: str
    name: str | None
    avatar_url: str | None
    people: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What can narrow a search down; `people` counts to `COUNTED`."""

    people: int
    counts: Sequence[Count]
    places: Sequence[PlaceCount]


class Engine(Protocol):
    """Finds people."""

    async def put(self, entries: Sequence[Entry], gone: Sequence[str]) -> None:
        """Keep entries in place of older ones, and forget who is gone."""

    async def find(
        self, viewer: str, wanted: Wanted, after: tuple[int, str] | None, limit: int
    ) -> Sequence[Hit]:
        """People the viewer may find, best first, then by id; behind a position.

        Nobody, when nothing is wanted; nor when pronouns are, and fewer than `FEWEST` fit.
        """

    async def facets(self, viewer: str, wanted: Wanted) -> Facets:
        """What can narrow this search down.

        Pronouns are counted only from `FEWEST` people on and rounded down (`rounded`).
        """


_STEPS = (5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)


def rounded(people: int) -> int:
    """The greatest step not above a number; 0 below the first.

    Two searches that differ by one person then almost never differ in their counts, so that no
    one's pronouns follow from a subtraction.
    """
    return max((step for step in _STEPS if step <= people), default=0)
