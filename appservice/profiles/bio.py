# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bio as HTML and as plain text: italic, bold and links, never raw HTML (P1, D21)."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_PARTS = ("autolink", "balance_pairs", "emphasis", "entity", "escape", "fragments_join", "newline")
_SCHEMES = ("http://", "https://")
_TAGS = {"a", "br", "em", "p", "strong"}
_DEEPEST = 10
_KEPT = 2048
"""Bios whose HTML is kept at hand, at about 1 KB each."""


def _made(*more: str) -> MarkdownIt:
    options = {"html": False, "breaks": True, "linkify": False, "maxNesting": _DEEPEST}
    made = MarkdownIt("zero", options).enable([*_PARTS, *more])
    made.validateLink = lambda url: url.lower().startswith(_SCHEMES)  # type: ignore[method-assign]
    return made


_LINKING = _made("link")
_PLAIN = _made()
# Of a new person an address stays text, written out so that everybody sees where it would lead.
_PLAIN.disable("autolink")


@lru_cache(maxsize=_KEPT)
def html(text: str, *, links: bool) -> str:
    """The bio as harmless HTML.

    Args:
        text: as it was typed.
        links: whether its links may be clicked; not while its author is new here (D21).
    """
    rendered = (_LINKING if links else _PLAIN).render(text).strip()
    return nh3.clean(
        rendered,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow ugc",
    )


def words(text: str) -> str:
    """What a reader reads of it, without the marks and addresses of Markdown."""
    lines: list[str] = []
    for block in _LINKING.parse(text):
        if block.type == "inline":
            parts = block.children or []
            lines.append(
                "".join(
                    "\n" if part.type in ("softbreak", "hardbreak") else part.content
                    for part in parts
                )
            )
    return "\n".join(lines)
