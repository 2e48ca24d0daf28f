# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who sees which part of a profile (P2, D14, D34): the one function every surface asks.

`connections` means friends, and only friends. Whom the owner blocks is an ordinary stranger (D17).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

V = TypeVar("V")


class Level(StrEnum):
    """Who may see a field."""

    PUBLIC = "public"
    CONNECTIONS = "connections"
    PRIVATE = "private"


class Viewer(StrEnum):
    """Who looks, as far as the owner's settings go."""

    SELF = "self"
    FRIEND = "friend"
    SIGNED_IN = "signed_in"
    ANONYMOUS = "anonymous"
    REMOTE = "remote"
    """Another homeserver, and its people as long as they are no friends."""


class Field(StrEnum):
    """What a level is set for."""

    DISPLAY_NAME = "display_name"
    AVATAR = "avatar"
    BANNER = "banner"
    BIO = "bio"
    GENDER = "gender"
    PRONOUNS = "pronouns"
    LOCATION = "location"
    TIMEZONE = "timezone"
    SEARCH_INTERESTS = "search_interests"
    CONNECTIONS = "connections"
    ACTIVITY = "activity"
    FAVORITE_SEARCHES = "favorite_searches"
    FEATURED_LISTINGS = "featured_listings"
    SERVERS_JOINED = "servers_joined"


_OPEN = frozenset({Field.DISPLAY_NAME, Field.AVATAR})

DEFAULTS: Final[Mapping[str, Level]] = {
    field: Level.PUBLIC if field in _OPEN else Level.CONNECTIONS for field in Field
}
"""The level of each field whose owner has chosen none."""

UNHIDDEN: Final = _OPEN
"""What outlasts hiding the whole profile: what people already know somebody by."""


def may_see(level: str, viewer: Viewer, *, hidden: bool) -> bool:
    """Whether somebody sees a field of this level.

    Args:
        level: a `Level`; anything else is as private.
        viewer: who looks.
        hidden: the owner has hidden the whole profile, and this field with it.
    """
    if viewer is Viewer.SELF:
        return True
    if hidden:
        return False
    return level == Level.PUBLIC or (level == Level.CONNECTIONS and viewer is Viewer.FRIEND)


def visible(
    fields: Mapping[str, V], settings: Mapping[str, str], viewer: Viewer, *, hidden: bool
) -> dict[str, V]:
    """The fields this viewer may see; all others are absent.

    Args:
        fields: by the names of `Field`; what no level is known for only its owner sees.
        settings: what the owner has set; the rest is `DEFAULTS`.
        viewer: who looks.
        hidden: the owner has hidden the whole profile.
    """
    if viewer is Viewer.SELF:
        return dict(fields)
    return {name: fields[name] for name in fields if _shows(name, settings, viewer, hidden=hidden)}


def level_of(name: str, settings: Mapping[str, str]) -> str:
    """The level that holds for a field; the name is always public (D34)."""
    if name == Field.DISPLAY_NAME:
        return Level.PUBLIC
    return settings.get(name) or DEFAULTS.get(name, Level.PRIVATE)


def _shows(name: str, settings: Mapping[str, str], viewer: Viewer, *, hidden: bool) -> bool:
    if name not in DEFAULTS:
        return False
    return may_see(level_of(name, settings), viewer, hidden=hidden and name not in UNHIDDEN)
