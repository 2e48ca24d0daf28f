# SPDX-License-Identifier: AGPL-3.0-or-later
"""The single fields of a listing on the wire, each with what is done to it before it is kept.

Text is brought into one form (NFC) before anything else: two ways of writing é are one letter to
who searches.
"""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

from appservice.rest.wire import NotEmpty, OneLine
from appservice.text import many_lines, one_line
from policy.money import CURRENCIES, MOST

MOST_TAGS, MOST_IMAGES = 10, 10
_TAG = 30


def composed(text: str) -> str:
    """The text in normal form C, which is never longer than what a person would count."""
    return unicodedata.normalize("NFC", text)


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("not a currency of ISO 4217")
    return code


def tag(text: str) -> str:
    """A tag as it is kept: one line, small letters, without the # some write before it."""
    return one_line(composed(text)).lstrip("#").strip().lower()


def as_tags(texts: list[str]) -> list[str]:
    """Tags as they are kept, each once, in the order given.

    Raises:
        ValueError: one is empty or too long, or holds a comma, which parts them in an address.
    """
    found = list(dict.fromkeys(tag(text) for text in texts))
    if any(not one or len(one) > _TAG or "," in one for one in found):
        raise ValueError(f"a tag has 1 to {_TAG} characters and no comma")
    return found


Title = Annotated[
    str,
    Field(min_length=1, max_length=120, examples=["Road bike, 56 cm"]),
    AfterValidator(composed),
    OneLine,
    NotEmpty,
]
Description = Annotated[
    str,
    Field(max_length=4_000, description="Plain text; line breaks stay."),
    AfterValidator(composed),
    AfterValidator(many_lines),
    AfterValidator(str.strip),
]
Price = Annotated[
    int, Field(ge=0, le=MOST, description="In the currency's smallest unit; 0 is free of charge.")
]
Currency = Annotated[
    str,
    Field(pattern="^[A-Z]{3}$", description="ISO 4217.", examples=["EUR"]),
    AfterValidator(_currency),
]
Tags = Annotated[
    list[Annotated[str, Field(max_length=100)]],
    Field(max_length=MOST_TAGS, description="Small letters, each once."),
    AfterValidator(as_tags),
]
City = Annotated[
    str, Field(min_length=1, max_length=100), AfterValidator(composed), OneLine, NotEmpty
]
PlaceId = Annotated[
    int,
    Field(
        ge=1,
        lt=2**31,
        description="Of `GET /api/places`; it names city and country by itself.",
    ),
]
Country = Annotated[
    str, Field(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2.", examples=["DE"])
]
