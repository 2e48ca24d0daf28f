# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saved searches on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from appservice.listings.fields import composed
from appservice.listings.filter import Filter, KeptFilter
from appservice.rest.wire import Cursor, Model, NotEmpty, OneLine, PageSize, QueryModel, Request
from appservice.saved_searches.store import SavedSearch

Name = Annotated[
    str,
    Field(min_length=1, max_length=60, examples=["Bikes near me"]),
    AfterValidator(composed),
    OneLine,
    NotEmpty,
    Field(description="Unique among yours, whatever its case."),
]
Alerts = Annotated[
    bool, Field(description="Whether to tell you of new matches, once that exists.")
]


class NewSearch(Request):
    """A search to keep."""

    name: Name
    query: KeptFilter
    alerts: Alerts = False


class ChangeSearch(Request):
    """What is to change; what is absent or null stays."""

    name: Name | None = None
    query: KeptFilter | None = None
    alerts: Alerts | None = None


class ResultsQuery(QueryModel):
    """Which part of the results."""

    cursor: Cursor = None
    limit: PageSize = 20


class SearchModel(Model):
    """A search of yours."""

    id: UUID
    name: str
    query: Filter = Field(description="What to send to `GET /api/listings`.")
    alerts: bool
    created_at: datetime
    updated_at: datetime


class SearchList(Model):
    """All of somebody's searches, the newest first."""

    searches: list[SearchModel]


def search_model(search: SavedSearch) -> SearchModel:
    """A row as it is sent."""
    return SearchModel(
        id=search.id,
        name=search.name,
        query=search.query,
        alerts=search.alerts,
        created_at=search.created_at,
        updated_at=search.updated_at,
    )
