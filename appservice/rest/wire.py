# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all wire models share: strictness, cleaned text, pages, the error body (D8)."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from appservice.text import one_line

# Bidirectional marks, line breaks and other controls never get further than this (quality B5).
OneLine = AfterValidator(one_line)
"""Goes after the length in an annotation: what is too long is refused, not cut."""


def _not_empty(text: str) -> str:
    if not text:
        raise ValueError("nothing is left of it")
    return text


NotEmpty = AfterValidator(_not_empty)
"""Goes after what cleans a text."""


class Model(BaseModel):
    """An answer: named fields only."""

    model_config = ConfigDict(frozen=True)


class Request(BaseModel):
    """What is sent to us: unknown fields are refused, types are not guessed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class QueryModel(BaseModel):
    """A query string: text that is read into types; unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Cursor = Annotated[
    str | None,
    Field(max_length=400, description="`next_cursor` of the page before; absent for the first."),
]
PageSize = Annotated[int, Field(ge=1, le=100, description="Rows a page may hold.")]


class PageQuery(QueryModel):
    """Which part of a list."""

    cursor: Cursor = None
    limit: PageSize = 50


class PersonModel(Model):
    """Somebody in an answer; name and avatar are always public (P2, D34)."""

    user_id: str = Field(examples=["@alice:example.org"])
    display_name: str | None
    avatar_url: str | None = Field(description="`mxc://` URI.")


class ErrorModel(Model):
    """Why a request was refused."""

    code: str = Field(description="Stable word for programs.", examples=["friendship_required"])
    message: str = Field(description="A sentence for the person, which says what to do.")
    details: dict[str, Any] = Field(description="Further fields; `retry_after_ms` with 429.")


class ErrorBody(Model):
    """The body of every answer that is not a success (D8)."""

    error: ErrorModel
