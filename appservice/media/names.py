# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names of files: made harmless on the way in, written safely on the way out. Pure."""

from urllib.parse import quote

from appservice.text import one_line

LONGEST = 255
NAMELESS = "file"
_ASCII_END = 127
_TOKEN_STOPS = frozenset(' "(),/:;<=>?@[\\]{}%')


def file_name(given: str | None) -> str:
    """A name without folders, line breaks, control and direction characters, not too long.

    What is too long loses its middle, so that the ending stays.
    """
    last = (given or "").replace("\\", "/").rpartition("/")[2]
    name = one_line(last, LONGEST * 4).strip(" .")
    if len(name) > LONGEST:
        stem, dot, ending = name.rpartition(".")
        tail = dot + ending if dot and len(ending) <= 16 else ""  # noqa: PLR2004 - an ending, not a text
        name = (stem if tail else name)[: LONGEST - len(tail)].rstrip() + tail
    return name or NAMELESS


def disposition(name: str, *, inline: bool) -> str:
    """A `Content-Disposition` value (RFC 6266), with the name in the form of RFC 8187."""
    how = "inline" if inline else "attachment"
    plain = all(" " < char < chr(_ASCII_END) and char not in _TOKEN_STOPS for char in name)
    if plain:
        return f"{how}; filename={name}"
    return f"{how}; filename*=UTF-8''{quote(name, safe='')}"
