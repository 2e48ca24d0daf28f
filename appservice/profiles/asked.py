# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is asked of profiles on the wire, and the change that a body means."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from appservice.profiles.editing import Change, Place
from appservice.rest.wire import Cursor, OneLine, QueryModel, Request
from appservice.text import many_lines
from policy import profile
from policy.visibility import Viewer

Level = Literal["public", "connections", "private"]
As = Literal["friend", "stranger", "anonymous"]
Step = Literal["display_name", "avatar", "interests", "servers", "hello"]
_MIC = 1 << 62

_AS: dict[As, Viewer] = {
    "friend": Viewer.FRIEND,
    "stranger": Viewer.SIGNED_IN,
    "anonymous": Viewer.ANONYMOUS,
}
# Names are judged for what they hold, so nothing is taken out of them silently.
_Name = Annotated[str, Field(max_length=255)]
_Words = Annotated[str, Field(max_length=120)]
_City = Annotated[str, Field(max_length=profile.CITY), OneLine]
_Bio = Annotated[
    str, Field(max_length=2000), AfterValidator(many_lines), AfterValidator(str.strip)
]


class AsQuery(QueryModel):
    """As whom to look."""

    look: As | None = Field(
        default=None, alias="as", description="Your own profile, as such a viewer would see it."
    )


class ActivityQuery(AsQuery):
    """Which part of what somebody did."""

    cursor: Cursor = None


class InterestQuery(QueryModel):
    """Words to look for."""

    q: str = Field(default="", max_length=60)


class PlaceQuery(QueryModel):
    """A place to look for."""

    q: str = Field(min_length=1, max_length=100, examples=["oslo"])
    limit: int = Field(default=8, ge=1, le=20)


class VisibilityChange(Request):
    """New levels; what is absent stays. The name is always public (D34)."""

    display_name: Literal["public"] | None = None
    avatar: Level | None = None
    banner: Level | None = None
    bio: Level | None = None
    gender: Level | None = None
    pronouns: Level | None = None
    location: Level | None = None
    timezone: Level | None = None
    search_interests: Level | None = None
    connections: Level | None = None
    activity: Level | None = None
    favorite_searches: Level | None = None
    featured_listings: Level | None = None
    servers_joined: Level | None = None


class PlaceChange(Request):
    """A place that was suggested, or a city in one's own words with its country."""

    place_id: int | None = Field(default=None, ge=0, lt=_MIC)
    city: _City | None = None
    country_code: str | None = Field(default=None, pattern=r"^[A-Za-z]{2}$")


class InterestChange(Request):
    """An interest of the list by its id, or one's own by its label."""

    id: str | None = Field(default=None, max_length=600)
    label: _Words | None = None
    category: str | None = Field(default=None, max_length=40, description="Not read.")


class ProfileChange(Request):
    """What is to change: what is absent stays, null takes away."""

    display_name: _Name | None = Field(default=None, description="Null keeps it: names stay.")
    bio: _Bio | None = None
    gender: _Words | None = None
    pronouns: _Words | None = None
    location: PlaceChange | None = None
    timezone: str | None = Field(default=None, max_length=64, examples=["Europe/Oslo"])
    search_interests: list[InterestChange] | None = Field(default=None, max_length=50)
    visibility_settings: VisibilityChange | None = None
    hidden: bool | None = Field(
        default=None, description="Hide all but name and avatar; showing restores what was."
    )
    onboarding: dict[Step, Literal["done", "skipped"]] | None = None
    revision: int | None = Field(
        default=None, ge=0, lt=_MIC, description="Refuse when it is no longer this one."
    )


def viewer_of(query: AsQuery) -> Viewer | None:
    """The viewer that is meant; None is whoever asks."""
    return _AS[query.look] if query.look else None


def change_of(body: ProfileChange) -> Change:
    """What is given of a body."""
    given = body.model_fields_set
    texts: dict[str, str | None] = {
        name: getattr(body, name)
        for name in ("bio", "gender", "pronouns", "timezone")
        if name in given
    }
    if body.display_name is not None:
        texts["display_name"] = body.display_name
    place = body.location
    levels = body.visibility_settings
    chosen = body.search_interests
    if chosen is None and "search_interests" in given:
        chosen = []
    return Change(
        texts=texts,
        place=Place(place.city, place.country_code, place.place_id) if place else None,
        moved="location" in given,
        chosen=None if chosen is None else [(one.id, one.label) for one in chosen],
        levels=levels.model_dump(exclude_none=True) if levels else {},
        hidden=body.hidden,
        onboarding={str(step): state for step, state in (body.onboarding or {}).items()},
        revision=body.revision,
    )
