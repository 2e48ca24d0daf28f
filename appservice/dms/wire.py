# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations on the wire."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from appservice.dms.inbox import InboxEntry
from appservice.dms.listing import Filter
from appservice.dms.service import Shown
from appservice.rest.cursor import Position, encode
from appservice.rest.wire import Model, NotEmpty, OneLine, PageQuery, PersonModel, Request

Role = Literal["admin", "member"]
_Person = Annotated[str, Field(min_length=1, max_length=255, examples=["bob"])]


class OpenConversation(Request):
    """Who is to talk together."""

    participants: Annotated[
        list[_Person],
        Field(
            min_length=1,
            max_length=50,
            description="The others: Matrix ids or bare local names. One makes a 1:1.",
        ),
    ]
    name: Annotated[str, Field(max_length=100), OneLine] | None = Field(
        default=None, description="Name of a group; a 1:1 has none."
    )


class RenameConversation(Request):
    """A new name for a group."""

    name: Annotated[
        str, Field(min_length=1, max_length=100, examples=["Chess club"]), OneLine, NotEmpty
    ]


class Somebody(Request):
    """Whom it is about."""

    user_id: _Person = Field(description="Matrix id or bare local name.")


class ParticipantModel(PersonModel):
    """Somebody of a conversation."""

    membership: Literal["join", "invite", "leave", "ban", "knock"]
    role: Role


class ConversationModel(Model):
    """A conversation."""

    id: UUID
    room_id: str
    type: Literal["direct", "group"]
    name: str | None
    participants: list[ParticipantModel]
    read_only: bool
    read_only_reason: str | None = Field(description="Code that says why one cannot write.")
    encrypted: bool = Field(description="Kith cannot read what is said in it.")
    my_role: Role = Field(description="A group has one admin; a 1:1 has none.")
    created_at: datetime


class InboxQuery(PageQuery):
    """Which conversations."""

    filter: Filter = "all"
    q: Annotated[str, Field(max_length=100), OneLine] = Field(
        default="", description="Part of a name: of the group, or of somebody in it."
    )


class LastMessageModel(Model):
    """The newest message of a conversation, as far as its reader may see it."""

    sender: str
    sender_name: str | None
    excerpt: str | None = Field(
        description="One line, at most 140 characters; null when unreadable."
    )
    ts: int = Field(description="Milliseconds.")
    kind: str = Field(examples=["text", "image", "encrypted"])


class InboxEntryModel(ConversationModel):
    """A conversation in the inbox."""

    unread: int
    mentions: int
    muted: bool
    request: bool = Field(description="Somebody invited you, and you have not answered yet.")
    invited_by: PersonModel | None
    last_message: LastMessageModel | None
    last_active_at: datetime | None = Field(
        description="Of a 1:1: when the other one was last active, if they show it to you."
    )


class InboxPage(Model):
    """A page of conversations, the most recently active first."""

    conversations: list[InboxEntryModel]
    next_cursor: str | None = None


def conversation_model(shown: Shown) -> ConversationModel:
    """A conversation as its reader sees it."""
    return ConversationModel.model_validate(_fields(shown))


def inbox_page(rows: Sequence[InboxEntry], limit: int) -> InboxPage:
    """A page from one row more than it may hold."""
    last = rows[limit - 1] if len(rows) > limit else None
    return InboxPage(
        conversations=[_entry(row) for row in rows[:limit]],
        next_cursor=encode(Position(last.entry.at, last.shown.conversation.room_id))
        if last
        else None,
    )


def _entry(row: InboxEntry) -> InboxEntryModel:
    entry, invited_by = row.entry, row.entry.invited_by
    people = {one["user_id"]: one for one in row.shown.conversation.participants}
    inviter = people.get(invited_by, {"user_id": invited_by}) if invited_by else None
    last = row.last_message
    return InboxEntryModel.model_validate(
        {
            **_fields(row.shown),
            "unread": entry.unread,
            "mentions": entry.mentions,
            "muted": entry.muted,
            "request": invited_by is not None,
            "invited_by": inviter and {"display_name": None, "avatar_url": None, **inviter},
            "last_message": last
            and {
                "sender": last.sender,
                "sender_name": people.get(last.sender, {}).get("display_name"),
                "excerpt": last.excerpt,
                "ts": last.ts,
                "kind": last.kind,
            },
            "last_active_at": row.last_active_at,
        }
    )


def _fields(shown: Shown) -> dict[str, Any]:
    found = shown.conversation
    return {
        "id": found.id,
        "room_id": found.room_id,
        "type": "group" if found.group else "direct",
        "name": found.name,
        "participants": [
            {**one, "role": found.role_of(one["user_id"])} for one in found.participants
        ],
        "read_only": shown.read_only_reason is not None,
        "read_only_reason": shown.read_only_reason.code if shown.read_only_reason else None,
        "encrypted": found.encrypted,
        "my_role": found.role_of(shown.reader),
        "created_at": found.created_at,
    }
