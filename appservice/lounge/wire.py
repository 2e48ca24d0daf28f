# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forums on the wire."""

from pydantic import Field

from appservice.lounge.service import Forum, Said
from appservice.lounge.store import Sort
from appservice.rest.wire import Cursor, Model, PageSize, QueryModel
from appservice.rooms.wire import RoomModel, room_fields


class LoungeQuery(QueryModel):
    """Which forums, in which order."""

    sort: Sort = Sort.ACTIVE
    cursor: Cursor = None
    limit: PageSize = 50


class LastMessageModel(Model):
    """What was said last, as far as you may read it."""

    sender: str
    sender_name: str | None
    excerpt: str = Field(description="One line, 140 characters at most.")
    ts: int = Field(description="The sender's clock, ms since 1970.")


class ForumModel(RoomModel):
    """A forum as you see it."""

    joined: bool
    is_default: bool = Field(description="Everybody joins it at sign-up.")
    min_trust_to_join: int
    last_message: LastMessageModel | None


class ForumsPage(Model):
    """A page of forums."""

    forums: list[ForumModel]
    next_cursor: str | None = None


def forum_model(forum: Forum) -> ForumModel:
    """A forum as its reader sees it."""
    seen = forum.view.seen
    return ForumModel.model_validate(
        {
            **room_fields(forum.view),
            "joined": seen.joined,
            "is_default": seen.is_default,
            "min_trust_to_join": seen.min_trust,
            "last_message": _last(forum.last) if forum.last else None,
        }
    )


def _last(said: Said) -> LastMessageModel:
    return LastMessageModel(
        sender=said.sender, sender_name=said.sender_name, excerpt=said.excerpt, ts=said.ts
    )
