# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rooms and their members on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from appservice.rest.wire import Cursor, Model, PageSize, PersonModel, QueryModel, Request
from appservice.rooms.removal import Removal
from appservice.rooms.view import View

Kind = Literal["server", "channel", "forum", "circle", "dm", "foreign"]


class RightsModel(Model):
    """What you may do in a room now."""

    send: bool
    remove_others: bool = Field(description="Remove other people's messages.")
    pin: bool
    notify_room: bool = Field(description="Mention everybody.")
    invite: bool
    rename: bool


class RoomModel(Model):
    """A room as you see it."""

    id: UUID
    room_id: str
    kind: Kind
    name: str | None = Field(description="Of a 1:1 without a name, the other person's.")
    topic: str | None
    description: str | None
    avatar_url: str | None = Field(description="`mxc://` URI.")
    slug: str | None
    emoji: str | None
    visibility: Literal["public", "private", "unlisted"]
    encrypted: bool = Field(description="Kith cannot read it; another client can.")
    read_only: bool = Field(description="You cannot write now.")
    read_only_reason: str | None = Field(
        description="Code of a refusal, or `not_joined`, or `no_power`."
    )
    slow_mode: int = Field(description="Seconds between your messages; 0 for none.")
    slow_mode_until: int | None = Field(
        description="Until when your next message waits, ms since 1970."
    )
    members_count: int
    online_count: int = Field(description="Who has it open, as far as you may know.")
    membership: Literal["join", "invite", "knock", "leave", "ban"] | None
    removed: bool = Field(description="Somebody took you out: `removal` says who.")
    other_user_id: str | None = Field(description="The other person of a 1:1.")
    can: RightsModel
    trust: int = Field(description="Your level here: 0 new, 1 member, 2 trusted.")
    position: int | None = Field(description="Of the newest event; what `resume_from` takes.")
    unread: int
    mentions: int
    read_event_id: str | None
    muted: bool
    room_version: str
    last_event_at: datetime | None


class RoomsModel(Model):
    """Your rooms, the last heard first; 500 at most."""

    rooms: list[RoomModel]


class MemberModel(PersonModel):
    """Somebody in a room."""

    role: Literal["owner", "admin", "moderator", "member"]
    online: bool | None = Field(description="Null when you may not know.")
    last_active_at: datetime | None = Field(description="Null when you may not know.")


class MembersQuery(QueryModel):
    """Which members."""

    query: Annotated[
        str | None, Field(max_length=64, description="How the name or the local name begins.")
    ] = None
    cursor: Cursor = None
    limit: PageSize = 50


class MembersPage(Model):
    """A page of members by name."""

    members: list[MemberModel]
    next_cursor: str | None = None


class MembershipModel(Model):
    """How you stand in a room after coming or going."""

    id: UUID
    room_id: str
    membership: Literal["join", "invite", "knock", "leave", "ban"] | None


class MuteBody(Request):
    """Whether a room is muted."""

    muted: bool


class MuteModel(Model):
    """Whether a room is muted: then only mentions count, in Matrix clients too."""

    muted: bool


class RemovalModel(Model):
    """Who took you out of a room. The words they gave are not passed on."""

    room_id: str
    what: Literal["removed", "banned"]
    by: PersonModel
    at: datetime


def removal_model(found: Removal) -> RemovalModel:
    """A removal as whoever was removed sees it."""
    by = PersonModel(user_id=found.by, display_name=found.by_name, avatar_url=found.by_avatar)
    what: Literal["removed", "banned"] = "banned" if found.banned else "removed"
    return RemovalModel(room_id=found.room_id, what=what, by=by, at=found.at)


def room_model(found: View) -> RoomModel:
    """A room as its reader sees it."""
    seen = found.seen
    return RoomModel.model_validate(room_fields(found) | {"membership": seen.membership})


def room_fields(found: View) -> dict[str, object]:
    """The fields of `RoomModel`, for models that have more."""
    seen, can = found.seen, found.can
    return {
        "id": seen.id,
        "room_id": seen.room_id,
        "kind": seen.kind.value,
        "name": found.name,
        "topic": seen.topic,
        "description": seen.description,
        "avatar_url": found.avatar_url,
        "slug": seen.slug,
        "emoji": seen.emoji,
        "visibility": seen.visibility,
        "encrypted": seen.encrypted,
        "read_only": found.read_only_reason is not None,
        "read_only_reason": found.read_only_reason,
        "slow_mode": found.slow_mode,
        "slow_mode_until": found.slow_mode_until,
        "members_count": seen.members_count,
        "online_count": found.online_count,
        "membership": seen.membership,
        "removed": seen.removed,
        "other_user_id": seen.other_id,
        "can": {
            "send": can.send,
            "remove_others": can.remove_others,
            "pin": can.pin,
            "notify_room": can.notify_room,
            "invite": can.invite,
            "rename": can.rename,
        },
        "trust": found.trust,
        "position": seen.position,
        "unread": seen.unread,
        "mentions": seen.mentions,
        "read_event_id": seen.read_event_id,
        "muted": seen.muted,
        "room_version": seen.room_version,
        "last_event_at": seen.last_event_at,
    }
