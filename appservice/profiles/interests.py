# SPDX-License-Identifier: AGPL-3.0-or-later
"""Interests to choose from, so that people who mean the same find each other; own ones besides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policy.names import folded

OWN = "own"
"""Category of what somebody named themselves; its id begins with `own:`."""

_LIST: Mapping[str, str] = {
    "arts": "Architecture, Crafts, Dance, Design, Drawing, Fashion, Film, Museums, Photography,"
    " Poetry, Theatre, Writing",
    "music": "Choir, Classical, Electronic, Folk, Hip-hop, Jazz, Making music, Metal, Pop, Rock",
    "technology": "3D printing, Data, Electronics, Free software, Linux, Privacy, Programming,"
    " Robotics, Self-hosting, Web",
    "science": "Astronomy, Biology, Chemistry, History, Languages, Mathematics, Philosophy,"
    " Physics, Psychology",
    "games": "Board games, Card games, Chess, Puzzles, Role-playing, Strategy, Video games",
    "sports": "Climbing, Cycling, Football, Martial arts, Running, Sailing, Skiing, Swimming,"
    " Team sports, Yoga",
    "nature": "Animals, Birds, Camping, Climate, Farming, Gardening, Hiking, Sea",
    "home": "Baking, Coffee, Cooking, Do it yourself, Family, Knitting, Pets, Tea, Vegan food",
    "society": "Accessibility, Activism, Books, Economics, Education, Faith, Housing, News,"
    " Politics, Volunteering",
    "travel": "City trips, Cycling tours, Public transport, Trains, Working abroad",
}


@dataclass(frozen=True, slots=True)
class Interest:
    """One chip."""

    id: str
    label: str
    category: str


def _known(category: str, label: str) -> Interest:
    return Interest(label.lower().replace(" ", "-"), label, category)


ALL: Sequence[Interest] = tuple(
    sorted(
        (_known(name, label) for name, labels in _LIST.items() for label in labels.split(", ")),
        key=lambda one: one.label.casefold(),
    )
)
_BY_ID = {one.id: one for one in ALL}
_BY_LABEL = {folded(one.label): one for one in ALL}


def known(interest_id: str) -> Interest | None:
    """One of the list."""
    return _BY_ID.get(interest_id)


def own(label: str) -> Interest:
    """Somebody's own words; those of the list where they mean it."""
    key = folded(label)
    return _BY_LABEL.get(key) or Interest(f"{OWN}:{key}", label, OWN)


def search(text: str, limit: int) -> list[Interest]:
    """Those of the list in whose label a word begins so, the closest first."""
    wanted = folded(text)
    if not wanted:
        return list(ALL[:limit])
    found = [
        (not key.startswith(wanted), key, one)
        for key, one in _BY_LABEL.items()
        if key.startswith(wanted) or f" {wanted}" in key or f"-{wanted}" in key
    ]
    return [one for _, _, one in sorted(found, key=lambda row: row[:2])[:limit]]
