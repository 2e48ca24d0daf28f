# SPDX-License-Identifier: AGPL-3.0-or-later
"""People search in memory: the port as plainly as it can be said, for tests of what uses it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from appservice.people_search.engine import (
    COUNTED,
    FEWEST,
    VALUES,
    Count,
    Entry,
    Facets,
    Hit,
    Kind,
    Part,
    PlaceCount,
    Side,
    Wanted,
    rounded,
)
from appservice.people_search.words import all_mistyped, mistyped


@dataclass
class Ties:
    """How people stand to each other and where they are."""

    friends: set[frozenset[str]] = field(default_factory=set)
    blocks: set[frozenset[str]] = field(default_factory=set)
    places: dict[str, set[str]] = field(default_factory=dict)


class MemoryEngine:
    """Looks at everybody, every time."""

    def __init__(self, ties: Ties) -> None:
        self._ties = ties
        self._entries: dict[str, Entry] = {}

    async def put(self, entries: Sequence[Entry], gone: Sequence[str]) -> None:
        self._entries.update({entry.user_id: entry for entry in entries})
        for user_id in gone:
            self._entries.pop(user_id, None)

    async def find(
        self, viewer: str, wanted: Wanted, after: tuple[int, str] | None, limit: int
    ) -> Sequence[Hit]:
        hits = sorted(self._fit(viewer, wanted), key=lambda hit: (-hit.rank, hit.user_id))
        if wanted.by_pronouns and len(hits) < FEWEST:
            return []
        if after:
            hits = [hit for hit in hits if (-hit.rank, hit.user_id) > (-after[0], after[1])]
        return hits[:limit]

    async def facets(self, viewer: str, wanted: Wanted) -> Facets:
        hits = self._fit(viewer, wanted)[:COUNTED]
        if wanted.by_pronouns and len(hits) < FEWEST:
            return Facets(0, (), ())
        counted = Counter(trait for hit in hits for trait in hit.traits)
        counts: list[Count] = []
        for kind in Kind:
            of_kind = [(t, n) for t, n in counted.most_common() if t.kind is kind][:VALUES]
            counts += [
                Count(t, rounded(n) if kind is Kind.PRONOUNS else n)
                for t, n in of_kind
                if kind is not Kind.PRONOUNS or rounded(n)
            ]
        places = [
            PlaceCount(name, name, name, None, number)
            for name, people in self._ties.places.items()
            if viewer in people and (number := sum(hit.user_id in people for hit in hits))
        ]
        return Facets(len(hits), counts, places)

    def _fit(self, viewer: str, wanted: Wanted) -> list[Hit]:
        if wanted.nothing:
            return []
        here = self._ties.places.get(wanted.place or "", set())
        found = []
        for entry in self._entries.values():
            pair = frozenset({viewer, entry.user_id})
            if viewer == entry.user_id or pair in self._ties.blocks:
                continue
            if wanted.place and not {viewer, entry.user_id} <= here:
                continue
            near = pair in self._ties.friends
            side = entry.friends if near else entry.everybody
            points = [_points(side, word) for word in wanted.words]
            has = {(trait.kind, trait.value) for trait in side.traits}
            if all(points) and has >= set(wanted.traits):
                found.append(Hit(2 * sum(points) + near, entry.user_id, side.traits))
        return found


def _points(side: Side, word: str) -> int:
    """What a word is worth; 0 when it is nowhere."""
    of = side.words
    single = len(word) == 1 and word.isascii()

    def begins(*parts: Part) -> bool:
        return any(
            there == word or (not single and there.startswith(word))
            for part in parts
            for there in of.get(part, ())
        )

    forgiven = all_mistyped(
        there for part in (Part.NAME, Part.INTEREST, Part.LOCATION) for there in of.get(part, ())
    )
    ways = (
        (8, word in of.get(Part.NAME, ())),
        (6, begins(Part.NAME)),
        (4, begins(Part.INTEREST, Part.LOCATION)),
        (2, begins(Part.BIO)),
        (1, bool(forgiven & mistyped(word))),
    )
    return next((points for points, holds in ways if holds), 0)
