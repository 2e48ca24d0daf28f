# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from appservice.dms.service import Shown
from appservice.rest.wire import Model, OneLine, PersonModel, Request

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


class ParticipantModel(PersonModel):
    """Somebody of a conversation."""

    membership: Literal["join", "invite", "leave", "ban", "knock"]


class ConversationModel(Model):
    """A conversation."""

    id: UUID
    room_id: str
    type: Literal["direct", "group"]
    name: str | None
    participants: list[ParticipantModel]
    read_only: bool
    read_only_reason: str | None = Field(description="Code that says why one cannot write.")
    created_at: datetime


def conversation_model(shown: Shown) -> ConversationModel:
    """A conversation as its reader sees it."""
    found = shown.conversation
    return ConversationModel.model_validate(
        {
            "id": found.id,
            "room_id": found.room_id,
            "type": "group" if found.group else "direct",
            "name": found.name,
            "participants": found.participants,
            "read_only": shown.read_only_reason is not None,
            "read_only_reason": shown.read_only_reason.code if shown.read_only_reason else None,
            "created_at": found.created_at,
        }
    )
