# SPDX-License-Identifier: AGPL-3.0-or-later
"""Profiles on the wire: what a viewer may not see is absent, not null."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from appservice.friends.wire import RelationshipModel
from appservice.places.gazetteer import Found
from appservice.profiles import activity, bio
from appservice.profiles.activity import Entry
from appservice.profiles.interests import Interest
from appservice.profiles.parts import Card
from appservice.profiles.service import Picture, Profile
from appservice.rest.cursor import encode
from appservice.rest.wire import Model
from policy.visibility import Field as Name

Level = Literal["public", "connections", "private"]


def _nothing() -> None:
    return None


def _absent(description: str | None = None) -> Any:
    """A key that may be missing, which a plain default would not say in the description."""
    return Field(default_factory=_nothing, description=description)


class Sparse(Model):
    """An answer in which what may not be seen has no key."""

    def model_dump_json(self, **options: Any) -> str:
        """JSON of what was set."""
        return super().model_dump_json(**{**options, "exclude_unset": True})


class PictureModel(Model):
    """A picture in its sizes."""

    media_id: UUID
    urls: dict[str, str] = Field(
        description="By width: `64`, `128`, `256`, `512` of an avatar; `500`, `1500` of a banner."
    )


class LocationModel(Model):
    """Where somebody says they live."""

    city: str | None
    country_code: str = Field(examples=["NO"])
    country: str | None
    label: str = Field(examples=["Oslo, Norway"])
    place_id: int | None = None


class InterestModel(Model):
    """An interest; `category` is `own` for somebody's own words."""

    id: str
    label: str
    category: str


class CardModel(Sparse):
    """A card of a showcase."""

    collection: str
    entity_kind: str
    entity_id: str
    title: str
    note: str | None
    thumbnail_url: str | None
    href: str | None
    subtitle: str | None
    unavailable: Literal["gone", "closed", "left"] | None = Field(
        default=None, description="Only in your own: why nobody else sees it any more."
    )


class VisibilityModel(Model):
    """Who sees which field: everybody, friends, or only its owner."""

    display_name: Literal["public"] = "public"
    avatar: Level
    banner: Level
    bio: Level
    gender: Level
    pronouns: Level
    location: Level
    timezone: Level
    search_interests: Level
    connections: Level
    activity: Level
    favorite_searches: Level
    featured_listings: Level
    servers_joined: Level


class CompletenessModel(Model):
    """How much of a profile is there."""

    percent: int
    missing: list[str] = Field(description="The most telling first.")


class MineModel(Model):
    """What only its owner is told."""

    hidden: bool
    visibility_settings: VisibilityModel
    completeness: CompletenessModel
    onboarding: dict[str, Any] = Field(description="Steps of the welcome: `done` or `skipped`.")
    revision: int = Field(description="Rises with every change.")


class ProfileModel(Sparse):
    """A profile as you see it: what you may not see is absent, what is not said is null."""

    user_id: str = Field(examples=["@alice:example.org"])
    display_name: str | None
    avatar_url: str | None = _absent("`mxc://` URI.")
    avatar: PictureModel | None = _absent()
    banner_url: str | None = _absent("`mxc://` URI.")
    banner: PictureModel | None = _absent()
    bio: str | None = _absent("As it was typed.")
    bio_html: str | None = _absent("The same as harmless HTML.")
    gender: str | None = _absent()
    pronouns: str | None = _absent()
    location: LocationModel | None = _absent()
    timezone: str | None = _absent()
    search_interests: list[InterestModel] = _absent()
    relationship: RelationshipModel | None = _absent(
        "How you stand to them; absent when you are not signed in."
    )
    showcase: list[CardModel] = _absent()
    mine: MineModel | None = _absent("Only in your own.")


class PlaceOfActivity(Model):
    """The place something happened in."""

    id: UUID
    room_id: str
    name: str | None
    slug: str | None
    avatar_url: str | None


class PersonOfActivity(Model):
    """The other one it happened with."""

    user_id: str
    display_name: str | None
    avatar_url: str | None


