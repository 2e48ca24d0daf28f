# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all wire models share: strictness, cleaned text, pages, the error body (D8)."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

# Line breaks become spaces; other controls, bidirectional overrides, invisible marks and lone
# surrogates go: no text of a person may start a new line of a log, mail or command (quality B5).
_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def one_line(text: str) -> str:
    """The text on one line, without anything that hides or reorders."""
    return _HIDDEN.sub("", _BREAKS.sub(" ", text)).strip()


OneLine = Annotated[str, AfterValidator(one_line)]


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
