# SPDX-License-Identifier: AGPL-3.0-or-later
"""How text becomes what is compared: folded words, and what they look like mistyped.

Pure, and the same for what is kept and for what is asked: so every engine agrees on what a word
is, and no extension of the database is needed.
"""

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 40
"""Characters of a word that count."""

_WORD = re.compile(r"[^\W_]+")
_MISTYPED = range(4, 21)
"""Lengths of words in which one letter may be wrong: shorter ones would match anything."""
# Letters that have no accent to be taken off.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)


def folded(text: str) -> str:
    """The text without case, accents and other forms of the same letters."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char for char in bare if not unicodedata.combining(char))
    return unicodedata.normalize("NFKC", kept.casefold()).translate(_PLAIN)


def words(*texts: str | None) -> tuple[str, ...]:
    """The different words of some texts, folded, in their order."""
    found = (w[:LONGEST] for text in texts if text for w in _WORD.findall(folded(text)))
    return tuple(dict.fromkeys(found))


def mistyped(word: str) -> frozenset[str]:
    """The word, and what is left of it without any one letter.

    Two words that differ by one letter — wrong, missing, too many, or two changed places — have
    one of these in common. Empty for words too short or too long for that.
    """
    if len(word) not in _MISTYPED:
        return frozenset()
    return frozenset({word, *(word[:n] + word[n + 1 :] for n in range(len(word)))})


def all_mistyped(given: Iterable[str]) -> frozenset[str]:
    """Those of all words."""
    return frozenset().union(*map(mistyped, given))
