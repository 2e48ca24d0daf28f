# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the archive reads in a browser: pages that need nothing else, with every word escaped. Pure.

Each page forbids itself scripts and foreign addresses, so that nothing somebody once wrote can do
anything in the reader's browser.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote

from appservice.exports.pages import Page, Row, plain

_STYLE = """
:root{color-scheme:light dark;--line:#ccc;--soft:#595959;--link:#0b57d0}
@media (prefers-color-scheme:dark){:root{--line:#444;--soft:#b0b0b0;--link:#8ab4f8}}
body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:0 auto;padding:1rem}
a{color:var(--link)}h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}
table{border-collapse:collapse}th,td{border-bottom:1px solid var(--line);padding:.3rem .6rem;
text-align:left;vertical-align:top;overflow-wrap:anywhere}
.wide{overflow-x:auto}.soft{color:var(--soft);font-size:.85rem}
article{border-bottom:1px solid var(--line);padding:.5rem 0;white-space:pre-wrap;
overflow-wrap:anywhere}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:"
_DATES = 10**11
"""Milliseconds; what is smaller is no time of a message."""


def page(title: str, body: str, up: str = "") -> str:
    """A whole page; `body` is HTML already, `up` leads to the archive's top."""
    back = f'<p><a href="{up}index.html">Contents</a></p>' if up else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width"><meta name="referrer"'
        f' content="no-referrer"><title>{escape(title)}</title><style>{_STYLE}</style></head>'
        f"<body>{back}<main><h1><bdi>{escape(title)}</bdi></h1>\n{body}</main></body></html>\n"
    )


def table(title: str, rows: Sequence[Row], up: str) -> str:
    """Rows as a table."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    lines = "".join(
        "<tr>" + "".join(f"<td>{_cell(row.get(name))}</td>" for name in names) + "</tr>\n"
        for row in rows
    )
    inside = f"<thead><tr>{head}</tr></thead><tbody>\n{lines}</tbody>"
    return page(title, f'<div class="wide" tabindex="0"><table>{inside}</table></div>', up)


def messages(title: str, rows: Sequence[Row], up: str) -> str:
    """Events as one reads a conversation, one's own side of it."""
    return page(title, "".join(_event(row, up) for row in rows), up)


def _event(row: Row, up: str) -> str:
    content = row["content"]
    when = f'<span class="soft">{_moment(row["origin_server_ts"])} · {escape(row["type"])}</span>'
    if row.get("removed"):
        return f"<article>{when}\n<em>removed</em></article>\n"
    body = content.get("body")
    said = body if isinstance(body, str) else json.dumps(content, ensure_ascii=False)
    file = row.get("file")
    link = f'\n<a href="{up}{quote(file)}">{escape(file)}</a>' if isinstance(file, str) else ""
    return f'<article>{when}\n<bdi dir="auto">{escape(said)}</bdi>{link}</article>\n'


def _moment(ts: object) -> str:
    if not isinstance(ts, int) or abs(ts) > _DATES * 1000:
        return ""
    return datetime.fromtimestamp(ts / 1000, UTC).strftime("%Y-%m-%d %H:%M")


def month(row: Row) -> str:
    """The month of an event, for the name of its file."""
    return _moment(row["origin_server_ts"])[:7] or "undated"


def _cell(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, dict | list):
        return (
            f'<bdi dir="auto">{escape(json.dumps(value, ensure_ascii=False, default=plain))}</bdi>'
        )
    text = value if isinstance(value, str) else str(plain(value))
    return f'<bdi dir="auto">{escape(text)}</bdi>'


def contents(pages: Sequence[Page]) -> str:
    """Links to the files of one kind."""
    links = (
        f'<a href="{quote(one.path)}.html">{escape(one.title)}</a>'
        f' <span class="soft">({one.rows}, <a href="{quote(one.path)}.json">JSON</a>)</span>'
        for one in pages
    )
    return "".join(f"<li>{link}</li>\n" for link in links)


def room(title: str, room_id: str, pages: Sequence[Page]) -> str:
    """A room with its months, folded."""
    count = sum(one.rows for one in pages)
    return (
        f"<li><details><summary><bdi>{escape(title)}</bdi>"
        f' <span class="soft">{escape(room_id)} ({count})</span></summary><ul>\n'
        f"{contents(pages)}</ul></details></li>\n"
    )


def index(
    user_id: str,
    made_at: datetime,
    parts: Mapping[str, Sequence[str]],
    left_out: Sequence[tuple[str, str]],
) -> str:
    """The first page.

    Args:
        user_id: whose archive it is.
        made_at: when.
        parts: heading → items as HTML.
        left_out: what is not inside, and why.
    """
    sections = "".join(
        f"<section><h2>{escape(name)}</h2>"
        f"<ul>\n{''.join(items) or '<li>Nothing</li>'}</ul></section>"
        for name, items in parts.items()
    )
    without = "".join(f"<tr><td>{escape(a)}</td><td>{escape(b)}</td></tr>" for a, b in left_out)
    return page(
        f"Everything about {user_id}",
        f'<p class="soft">Made {made_at:%Y-%m-%d %H:%M} UTC. The same is in JSON beside each page;'
        ' <a href="manifest.json">manifest.json</a> has the SHA-256 of every file and'
        ' <a href="missing.json">missing.json</a> what could not be had.</p>'
        f"{sections}<section><h2>What is inside, and what is not</h2>"
        '<div class="wide" tabindex="0">'
        f"<table><tbody>{without}</tbody></table></div></section>",
    )
