# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of somebody can be found, and by whom: made by the one function of visibility. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appservice.people_search.engine import Entry, Kind, Part, Side, Trait
from appservice.people_search.words import folded, words
from policy.ids import localpart
from policy.visibility import Field, Viewer, visible


@dataclass(frozen=True, slots=True)
class Truth:
    """What the tables say of somebody, before anybody's rights are asked.

    Attributes:
        user_id: who.
        findable: a person of this homeserver, not deactivated, not hidden.
        display_name: always public.
        bio: light Markdown.
        pronouns: as shown.
        city: as shown.
        country_code: two capital letters.
        interests: ``{id, label, …}`` each.
        visibility: levels that differ from the defaults.
    """

    user_id: str
    findable: bool
    display_name: str | None = None
    bio: str | None = None
    pronouns: str | None = None
    city: str | None = None
    country_code: str | None = None
    interests: Sequence[Mapping[str, str]] = ()
    visibility: Mapping[str, str] | None = None


def entry(truth: Truth, country: str | None = None) -> Entry:
    """What everybody and what friends may find; `country` is the name of the country."""
    fields: dict[str, Any] = {
        Field.DISPLAY_NAME: truth.display_name,
        Field.BIO: truth.bio,
        Field.PRONOUNS: truth.pronouns,
        Field.LOCATION: truth.country_code,
        Field.SEARCH_INTERESTS: truth.interests,
    }
    settings = truth.visibility or {}

    def side(viewer: Viewer) -> Side:
        return _side(truth, visible(fields, settings, viewer, hidden=False), country)

    return Entry(truth.user_id, side(Viewer.SIGNED_IN), side(Viewer.FRIEND))


def interest_value(interest_id: str) -> str:
    """An interest as it is compared; without commas, which part them in a query."""
    return folded(interest_id).replace(",", " ")


def _side(truth: Truth, seen: Mapping[str, Any], country: str | None) -> Side:
    interests = seen.get(Field.SEARCH_INTERESTS) or ()
    located = seen.get(Field.LOCATION)
    parts = {
        Part.NAME: words(seen.get(Field.DISPLAY_NAME), localpart(truth.user_id)),
        Part.INTEREST: words(*(one.get("label") for one in interests)),
        Part.LOCATION: words(truth.city, country) if located else (),
        Part.BIO: words(seen.get(Field.BIO)),
    }
    traits = [
        Trait(Kind.INTEREST, interest_value(one["id"]), one.get("label") or one["id"])
        for one in interests
        if one.get("id")
    ]
    if located:
        traits.append(Trait(Kind.COUNTRY, folded(located), country or located))
        if truth.city:
            traits.append(Trait(Kind.CITY, folded(truth.city), truth.city))
    if pronouns := seen.get(Field.PRONOUNS):
        traits.append(Trait(Kind.PRONOUNS, folded(pronouns), pronouns))
    # The same interest twice must not count twice.
    different = {(one.kind, one.value): one for one in traits}
    return Side({part: found for part, found in parts.items() if found}, tuple(different.values()))
