# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages on the wire: the one shape of a message, in answers and in frames alike."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from appservice.rest.wire import Model

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


class FoundRoomModel(Model):
    """A room that messages were found in: what it takes to name it and to lead there."""

    id: UUID
    room_id: str
    kind: Literal["server", "channel", "forum", "circle", "dm", "foreign"]
    name: str | None = Field(description="Of a 1:1 without a name, the other person's.")
    avatar_url: str | None = Field(description="`mxc://` URI.")
    slug: str | None
    emoji: str | None
    other_user_id: str | None = Field(description="The other person of a 1:1.")


class FoundMessagesModel(MessagesModel):
    """Messages of several rooms, the newest first, and what those rooms are."""

    rooms: list[FoundRoomModel]


class ReactorRow(ReactorModel):
    """Somebody who reacted, and how."""

    key: str
    avatar_url: str | None
    ts: int


class ReactorsModel(Model):
    """Who reacted, the newest first."""

    items: list[ReactorRow]
    next_cursor: str | None
