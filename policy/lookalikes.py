# SPDX-License-Identifier: AGPL-3.0-or-later
"""Characters that look alike: the skeletons of Unicode's technical standard 39.

Two names with one skeleton cannot be told apart on a screen. The table is Unicode's own, loaded
when it is first needed.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

_MARKS = "\u200e\u200f"
"""Which the table writes around right-to-left characters."""
_DIGITS = str.maketrans("34579@$", "eastgas")
"""Figures and signs read as letters."""
_STROKE = re.compile(r"!(?=\w)")
"""Read as an `i`, except at the end of a word."""


def skeleton(text: str) -> str:
    """What a text looks like; case and accents count, because they are seen.

    Returns:
        A text for comparing, never for showing.
    """
    table = _prototypes()
    parts = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFD", "".join(table.get(char, char) for char in parts))


def bare(text: str) -> str:
    """The coarsest reading: no case, accents, blanks or signs, figures as letters.

    For names nobody may come near, where a wrong likeness costs less than a missed one.
    """
    flat = skeleton(skeleton(text).casefold()).casefold().translate(_DIGITS)
    flat = _STROKE.sub("i", flat)
    # `i`, `l` and `1` are one stroke; the table says so only of the capital.
    return "".join(char for char in flat if _read(char)).replace("i", "l")


def _read(char: str) -> bool:
    # Vowel signs of Indic scripts are marks without a combining class: there they make the word.
    return char.isalnum() or (
        unicodedata.category(char)[0] == "M" and not unicodedata.combining(char)
    )


@cache
def _prototypes() -> Mapping[str, str]:
    """Each character that stands for another, with the other.

    The table lists both directions. A source of Unicode's list has one neighbour, which has many;
    where both have one, plain letters win, then the older character.
    """
    from confusable_homoglyphs.confusables import confusables_data  # noqa: PLC0415 - 1 MB of table

    near = {
        char: [str(entry["c"]).strip(_MARKS) for entry in found]
        for char, found in confusables_data.items()
        if len(char) == 1
    }
    return {
        char: others[0]
        for char, others in near.items()
        if len(others) == 1 and _yields(char, others[0], near)
    }


def _yields(char: str, other: str, near: Mapping[str, list[str]]) -> bool:
    if char == other or not other:
        return False
    if len(other) > 1 or len(near.get(other, ())) > 1:
        return True
    return (not other.isascii(), other) < (not char.isascii(), char)
