# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every frame a client may receive, as a model; `described` publishes them all (version 1).

A field is only ever added; a change of meaning takes another `v`.
"""

from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from pydantic import Field, TypeAdapter

from appservice.messages.wire import MessageModel
from appservice.rest.wire import Model
from appservice.unread.wire import RoomCounts, TotalModel

VERSION = 1


class Frame(Model):
    """Any frame."""

    v: Literal[1] = 1


class RoomFrame(Frame):
    """Something Synapse accepted into a room."""

    room_id: str
    position: int | None = Field(
        description="Rises within a room; what `resume_from` takes. Null on a homeserver whose"
        " order nobody tells."
    )
    event_id: str
    sender: str
    ts: int = Field(description="The sender's clock, ms since 1970.")


class MessageNew(RoomFrame):
    """A message, sticker or poll."""

    event: Literal["message:new"] = "message:new"
    type: str = Field(description="Matrix event type.", examples=["m.room.message"])
    content: dict[str, Any] = Field(description="As sent, untrusted; empty when encrypted.")
    encrypted: bool = Field(default=False, description="Kith cannot read it.")
    thread_root: str | None = None
    reply_to: str | None = None
    message: MessageModel | None = Field(
        default=None, description="As in a history, without what depends on the reader."
    )


class MessageEdited(RoomFrame):
    """A message's content was replaced by its sender."""

    event: Literal["message:edited"] = "message:edited"
    target: str
    content: dict[str, Any]
    message: MessageModel | None = Field(
        default=None,
        description="As it reads now, without what depends on the reader or is unchanged"
        " (`reply_to`).",
    )


class MessageRedacted(RoomFrame):
    """An event's content was removed."""

    event: Literal["message:redacted"] = "message:redacted"
    target: str
    reason: str | None = None


class ReactionAdded(RoomFrame):
    """A reaction to an event."""

    event: Literal["reaction:added"] = "reaction:added"
    target: str
    key: str


class ReactionRemoved(RoomFrame):
    """A reaction was taken back; `target` is the reaction."""

    event: Literal["reaction:removed"] = "reaction:removed"
    target: str
    message: str | None = Field(default=None, description="What it was a reaction to.")
    key: str | None = None


class MemberChanged(RoomFrame):
    """A membership, name or avatar changed. For oneself also sent outside of rooms."""

    event: Literal["member:changed"] = "member:changed"
    user_id: str
    membership: str
    display_name: str | None = None
    avatar_url: str | None = None
    reason: str | None = None


class RoomChanged(RoomFrame):
    """Any other state of the room changed."""

    event: Literal["room:changed"] = "room:changed"
    type: str
    state_key: str
    content: dict[str, Any]


class EventNew(RoomFrame):
    """An event of a kind Kith does nothing with."""

    event: Literal["event:new"] = "event:new"
    type: str
    content: dict[str, Any]


class Typing(Frame):
    """Somebody began or stopped typing."""

    event: Literal["typing"] = "typing"
    room_id: str
    user_id: str
    typing: bool


class Receipt(Frame):
    """Somebody has read up to an event (public receipts only)."""

    event: Literal["receipt"] = "receipt"
    room_id: str
    user_id: str
    event_id: str
    thread_id: str | None = None
    ts: int | None = None


class Presence(Frame):
    """A friend, or somebody in a room of yours, came or went (D31)."""

    event: Literal["presence"] = "presence"
    user_id: str
    presence: Literal["online", "unavailable", "offline"]
    last_active_ago: int | None = Field(default=None, description="Milliseconds.")


class Friends(Frame):
    """A friend request or a friendship changed (F7), or one of two who follow is gone (F9)."""

    event: Literal[
        "friend_request:created",
        "friend_request:updated",
        "friend:added",
        "friend:removed",
        "follow:removed",
    ]
    user_id: str = Field(description="The other person.")
    pending: dict[str, int] | None = Field(description="Requests waiting: incoming, outgoing.")
    request: dict[str, Any] | None = None


class UnreadSnapshot(Frame):
    """What is unread in all your rooms; the answer to `unread`."""

    event: Literal["unread:snapshot"] = "unread:snapshot"
    seq: int = Field(description="1; every `unread:changed` on this socket has the next number.")
    rooms: list[RoomCounts]
    total: TotalModel
    re: str | None = None


class UnreadChanged(Frame, RoomCounts):
    """One room's counts have changed; absolute values, zero after the membership ended."""

    event: Literal["unread:changed"] = "unread:changed"
    seq: int
    total: TotalModel


class Ready(Frame):
    """The socket is open; the first frame."""

    event: Literal["ready"] = "ready"
    user_id: str


class Subscribed(Frame):
    """A room's frames follow, those behind `position` first."""

    event: Literal["subscribed"] = "subscribed"
    room_id: str
    id: UUID
    position: int | None
    typing: list[str] = Field(description="Who types now.")
    online: list[str] = Field(
        description="Who else has it open, as far as the reader may know (D31); 200 at most."
    )
    re: str | None = Field(default=None, description="The `id` of the command it answers.")


class Unsubscribed(Frame):
    """No more frames of this room come: it was asked for, or the membership ended."""

    event: Literal["unsubscribed"] = "unsubscribed"
    room_id: str
    re: str | None = None


class Resync(Frame):
    """Frames are missing that cannot be sent again: read the history, go on from `position`."""

    event: Literal["resync"] = "resync"
    room_id: str
    position: int | None


class Pong(Frame):
    """The answer to a ping."""

    event: Literal["pong"] = "pong"
    re: str | None = None


class Done(Frame):
    """A command was carried out."""

    event: Literal["done"] = "done"
    re: str


class MessageSent(Frame):
    """A `send` was accepted; the message itself comes as `message:new` like everybody's."""

    event: Literal["message:sent"] = "message:sent"
    re: str | None = None
    txn_id: str
    event_id: str
    room_id: str


class Failed(Frame):
    """A command was refused, with the codes of the REST API."""

    event: Literal["error"] = "error"
    code: str
    message: str
    details: dict[str, Any] = Field(default_factory=dict)
    re: str | None = None


AnyFrame = Annotated[
    MessageNew
    | MessageEdited
    | MessageRedacted
    | ReactionAdded
    | ReactionRemoved
    | MemberChanged
    | RoomChanged
    | EventNew
    | Typing
    | Receipt
    | Presence
    | Friends
    | UnreadSnapshot
    | UnreadChanged
    | Ready
    | Subscribed
    | Unsubscribed
    | Resync
    | Pong
    | Done
    | MessageSent
    | Failed,
    Field(discriminator="event"),
]
MODELS: tuple[type[Frame], ...] = get_args(get_args(AnyFrame)[0])
ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyFrame)


def encoded(frame: Frame) -> bytes:
    """The frame's JSON."""
    return frame.model_dump_json().encode()
