# SPDX-License-Identifier: AGPL-3.0-or-later
"""Unread counts and receipts on the wire."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from pydantic import Field

from appservice.rest.wire import Model, PersonModel, Request
from appservice.unread.store import Counted

_Event = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^\$[!-~]+$")]


class CountsModel(Model):
    """What is unread in one room."""

    unread: int = Field(description="Messages not read, 100 at most; 0 in a muted room.")
    mentions: int = Field(description="How many of them name you, 100 at most.")
    read_event_id: str | None = Field(description="Up to where you have read.")


class RoomCounts(CountsModel):
    """What is unread in one of your rooms."""

    room_id: str
    id: UUID
    position: int | None = Field(description="Of the room's newest event.")
    muted: bool


class TotalModel(Model):
    """What the badges show."""

    unread_rooms: int = Field(description="Rooms with something unread.")
    mentions: int


class UnreadModel(Model):
    """All your rooms; absolute values."""

    rooms: list[RoomCounts]
    total: TotalModel


class ReadBody(Request):
    """Up to where you have read."""

    event_id: _Event
    private: bool = Field(default=False, description="Nobody else is told.")
    thread_root: _Event | None = Field(
        default=None, description="Only this thread was read; absent: the room, threads included."
    )


class ReceiptModel(PersonModel):
    """How far somebody else has read."""

    event_id: str
    ts: int | None = Field(description="When, ms since 1970.")


class ReceiptsModel(Model):
    """The last public receipt of members, who has read furthest first; 200 at most."""

    items: list[ReceiptModel]


def total(found: Iterable[Counted]) -> TotalModel:
    """The sum of all rooms."""
    new = [one for one in found if one.new]
    return TotalModel(unread_rooms=len(new), mentions=sum(one.mentions for one in new))


def room_counts(one: Counted) -> RoomCounts:
    """One room."""
    return RoomCounts(
        room_id=one.room_id,
        id=one.id,
        unread=one.unread,
        mentions=one.mentions,
        read_event_id=one.read_event_id,
        position=one.position,
        muted=one.muted,
    )
