# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody typed as the HTML other clients show: a small part of Markdown, never raw HTML.

Pure. Bold, italic, strikethrough, code, fences, lists, quotes and links; a line break is one.
"""

import html

from markdown_it import MarkdownIt

_PARTS = (
    "backticks",
    "blockquote",
    "emphasis",
    "entity",
    "escape",
    "fence",
    "link",
    "list",
    "newline",
    "strikethrough",
    "balance_pairs",
    "fragments_join",
)
_SCHEMES = ("http://", "https://", "mailto:")
_DEEPEST = 20


def _made() -> MarkdownIt:
    options = {"html": False, "breaks": True, "linkify": False, "maxNesting": _DEEPEST}
    made = MarkdownIt("zero", options).enable(list(_PARTS))
    made.validateLink = lambda url: url.lower().startswith(_SCHEMES)  # type: ignore[method-assign]
    return made


_MARKDOWN = _made()


def formatted(text: str) -> str | None:
    """The HTML of a text; None when it says no more than the text itself."""
    rendered = _MARKDOWN.render(text).strip()
    inner = rendered.removeprefix("<p>").removesuffix("</p>")
    if rendered.startswith("<p>") and rendered.endswith("</p>") and "<p>" not in inner:
        rendered = inner
    plain = html.escape(text.strip(), quote=False)
    unquoted = rendered.replace("&quot;", '"').replace("<br />\n", "\n").replace("<br>\n", "\n")
    return None if unquoted == plain else rendered
