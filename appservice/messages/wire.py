# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages on the wire: the one shape of a message, in answers and in frames alike."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from appservice.rest.wire import Cursor, Model, OneLine, QueryModel, Request

LONGEST = 4_000
MOST_PEOPLE = 20
"""People named with a reaction; the others are asked for."""

Kind = Literal[
    "text",
    "emote",
    "notice",
    "image",
    "file",
    "audio",
    "video",
    "sticker",
    "poll",
    "location",
    "encrypted",
    "other",
]
What = Literal[
    "joined",
    "left",
    "invited",
    "removed",
    "banned",
    "renamed",
    "topic",
    "pinned",
    "encrypted",
    "created",
    "other",
]
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


class AttachmentModel(Model):
    """A file that goes with a message."""

    name: str
    mime_type: str | None
    size: int | None = Field(description="Bytes, as the sender says.")
    width: int | None
    height: int | None
    blurhash: str | None
    duration_ms: int | None
    url: str | None = Field(description="On this origin; null when Kith cannot read it.")
    thumbnail_url: str | None


class MentionsModel(Model):
    """Who is meant (`m.mentions`)."""

    users: list[str]
    room: bool


class ReplyModel(Model):
    """What a message answers; only as much as the reader may see."""

    event_id: str
    sender: str | None = None
    sender_name: str | None = None
    body: str | None = Field(default=None, description="140 characters at most.")


class ThreadModel(Model):
    """The thread below a message."""

    count: int
    latest_ts: int | None
    latest_sender: str | None
    participated: bool


class ReactorModel(Model):
    """Somebody who reacted."""

    user_id: str
    name: str | None
    event_id: str


class ReactionModel(Model):
    """A reaction and who gave it."""

    key: str
    count: int
    mine: str | None = Field(description="My own reaction's event id.")
    people: list[ReactorModel] = Field(description=f"The first {MOST_PEOPLE}.")


class MessageModel(Model):
    """A message as one person sees it.

    In frames, which all readers share, `reactions`, `thread` and `pinned` are empty and a reply
    names only the event it answers.
    """

    event_id: str
    room_id: str
    position: int | None
    sender: str
    sender_name: str | None
    sender_avatar: str | None
    ts: int
    kind: Kind
    body: str
    formatted_body: str | None = Field(description="HTML as sent: untrusted.")
    attachment: AttachmentModel | None
    txn_id: str | None = Field(description="What the sending client called it.")
    mentions: MentionsModel
    reply_to: ReplyModel | None
    thread_root: str | None
    edited_at: int | None
    deleted: bool
    thread: ThreadModel | None = None
    reactions: tuple[ReactionModel, ...] = ()
    pinned: bool = False


class MessageRow(MessageModel):
    """A message in a history."""

    row: Literal["message"] = "message"


class SystemRow(Model):
    """What happened to the room itself."""

    row: Literal["system"] = "system"
    event_id: str
    position: int | None
    ts: int
    sender: str
    sender_name: str | None
    what: What
    subject: str | None = Field(default=None, description="Whom it is about.")
    subject_name: str | None = None
    text: str | None = Field(default=None, description="A new name or topic; a reason.")


Row = Annotated[MessageRow | SystemRow, Field(discriminator="row")]


class HistoryModel(Model):
    """A part of a room's history, the oldest row first."""

    items: list[Row]
    before: str | None = Field(description="Goes on to older rows; null at the beginning.")
    after: str | None = Field(description="Goes on to newer rows; null at the present.")
    position: int | None = Field(
        description="With the present in the page: what `resume_from` takes to go on live. A"
        " frame may then repeat what the page has; event ids tell."
    )


class MessagesModel(Model):
    """A list of messages."""

    items: list[MessageModel]
    next_cursor: str | None


class ReactorRow(ReactorModel):
    """Somebody who reacted, and how."""

    key: str
    avatar_url: str | None
    ts: int


class ReactorsModel(Model):
    """Who reacted, the newest first."""

    items: list[ReactorRow]
    next_cursor: str | None


class Mentions(Request):
    """Who is meant."""

    users: Annotated[list[_UserId], Field(max_length=50)] = Field(default_factory=list)
    room: bool = False


class Attach(Request):
    """A file uploaded before; `text` is its caption."""

    upload_id: Annotated[str, Field(min_length=36, max_length=36, pattern=r"^[0-9a-f-]+$")]


class Send(Request):
    """A new message."""

    text: _Text = ""
    txn_id: Annotated[
        _Txn, Field(description="Made by the client; the same one again sends nothing new.")
    ]
    reply_to: EventId | None = None
    thread_root: EventId | None = None
    mentions: Mentions = Mentions()
    attachment: Attach | None = None
    emote: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> "Send":
        if not self.text.strip() and self.attachment is None:
            raise ValueError("a message needs a text or an attachment")
        return self


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
