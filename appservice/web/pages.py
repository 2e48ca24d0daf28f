# SPDX-License-Identifier: AGPL-3.0-or-later
"""Drawing pages from templates, and the style sheet they share. No script, no foreign request."""

import hashlib
from importlib.resources import files
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from appservice.rest.access import Access
from appservice.rest.route import AnyRoute, Call, Route

_PAGES = Environment(
    loader=PackageLoader("appservice.web", "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_STYLE = (files("appservice.web") / "static" / "kith.css").read_text("utf-8")
_STYLE_TAG = hashlib.sha256(_STYLE.encode()).hexdigest()[:12]
STYLE_PATH = f"/assets/kith-{_STYLE_TAG}.css"
"""The name carries the content's hash, so that it can be cached for ever."""


def page(template: str, status: int = 200, **values: Any) -> web.Response:
    """One page as an answer."""
    text = _PAGES.get_template(template).render(style=STYLE_PATH, **values)
    return web.Response(
        status=status,
        text=text,
        content_type="text/html",
        charset="utf-8",
        headers={"Cache-Control": "no-store"},
    )


async def _style(_: Call[None, None]) -> web.Response:
    return web.Response(
        text=_STYLE,
        content_type="text/css",
        charset="utf-8",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


def routes() -> list[AnyRoute]:
    """The style sheet."""
    return [
        Route(
            method="GET",
            path=STYLE_PATH,
            access=Access.PUBLIC,
            summary="Style sheet",
            handler=_style,
        )
    ]
