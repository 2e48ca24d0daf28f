# SPDX-License-Identifier: AGPL-3.0-or-later
"""Quick replies on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from appservice.quick_replies.store import MOST, QuickReply
from appservice.rest.wire import Model, NotEmpty, OneLine, Request
from appservice.text import many_lines

_TITLE, _TEXT = 40, 4_000


Title = Annotated[
    str,
    Field(min_length=1, max_length=_TITLE, examples=["Thanks"]),
    OneLine,
    NotEmpty,
    Field(description="Unique among yours, whatever its case."),
]
Text = Annotated[
    str,
    Field(min_length=1, max_length=_TEXT, examples=["Thank you, I will look at it today."]),
    AfterValidator(many_lines),
    AfterValidator(str.strip),
    NotEmpty,
    Field(description="What it writes; line breaks stay."),
]
Place = Annotated[
    int, Field(ge=0, lt=MOST, description="Where it stands, from 0; behind the last is last.")
]


class NewQuickReply(Request):
    """A quick reply to keep."""

    title: Title
    text: Text
    position: Place | None = Field(default=None, description="Absent is last.")


class ChangeQuickReply(Request):
    """What is to change; what is absent or null stays."""

    title: Title | None = None
    text: Text | None = None
    position: Place | None = None


class QuickReplyModel(Model):
    """A quick reply."""

    id: UUID
    title: str
    text: str


class QuickReplyList(Model):
    """All of somebody's quick replies, in their order."""

    quick_replies: list[QuickReplyModel]


def reply_model(reply: QuickReply) -> QuickReplyModel:
    """A row as it is sent."""
    return QuickReplyModel(id=reply.id, title=reply.title, text=reply.text)
