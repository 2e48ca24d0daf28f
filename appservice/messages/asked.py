# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is asked of messages: bodies and queries of the endpoints, words of the socket."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from appservice.rest.wire import Cursor, OneLine, QueryModel, Request

LONGEST = 16_384
"""Characters that are read at all; how long a message may be is the homeserver's module to say."""

EventId = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^\$[!-~]+$")]
_UserId = Annotated[str, Field(max_length=255, pattern=r"^@[^\x00-\x20]+:[^\x00-\x20]+$")]
_Txn = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.~-]+$")]
_Text = Annotated[
    str,
    Field(
        max_length=LONGEST,
        description="Bold, italic, code, lists, links, quotes and strikethrough in Markdown.",
    ),
]


class Mentions(Request):
    """Who is meant."""

    users: Annotated[list[_UserId], Field(max_length=50)] = Field(default_factory=list)
    room: bool = False


class Attach(Request):
    """A file uploaded before; `text` is its caption."""

    upload_id: Annotated[str, Field(min_length=36, max_length=36, pattern=r"^[0-9a-f-]+$")]


TxnId = Annotated[
    _Txn, Field(description="Made by the client; the same one again sends nothing new.")
]


class Words(Request):
    """What a new message says."""

    text: _Text = ""
    reply_to: EventId | None = None
    thread_root: EventId | None = None
    mentions: Mentions = Mentions()
    attachment: Attach | None = None
    emote: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> "Words":
        if not self.text.strip() and self.attachment is None:
            raise ValueError("a message needs a text or an attachment")
        return self


class Send(Words):
    """A new message."""

    txn_id: TxnId


class SendDirect(Send):
    """A new message into a conversation, found or opened by the person's id."""

    conversation_id: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    user_id: Annotated[str, Field(min_length=1, max_length=255)] | None = None

    @model_validator(mode="after")
    def _goes_somewhere(self) -> "SendDirect":
        if (self.conversation_id is None) == (self.user_id is None):
            raise ValueError("name either conversation_id or user_id")
        return self


class Edit(Request):
    """A message's new text."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    mentions: Mentions = Mentions()


class TypingState(Request):
    """Whether one types."""

    typing: bool


class HistoryQuery(QueryModel):
    """Which part of the history: the newest without `before`, `after` or `around`."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    before: Cursor = None
    after: Cursor = None
    around: Annotated[str | None, Field(max_length=255, description="An event id.")] = None
    thread: Annotated[
        str | None, Field(max_length=255, description="Only replies in the thread of this event.")
    ] = None

    @model_validator(mode="after")
    def _one_way(self) -> "HistoryQuery":
        if len([way for way in (self.before, self.after, self.around) if way is not None]) > 1:
            raise ValueError("give one of before, after, around")
        return self


class PartQuery(QueryModel):
    """Which part of a list."""

    cursor: Cursor = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class ReasonQuery(QueryModel):
    """Why."""

    reason: Annotated[str | None, Field(max_length=200), OneLine] = None


class SearchQuery(PartQuery):
    """What is looked for; at least one of `q`, `sender` and `has`."""

    q: Annotated[str | None, Field(max_length=200)] = None
    sender: Annotated[str | None, Field(max_length=255)] = None
    from_: Annotated[int | None, Field(alias="from", ge=0, lt=2**53, description="ms")] = None
    to: Annotated[int | None, Field(ge=0, lt=2**53, description="ms")] = None
    has: Literal["file", "link"] | None = None

    @model_validator(mode="after")
    def _looks_for_something(self) -> "SearchQuery":
        if not (self.q or "").strip() and self.sender is None and self.has is None:
            raise ValueError("give q, sender or has")
        return self


class SearchAllQuery(SearchQuery):
    """What is looked for in all rooms; `q` is needed unless `room` is given."""

    room: Annotated[
        str | None, Field(max_length=255, description="Only there: Kith's id or the room id.")
    ] = None

    @model_validator(mode="after")
    def _looks_somewhere(self) -> "SearchAllQuery":
        if not (self.q or "").strip() and self.room is None:
            raise ValueError("give q, or a room")
        return self
