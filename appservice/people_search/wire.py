# SPDX-License-Identifier: AGPL-3.0-or-later
"""People search on the wire: what is asked, who is found, what narrows it down."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field

from appservice.friends.wire import KnownModel, known
from appservice.people_search.engine import COUNTED, Count, Facets, Hit, Kind, Wanted
from appservice.people_search.entries import interest_value
from appservice.people_search.service import Found
from appservice.people_search.words import folded, words
from appservice.rest.cursor import encode_rank
from appservice.rest.wire import Cursor, Model, OneLine, PageSize, QueryModel

_WORDS, _INTERESTS = 6, 12
# Together they fit into the longest address that is read, whatever letters they are of.
_Short = Annotated[str | None, Field(max_length=60), OneLine]


class Asked(QueryModel):
    """What people are looked for by; everything given must hold."""

    q: Annotated[
        str | None,
        Field(max_length=100, description=f"Words, of which the first {_WORDS} count."),
        OneLine,
    ] = None
    country: Annotated[
        str | None, Field(pattern="^[A-Za-z]{2}$", description="ISO 3166-1 code.")
    ] = None
    city: _Short = None
    pronouns: _Short = None
    interests: Annotated[
        str | None,
        Field(max_length=300, description=f"Ids, parted by commas; {_INTERESTS} at most."),
        OneLine,
    ] = None
    place: Annotated[
        str | None,
        Field(
            pattern="^[!-~]{1,255}$", description="Id of a room or space you are in, and they too."
        ),
    ] = None

    def wanted(self) -> Wanted:
        """As an engine is asked."""
        traits = [
            (kind, folded(value))
            for kind, value in (
                (Kind.COUNTRY, self.country),
                (Kind.CITY, self.city),
                (Kind.PRONOUNS, self.pronouns),
            )
            if value
        ]
        chosen = [interest_value(one.strip()) for one in (self.interests or "").split(",")]
        traits += [(Kind.INTEREST, one) for one in chosen[:_INTERESTS] if one]
        return Wanted(words(self.q)[:_WORDS], tuple(traits), self.place or None)


class SearchQuery(Asked):
    """Which page of the people found."""

    cursor: Cursor = None
    limit: PageSize = 20


class FoundModel(KnownModel):
    """Somebody found, with what of their profile you may see."""

    pronouns: str | None
    location: str | None
    interests: list[str]


class SearchPage(Model):
    """A page of people, those who fit best first; none, when nothing was asked for."""

    people: list[FoundModel]
    next_cursor: str | None = None


class FacetModel(Model):
    """A value to narrow the search down by."""

    value: str = Field(description="What to send back.")
    label: str
    people: int = Field(description="How many of the people found; of pronouns at least so many.")


class PlaceModel(Model):
    """A place of yours in which some of the people found are."""

    id: UUID
    room_id: str
    name: str | None
    avatar_url: str | None
    people: int


class FacetsModel(Model):
    """What can narrow a search down, counted over what you may see of the people found."""

    people: int = Field(description=f"How many were found, counted up to {COUNTED}.")
    countries: list[FacetModel]
    locations: list[FacetModel] = Field(description="Cities.")
    pronouns: list[FacetModel] = Field(description="Only of five people or more, rounded down.")
    interests: list[FacetModel]
    places: list[PlaceModel]


def page(rows: Sequence[Found], limit: int) -> SearchPage:
    """A page from one row more than it may hold."""
    shown = rows[:limit]
    last = shown[-1].hit if len(rows) > limit else None
    return SearchPage(
        people=[_found(one) for one in shown],
        next_cursor=encode_rank(last.rank, last.user_id) if last else None,
    )


def facets_model(facets: Facets) -> FacetsModel:
    """Facets on the wire."""

    def of(kind: Kind) -> list[FacetModel]:
        return [_facet(one) for one in facets.counts if one.trait.kind is kind]

    return FacetsModel(
        people=facets.people,
        countries=of(Kind.COUNTRY),
        locations=of(Kind.CITY),
        pronouns=of(Kind.PRONOUNS),
        interests=of(Kind.INTEREST),
        places=[
            PlaceModel(
                id=UUID(one.id),
                room_id=one.room_id,
                name=one.name,
                avatar_url=one.avatar_url,
                people=one.people,
            )
            for one in facets.places
        ],
    )


def _facet(one: Count) -> FacetModel:
    return FacetModel(value=one.trait.value, label=one.trait.label, people=one.people)


def _labels(hit: Hit, *kinds: Kind) -> list[str]:
    return [one.label for kind in kinds for one in hit.traits if one.kind is kind]


def _found(found: Found) -> FoundModel:
    hit = found.hit
    return FoundModel.model_validate(
        {
            **known(found.row),
            "pronouns": next(iter(_labels(hit, Kind.PRONOUNS)), None),
            "location": ", ".join(_labels(hit, Kind.CITY, Kind.COUNTRY)) or None,
            "interests": _labels(hit, Kind.INTEREST),
        }
    )
