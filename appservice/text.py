# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text of strangers made harmless before it is shown again or stored.

Control characters could become commands in a line-based format, bidirectional ones turn a
sentence round, and PostgreSQL takes neither NUL nor lone surrogates.
"""

import re
import unicodedata

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e")
"""Embeddings and overrides."""
_BREAKS = frozenset("\u2028\u2029")
_UNPRINTABLE = frozenset({"Cc", "Cs"})
# An escaped backslash is taken first, so that what follows it is not read as an escape.
_ESCAPE = re.compile(
    r"\\\\|\\u0000|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
_PAIR = 12
"""Characters of an escaped surrogate pair."""


def one_line(text: str, longest: int = 500) -> str:
    """The text without line breaks, control and direction characters, cut to ``longest``."""
    kept = "".join(" " if _breaks(char) else char for char in text[: longest * 4] if _keeps(char))
    return " ".join(kept.split())[:longest]


def many_lines(text: str) -> str:
    """The text with its lines, without other controls and without what turns letters round.

    Marks and isolates stay: right-to-left languages need them, and they end with their line.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        char
        for char in text
        if char in "\n\t"
        or (char not in _TURNS and unicodedata.category(char) not in _UNPRINTABLE)
    )


def _breaks(char: str) -> bool:
    return char in _BREAKS or char in "\r\n\t\v\f\x85"


def _keeps(char: str) -> bool:
    return _breaks(char) or (char not in _BIDI and unicodedata.category(char) not in _UNPRINTABLE)


def storable_text(text: str) -> str:
    """The text without what PostgreSQL's text refuses: NUL and lone surrogates."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def storable_json(raw: str) -> str:
    """JSON text without what PostgreSQL's jsonb refuses.

    Works on the text because events may be nested deeper than Python recurses.
    """
    return _ESCAPE.sub(_mended, raw)


def _mended(match: re.Match[str]) -> str:
    found = match[0]
    whole = found == r"\\" or len(found) == _PAIR
    return found if whole else r"\ufffd"
