# SPDX-License-Identifier: AGPL-3.0-or-later
"""Listings on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from appservice.listings.fields import (
    MOST_IMAGES,
    City,
    Country,
    Currency,
    Description,
    PlaceId,
    Price,
    Tags,
    Title,
)
from appservice.listings.pictures import Urls
from appservice.listings.store import Listing
from appservice.rest.wire import Model, OneLine, PersonModel, Request
from policy.listing import ListingStatus

_EXCERPT = 140


def _each_once(ids: list[UUID]) -> list[UUID]:
    if len(ids) != len(set(ids)):
        raise ValueError("a picture comes twice")
    return ids


Images = Annotated[
    list[UUID],
    Field(max_length=MOST_IMAGES, description="Ids of your pictures, the first one for lists."),
    AfterValidator(_each_once),
]
AllowMessages = Annotated[
    bool,
    Field(description="Kept; it lets a community's members write to you once there are some."),
]
Revision = Annotated[int, Field(ge=1, description="What you saw; absent to overwrite anything.")]


class NewListing(Request):
    """A listing to make."""

    title: Title
    description: Description = ""
    price_minor: Price | None = None
    currency: Currency | None = None
    tags: Tags = Field(default_factory=list)
    city: City | None = None
    country_code: Country | None = None
    place_id: PlaceId | None = None
    images: Images = Field(default_factory=list)
    allow_messages: AllowMessages = False
    status: Literal["draft", "open"] = "open"
    txn_id: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=100,
            pattern=r"^[!-~]+$",
            description="Your own mark; the same one again makes no second listing.",
        ),
    ] = None

    @model_validator(mode="after")
    def _priced(self) -> Self:
        if (self.price_minor is None) != (self.currency is None):
            raise ValueError("a price needs a currency, and a currency a price")
        return self

    def values(self) -> dict[str, Any]:
        """What is kept of it, by column."""
        kept = self.model_dump(exclude={"txn_id"})
        return {**kept, "images": [str(one) for one in self.images]}


class ChangeListing(Request):
    """What is to change: what is absent stays, null takes a price or place away."""

    title: Title = ""
    description: Description = ""
    price_minor: Price | None = None
    currency: Currency | None = None
    tags: Tags = Field(default_factory=list)
    city: City | None = None
    country_code: Country | None = None
    place_id: PlaceId | None = None
    images: Images = Field(default_factory=list)
    allow_messages: AllowMessages = False
    status: ListingStatus = ListingStatus.OPEN
    revision: Revision | None = None

    def values(self) -> dict[str, Any]:
        """New values by column, of what was sent."""
        sent = self.model_dump(exclude_unset=True, exclude={"revision"})
        if "images" in sent:
            sent["images"] = [str(one) for one in self.images]
        return sent


class CloseListing(Request):
    """Why it is closed."""

    reason: Annotated[str, Field(max_length=300), OneLine] | None = None


class PictureModel(Model):
    """A picture of a listing."""

    media_id: UUID
    urls: dict[str, str] = Field(description="Addresses by the pixels of the longer side.")


class ListingCard(Model):
    """A listing as it stands in a list."""

    id: UUID
    seller: PersonModel
    title: str
    excerpt: str = Field(description="How the description begins, in one line.")
    price_minor: int | None
    currency: str | None
    tags: list[str]
    city: str | None
    country_code: str | None
    place_id: int | None
    status: ListingStatus
    image: PictureModel | None
    listed_at: datetime = Field(description="First published; what lists run by.")
    mine: bool


class OwnModel(Model):
    """What only its seller reads."""

    allow_messages: AllowMessages
    closed_by_staff: bool
    close_reason: str | None


class ListingModel(ListingCard):
    """A listing."""

    description: str
    images: list[PictureModel]
    revision: int
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = Field(description="When it was closed or sold.")
    own: OwnModel | None = Field(description="Null for everybody but the seller.")


class ListingsPage(Model):
    """A page of listings."""

    listings: list[ListingCard]
    next_cursor: str | None = None


def card(listing: Listing, me: str, pictures: Mapping[str, Urls]) -> ListingCard:
    """A row of a list as one reader sees it."""
    return ListingCard(**_card(listing, me, pictures))


def model(listing: Listing, me: str, pictures: Mapping[str, Urls]) -> ListingModel:
    """A listing as one reader sees it."""
    own = None
    if listing.seller == me:
        own = OwnModel(
            allow_messages=listing.allow_messages,
            closed_by_staff=listing.closed_by_staff,
            close_reason=listing.close_reason,
        )
    return ListingModel(
        **_card(listing, me, pictures),
        description=listing.description,
        images=_pictures(listing, pictures),
        revision=listing.revision,
        created_at=listing.created_at,
        updated_at=listing.updated_at,
        closed_at=listing.closed_at,
        own=own,
    )


def _card(listing: Listing, me: str, pictures: Mapping[str, Urls]) -> dict[str, Any]:
    shown = _pictures(listing, pictures)
    words = " ".join(listing.description.split())
    return {
        "id": listing.id,
        "seller": PersonModel(
            user_id=listing.seller,
            display_name=listing.seller_name,
            avatar_url=listing.seller_avatar,
        ),
        "title": listing.title,
        "excerpt": words if len(words) <= _EXCERPT else words[: _EXCERPT - 1].rstrip() + "…",
        "price_minor": listing.price_minor,
        "currency": listing.currency,
        "tags": list(listing.tags),
        "city": listing.city,
        "country_code": listing.country_code,
        "place_id": listing.place_id,
        "status": listing.status,
        "image": shown[0] if shown else None,
        "listed_at": listing.listed_at,
        "mine": listing.seller == me,
    }


def _pictures(listing: Listing, pictures: Mapping[str, Urls]) -> list[PictureModel]:
    return [
        PictureModel(media_id=UUID(one), urls=dict(pictures[one]))
        for one in listing.images
        if one in pictures
    ]
