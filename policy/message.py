# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long what people write may be (M2): the text itself, not what a client quotes before it."""

from collections.abc import Mapping
from typing import Any

from policy.limits import Rules
from policy.reason import Reason
from policy.verdict import ALLOW, Deny, Verdict

_NEW = "m.new_content"
_RELATES = "m.relates_to"


def is_reply(content: Mapping[str, Any]) -> bool:
    """Whether it answers a message, so that older clients put a quotation before it."""
    relates = content.get(_RELATES)
    return isinstance(relates, Mapping) and isinstance(relates.get("m.in_reply_to"), Mapping)


def without_fallback(body: str) -> str:
    """The text of a reply without the quotation before it (spec 1.11, 11.20.1)."""
    if not body.startswith("> "):
        return body
    lines = body.split("\n")
    first = next((index for index, line in enumerate(lines) if line[:1] != ">"), len(lines))
    if first < len(lines) and not lines[first]:
        first += 1
    return "\n".join(lines[first:])


def spoken(content: Mapping[str, Any]) -> str:
    """What the sender wrote: `body`, without the quotation of a reply; empty when there is none.

    The caption of a picture is its body too.
    """
    body = content.get("body")
    if not isinstance(body, str):
        return ""
    return without_fallback(body) if is_reply(content) else body


def may_be_so_long(content: Mapping[str, Any], rules: Rules) -> Verdict:
    """Whether a message, and what it puts in another's place, is short enough.

    Characters are code points, as a person counts them; the formatted text is counted in bytes
    because it is what every client has to take apart.
    """
    new = content.get(_NEW)
    texts = [spoken(content)]
    if isinstance(new, Mapping):
        # For clients that know no edits the new text stands outside too, behind a star.
        texts = [_unstarred(without_fallback(str(content.get("body", "")))), spoken(new)]
    parts = [content, new] if isinstance(new, Mapping) else [content]
    most = rules.messages
    long = any(len(text) > most.characters for text in texts) or any(
        _heavy(part.get(key), most.formatted_bytes)
        for part in parts
        for key in ("body", "formatted_body")
    )
    return Deny(Reason.TOO_LONG) if long else ALLOW


def _unstarred(body: str) -> str:
    stripped = body.removeprefix(" ")
    return stripped.removeprefix("* ") if stripped.startswith("* ") else body


def _heavy(text: object, most: int) -> bool:
    # Of a quotation that nobody reads, too, only so much is carried.
    return isinstance(text, str) and len(text.encode("utf-8", "replace")) > most
