# SPDX-License-Identifier: AGPL-3.0-or-later
"""Suggestions on the wire."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from appservice.friends.wire import KnownModel, known
from appservice.rest.cursor import encode_rank
from appservice.rest.wire import Model
from appservice.suggestions.store import Suggestion


class SuggestionModel(KnownModel):
    """Somebody you may know, and why."""

    mutual_friends: int | None = Field(
        description="Friends in common, as far as they show you their friends."
    )
    reason: Literal["mutual_friends", "mutual_spaces"] = Field(
        description="What speaks for it most; the counts say how much."
    )


class SuggestionPage(Model):
    """A page of people you may know, the likeliest first."""

    people: list[SuggestionModel]
    next_cursor: str | None = None


def page(rows: Sequence[Suggestion], limit: int) -> SuggestionPage:
    """A page from one row more than it may hold."""
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    return SuggestionPage(
        people=[_model(one) for one in shown],
        next_cursor=encode_rank(last.score, last.row.user_id) if last else None,
    )


def _model(one: Suggestion) -> SuggestionModel:
    reason = "mutual_friends" if one.ties else "mutual_spaces"
    return SuggestionModel.model_validate(
        {**known(one.row), "mutual_friends": one.ties, "reason": reason}
    )
