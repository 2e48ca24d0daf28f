# SPDX-License-Identifier: AGPL-3.0-or-later
"""Showcases on the wire."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from appservice.listings.fields import composed
from appservice.profiles.parts import Card
from appservice.profiles.wire import CardModel, Sparse, card_model
from appservice.rest.wire import OneLine, QueryModel, Request
from appservice.showcase.service import Chosen
from policy.showcase import MOST_CARDS, NOTE_LENGTH, Collection

Note = Annotated[
    str,
    Field(max_length=NOTE_LENGTH, description="One line below the title."),
    AfterValidator(composed),
    OneLine,
]


class CardToShow(Request):
    """A card to put up."""

    entity_id: UUID = Field(description="Of the saved search, the listing or the community.")
    note: Note | None = None


def _each_once(cards: list[CardToShow]) -> list[CardToShow]:
    if len({one.entity_id for one in cards}) != len(cards):
        raise ValueError("a card comes twice")
    return cards


class PutCards(Request):
    """A collection as it is to be: its cards in order, none to empty it."""

    collection: Collection
    cards: Annotated[list[CardToShow], Field(max_length=MOST_CARDS), AfterValidator(_each_once)]

    def chosen(self) -> list[Chosen]:
        """The cards for the service; an empty note is none."""
        return [Chosen(str(one.entity_id), one.note or None) for one in self.cards]


class CandidatesQuery(QueryModel):
    """What could be put up."""

    collection: Collection
    q: Annotated[str, Field(max_length=100), OneLine] = ""


class ShowcaseModel(Sparse):
    """The cards of a showcase, collection by collection, each in its order."""

    showcase: list[CardModel]


def showcase_model(cards: Sequence[Card]) -> ShowcaseModel:
    """Cards as they are sent."""
    return ShowcaseModel(showcase=[card_model(one) for one in cards])
