# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a client may send over its socket, as models."""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from appservice.messages.asked import TxnId, Words
from appservice.rest.wire import Request

_Id = Annotated[str | None, Field(max_length=64)]
_Room = Annotated[str, Field(min_length=1, max_length=255, description="UUID or room id (D30).")]


class Ping(Request):
    """Asks for a pong."""

    type: Literal["ping"]
    id: _Id = None


class Subscribe(Request):
    """Asks for a room's frames; with `resume_from`, for those since then too."""

    type: Literal["subscribe"]
    room: _Room
    resume_from: Annotated[int | None, Field(ge=0, lt=2**63)] = None
    id: _Id = None


class Unsubscribe(Request):
    """Wants no more of a room."""

    type: Literal["unsubscribe"]
    room: _Room
    id: _Id = None


class TypingNow(Request):
    """Types, or stopped; to be repeated every four seconds."""

    type: Literal["typing"]
    room: _Room
    typing: bool
    id: _Id = None


class Read(Request):
    """Has read up to an event."""

    type: Literal["read"]
    room: _Room
    event_id: Annotated[str, Field(min_length=1, max_length=255, pattern=r"^\$[!-~]+$")]
    private: bool = False
    thread_root: Annotated[
        str | None, Field(min_length=1, max_length=255, pattern=r"^\$[!-~]+$")
    ] = None
    id: _Id = None


class SendNow(Request):
    """Sends a message; answered with `message:sent` once the homeserver has accepted it."""

    type: Literal["send"]
    room: _Room
    txn_id: TxnId
    message: Words
    id: _Id = None


class Unread(Request):
    """Wants to know what is unread, now and from now on."""

    type: Literal["unread"]
    id: _Id = None


Command = Ping | Subscribe | Unsubscribe | TypingNow | Read | SendNow | Unread
ADAPTER: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="type")])


def schema() -> dict[str, Any]:
    """JSON Schema of all commands."""
    return ADAPTER.json_schema()
