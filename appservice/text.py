# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text of strangers made harmless before it is shown again or stored.

Control characters could become commands in a line-based format, bidirectional ones turn a
sentence round, and PostgreSQL takes neither NUL nor lone surrogates.
"""

import re

# Every message goes through these, so they are patterns and no loops over characters. Of controls
# (Cc) there are 65 for good, and surrogates (Cs) are one range.
_CONTROLS = r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff"
"""Those that break no line."""
_TURNS = r"\u202a-\u202e"
"""Embeddings and overrides."""
_MARKS = r"\u061c\u200e\u200f\u2066-\u2069"
"""Direction marks and isolates."""
_BREAKS = re.compile(r"[\t-\r\x85\u2028\u2029]")
_NOT_IN_A_LINE = re.compile(f"[{_CONTROLS}{_TURNS}{_MARKS}]")
_NOT_IN_LINES = re.compile(rf"[{_CONTROLS}\x0b\x0c\x85{_TURNS}]")
# An escaped backslash is taken first, so that what follows it is not read as an escape.
_ESCAPE = re.compile(
    r"\\\\|\\u0000|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
_PAIR = 12
"""Characters of an escaped surrogate pair."""


def one_line(text: str, longest: int = 500) -> str:
    """The text without line breaks, control and direction characters, cut to ``longest``."""
    kept = _NOT_IN_A_LINE.sub("", _BREAKS.sub(" ", text[: longest * 4]))
    return " ".join(kept.split())[:longest]


def many_lines(text: str) -> str:
    """The text with its lines, without other controls and without what turns letters round.

    Marks and isolates stay: right-to-left languages need them, and they end with their line.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_IN_LINES.sub("", text)


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
