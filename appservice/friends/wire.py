# SPDX-License-Identifier: AGPL-3.0-or-later
"""The friend endpoints on the wire: what is sent, what is answered, and how rows become it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from appservice.friends.lists import Between, Waiting
from appservice.friends.requests import FriendRequest, Status
from appservice.friends.rows import Friend, Row
from appservice.rest.cursor import Position, encode
from appservice.rest.wire import Model, OneLine, PageQuery, PersonModel, Request

_Text = Annotated[str, Field(max_length=140, examples=["Hi, it is me!"]), OneLine]
Note = Annotated[_Text | None, Field(description="A short note, on one line.")]
State = Literal["self", "friends", "request_sent", "request_received", "none", "blocked"]


class SendRequest(Request):
    """A friend request to be made."""

    message: Note = None


class Respond(Request):
    """The answer to a request."""

    action: Literal["accept", "decline"]


class EditNote(Request):
    """A new note for a waiting request; null removes it."""

    message: Note


class FriendQuery(PageQuery):
    """Which friends."""

    q: Annotated[str, Field(max_length=100), OneLine] = Field(
        default="", description="Part of a name or of a Matrix id."
    )


class RequestQuery(PageQuery):
    """Which requests."""

    direction: Literal["incoming", "outgoing"] = "incoming"


class RequestModel(Model):
    """A friend request."""

    id: UUID
    status: Status
    requester: str = Field(description="Matrix user id of who asked.")
    recipient: str = Field(description="Matrix user id of who was asked.")
    message: str | None
    created_at: datetime
    expires_at: datetime


class SpaceModel(Model):
    """A place both are in."""

    id: UUID
    room_id: str
    name: str | None
    avatar_url: str | None = Field(description="`mxc://` URI.")


class NamedModel(Model):
    """Another person, by name alone."""

    user_id: str
    display_name: str | None


class LatestModel(Model):
    """The newest thing somebody did, of what you may be told."""

    kind: str = Field(description="As in the list of what somebody did.")
    created_at: datetime
    room: SpaceModel | None
    person: NamedModel | None


class KnownModel(PersonModel):
    """Somebody in a list, and how the reader stands to them."""

    friendship_status: State
    mutual_friends: int | None = Field(
        description="Friends shared with the reader; null when that person hides their list."
    )
    mutual_spaces: list[SpaceModel] = Field(description="The first three places both are in.")
    mutual_spaces_count: int
    latest_activity: LatestModel | None


class WaitingModel(RequestModel):
    """A waiting request, with the person at the other end."""

    person: KnownModel


class RequestPage(Model):
    """A page of waiting requests, newest first."""

    requests: list[WaitingModel]
    next_cursor: str | None = None


class FriendModel(KnownModel):
    """A friend in a list."""

    since: datetime


class FriendPage(Model):
    """A page of friends, newest first."""

    friends: list[FriendModel]
    total: int | None = Field(
        description="How many fit that the reader may see; on the first page only."
    )
    next_cursor: str | None = None


class RelationshipModel(Model):
    """How the reader stands to somebody: all a page needs for its call to action."""

    person: PersonModel
    state: State
    friends_since: datetime | None
    request: RequestModel | None = Field(description="The waiting request, whoever made it.")
    following: bool
    followed_by: bool
    muted: bool
    mutual_count: int | None


def request_model(request: FriendRequest, viewer: str, now: datetime) -> RequestModel:
    """A request as one of the two sees it."""
    return RequestModel(
        id=request.id,
        status=request.seen_by(viewer, now),
        requester=request.requester,
        recipient=request.recipient,
        message=request.message,
        created_at=request.created_at,
        expires_at=request.expires_at,
    )


def request_page(rows: Sequence[Waiting], viewer: str, limit: int, now: datetime) -> RequestPage:
    """A page of requests from one row more than it may hold."""
    shown = rows[:limit]
    last = shown[-1].request if len(rows) > limit else None
    return RequestPage(
        requests=[_waiting(row, viewer, now) for row in shown],
        next_cursor=encode(Position(last.created_at, str(last.id))) if last else None,
    )


def _waiting(waiting: Waiting, viewer: str, now: datetime) -> WaitingModel:
    request = request_model(waiting.request, viewer, now)
    return WaitingModel(**dict(request), person=KnownModel.model_validate(known(waiting.row)))


def known(row: Row) -> dict[str, Any]:
    """The fields of `KnownModel`."""
    return {
        "user_id": row.user_id,
        "display_name": row.display_name,
        "avatar_url": row.avatar_url,
        "friendship_status": row.friendship_status,
        "mutual_friends": row.mutual_friends,
        "mutual_spaces": row.spaces,
        "mutual_spaces_count": row.spaces_count,
        "latest_activity": row.latest,
    }


def friend_page(rows: Sequence[Friend], total: int | None, limit: int) -> FriendPage:
    """A page of friends from one row more than it may hold."""
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    return FriendPage(
        friends=[
            FriendModel.model_validate({**known(one.row), "since": one.since}) for one in shown
        ],
        total=total,
        next_cursor=encode(Position(last.since, last.row.user_id)) if last else None,
    )


def relationship_model(found: Between, me: str, other: str, now: datetime) -> RelationshipModel:
    """A relationship on the wire; nothing in it tells of a block by the other side (D17)."""
    relation = found.relationship
    request = None if relation.i_block else found.request
    return RelationshipModel(
        person=PersonModel(
            user_id=other, display_name=found.display_name, avatar_url=found.avatar_url
        ),
        state=_state(found, me, other),
        friends_since=found.since,
        request=request_model(request, me, now) if request else None,
        following=relation.i_follow,
        followed_by=relation.they_follow,
        muted=found.muted,
        mutual_count=None if me == other else found.mutual_count,
    )


def _state(found: Between, me: str, other: str) -> State:
    relation = found.relationship
    if me == other:
        return "self"
    if relation.i_block:
        return "blocked"
    if relation.friends:
        return "friends"
    if found.request is None:
        return "none"
    return "request_sent" if found.request.requester == me else "request_received"
