# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ties, settings and one's own account on the wire."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import Field

from appservice.people.store import Account, Tied
from appservice.rest.cursor import Position, encode
from appservice.rest.wire import Model, PersonModel, Request

DmPolicy = Literal["everyone", "connections", "following", "none"]
RequestPolicy = Literal["everyone", "shared_space", "nobody"]
Visibility = Literal["public", "connections", "private"]
Presence = Literal["all", "friends", "nobody"]


class SettingsModel(Model):
    """Who may reach you and see your friends."""

    dm_policy: DmPolicy = Field(description="Who may bring you into new conversations.")
    request_policy: RequestPolicy = Field(description="Who may send you friend requests.")
    auto_decline_strangers: bool = Field(
        description="Requests of people who share no place with you are put away unseen."
    )
    connections_visibility: Visibility = Field(description="Who may see your friends.")
    presence: Presence = Field(
        description=(
            "Who sees in Kith whether you are here and when you were last active: friends and"
            " people you share a room with, friends only, or nobody."
        )
    )


class ChangeSettings(Request):
    """The settings to change; what is absent or null stays."""

    dm_policy: DmPolicy | None = None
    request_policy: RequestPolicy | None = None
    auto_decline_strangers: bool | None = None
    connections_visibility: Visibility | None = None
    presence: Presence | None = None


class MeModel(PersonModel):
    """Your own account."""

    trust: Literal["new", "member", "trusted"]
    staff: str | None = Field(description="Your role in the staff of this instance, if any.")
    settings: SettingsModel


class TiedModel(PersonModel):
    """Somebody in a list of yours."""

    since: datetime


class TiedPage(Model):
    """A page of people, newest first."""

    people: list[TiedModel]
    next_cursor: str | None = None


def settings_model(account: Account) -> SettingsModel:
    """The settings of a record."""
    return SettingsModel.model_validate(
        {
            "dm_policy": account.dm_policy,
            "request_policy": account.request_policy,
            "auto_decline_strangers": account.auto_decline_strangers,
            "connections_visibility": account.connections_visibility,
            "presence": account.presence,
        }
    )


def me_model(account: Account) -> MeModel:
    """A person's own record."""
    levels: tuple[Literal["new", "member", "trusted"], ...] = ("new", "member", "trusted")
    return MeModel(
        user_id=account.user_id,
        display_name=account.display_name,
        avatar_url=account.avatar_url,
        trust=levels[account.trust],
        staff=account.staff,
        settings=settings_model(account),
    )


def tied_page(rows: Sequence[Tied], limit: int) -> TiedPage:
    """A page from one row more than it may hold."""
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    return TiedPage(
        people=[
            TiedModel(
                user_id=row.user_id,
                display_name=row.display_name,
                avatar_url=row.avatar_url,
                since=row.since,
            )
            for row in shown
        ],
        next_cursor=encode(Position(last.since, last.user_id)) if last else None,
    )
