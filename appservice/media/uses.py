# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which files an event carries, and under which names. Pure.

An event whose content was removed carries nothing. Encrypted files stand under `file` and are no
use to a browser.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from appservice.media.names import NAMELESS, file_name

_PICTURES = re.compile(r"""src=["'](mxc://[^"'/\s]{1,255}/[A-Za-z0-9_\-]{1,255})["']""")
_LONGEST_HTML, _MOST_PICTURES = 65_536, 200
_CARRIERS = frozenset({"m.room.message", "m.sticker"})


def carried(event: Mapping[str, Any]) -> dict[str, str]:
    """``mxc://`` addresses in an event (client format) and its latest edit, with file names."""
    found: dict[str, str] = {}
    if event.get("type") not in _CARRIERS:
        return found
    for content in _contents(event):
        name = content.get("filename", content.get("body"))
        shown = file_name(name if isinstance(name, str) else None)
        for address in (content.get("url"), _group(content, "info").get("thumbnail_url")):
            if isinstance(address, str):
                found.setdefault(address, shown)
        html = content.get("formatted_body")
        if isinstance(html, str):
            # Custom emoji: `<img src="mxc://…">` (spec 11.2.1.1).
            for address in _PICTURES.findall(html[:_LONGEST_HTML])[:_MOST_PICTURES]:
                found.setdefault(address, NAMELESS)
    return found


def _contents(event: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    content = _group(event, "content")
    yield content
    yield _group(content, "m.new_content")
    relations = _group(_group(event, "unsigned"), "m.relations")
    yield _group(_group(_group(relations, "m.replace"), "content"), "m.new_content")


def _group(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    inner = value.get(key)
    return inner if isinstance(inner, Mapping) else {}


def encrypted(event: Mapping[str, Any]) -> set[str]:
    """Addresses of encrypted files in an event that itself is not encrypted."""
    files = [_group(content, "file") for content in _contents(event)]
    infos = [_group(_group(content, "info"), "thumbnail_file") for content in _contents(event)]
    return {str(one["url"]) for one in (*files, *infos) if "url" in one}
