# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which listings are wanted: one model for the query string and for searches that are kept."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from appservice.listings.fields import (
    MOST_TAGS,
    City,
    Country,
    Currency,
    Price,
    as_tags,
    composed,
)
from appservice.rest.wire import Cursor, OneLine, PageSize, QueryModel
from policy.listing import ListingStatus


class ListingSort(StrEnum):
    """Order of the list."""

    NEW = "new"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"


def _tags(text: str) -> str:
    found = as_tags([one for one in text.split(",") if one.strip()])
    if len(found) > MOST_TAGS:
        raise ValueError(f"at most {MOST_TAGS} tags")
    return ",".join(found)


class Filter(QueryModel):
    """What a listing has to be."""

    q: (
        Annotated[
            str,
            Field(
                max_length=100,
                description="Words of the title, tags or description, or how they begin; all of"
                " them.",
            ),
            AfterValidator(composed),
            OneLine,
        ]
        | None
    ) = None
    tags: (
        Annotated[
            str,
            Field(max_length=400, description="Tags it must have, parted by commas."),
            AfterValidator(_tags),
        ]
        | None
    ) = None
    min_price: Price | None = None
    max_price: Price | None = None
    currency: Currency | None = Field(
        default=None,
        description="ISO 4217; needed with a price or an order by it: amounts of different money"
        " do not compare.",
    )
    country: Country | None = None
    city: City | None = None
    seller: Annotated[
        str | None, Field(max_length=255, description="A Matrix id, or a local name.")
    ] = None
    status: ListingStatus | None = Field(
        default=None,
        description="Absent means `open`, or of your own all; others show neither `draft` nor"
        " `closed`.",
    )
    sort: ListingSort = ListingSort.NEW

    @model_validator(mode="after")
    def _prices_compare(self) -> Self:
        low, high = self.min_price, self.max_price
        priced = low is not None or high is not None or self.sort is not ListingSort.NEW
        if priced and self.currency is None:
            raise ValueError("a price, or an order by price, needs a currency")
        if low is not None and high is not None and low > high:
            raise ValueError("min_price is more than max_price")
        return self


class ListingsQuery(Filter):
    """Which listings, from where."""

    cursor: Cursor = None
    limit: PageSize = 20


class KeptFilter(Filter):
    """The same fields as `GET /api/listings`, without `cursor` and `limit`."""

    model_config = ConfigDict(strict=True)