class ActivityModel(Model):
    """One thing somebody did."""

    id: int
    kind: Literal[
        "joined_server",
        "joined_forum",
        "changed_avatar",
        "changed_banner",
        "changed_bio",
        "changed_interests",
        "became_friends",
        "published_listing",
    ]
    created_at: datetime
    room: PlaceOfActivity | None
    person: PersonOfActivity | None
    subject: dict[str, Any] = Field(description="More, by kind: of a listing, `id` and `title`.")


class ActivityPage(Model):
    """Ten of them, newest first."""

    activity: list[ActivityModel]
    next_cursor: str | None = None


class PlaceModel(Model):
    """A city, or with `city` null a country."""

    place_id: int | None = Field(description="Null when the provider of places has no number.")
    city: str | None
    region: str | None = Field(description="Tells cities of one name apart, where known.")
    country_code: str
    country: str
    label: str
    timezone: str | None


class PlaceList(Model):
    """Places that a text may mean, the likeliest first."""

    places: list[PlaceModel]


class InterestList(Model):
    """Interests to choose from."""

    interests: list[InterestModel]


class OptionsModel(Model):
    """What is suggested; own words are as good."""

    genders: list[str]
    pronouns: list[str]


def profile_model(found: Profile, relationship: RelationshipModel | None) -> ProfileModel:
    """A profile as it is sent, with the keys its viewer may see and no others."""
    fields = dict(found.fields)
    values: dict[str, Any] = {"user_id": found.user_id, "display_name": fields.get("display_name")}
    for name in (Name.AVATAR, Name.BANNER):
        if name in fields:
            values.update(_picture(name, fields[name]))
    if Name.BIO in fields:
        text = fields[Name.BIO]
        values["bio"] = text
        values["bio_html"] = bio.html(text, links=found.links) if text else None
    for name in (Name.GENDER, Name.PRONOUNS, Name.TIMEZONE, Name.LOCATION, Name.SEARCH_INTERESTS):
        if name in fields:
            values[name] = fields[name]
    values["showcase"] = [card_model(card) for card in found.showcase]
    if relationship is not None:
        values["relationship"] = relationship
    if found.own is not None:
        own = found.own
        values["mine"] = {
            "hidden": own.hidden,
            "visibility_settings": dict(own.visibility),
            "completeness": {"percent": own.percent, "missing": list(own.missing)},
            "onboarding": dict(own.onboarding),
            "revision": own.revision,
        }
    return ProfileModel.model_validate(values)


def card_model(card: Card) -> CardModel:
    """A card; `unavailable` is there only where it says something, which is for its owner."""
    values = asdict(card)
    if card.unavailable is None:
        del values["unavailable"]
    return CardModel(**values)


def _picture(name: str, picture: Picture) -> dict[str, Any]:
    values: dict[str, Any] = {f"{name}_url": picture.mxc}
    if picture.media_id is not None and picture.urls:
        values[name] = {"media_id": picture.media_id, "urls": dict(picture.urls)}
    return values


def activity_page(rows: Sequence[Entry], limit: int = activity.PAGE) -> ActivityPage:
    """A page from one row more than it may hold."""
    shown = rows[:limit]
    return ActivityPage(
        activity=[
            ActivityModel.model_validate(
                {
                    "id": row.id,
                    "kind": row.kind.value,
                    "created_at": row.created_at,
                    "room": row.room,
                    "person": row.person,
                    "subject": {k: v for k, v in row.subject.items() if k != "user_id"},
                }
            )
            for row in shown
        ],
        next_cursor=encode(shown[-1].position) if len(rows) > limit else None,
    )


def interest_list(found: Sequence[Interest]) -> InterestList:
    """Interests as they are sent."""
    return InterestList(interests=[InterestModel(**asdict(one)) for one in found])


def place_list(found: Sequence[Found]) -> PlaceList:
    """Places as they are sent."""
    return PlaceList(places=[PlaceModel(**asdict(one), label=one.label) for one in found])
