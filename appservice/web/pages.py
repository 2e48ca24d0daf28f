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
_ICON = (files("appservice.web") / "static" / "kith.svg").read_text("utf-8")


def _path(content: str, suffix: str) -> str:
    # The name carries the content's hash, so that it can be cached for ever.
    return f"/assets/kith-{hashlib.sha256(content.encode()).hexdigest()[:12]}.{suffix}"


STYLE_PATH = _path(_STYLE, "css")
ICON_PATH = _path(_ICON, "svg")


def page(template: str, status: int = 200, **values: Any) -> web.Response:
    """One page as an answer."""
    text = _PAGES.get_template(template).render(style=STYLE_PATH, icon=ICON_PATH, **values)
    return web.Response(
        status=status,
        text=text,
        content_type="text/html",
        charset="utf-8",
        headers={"Cache-Control": "no-store"},
    )


def routes() -> list[AnyRoute]:
    """The style sheet and the icon."""
    return [
        _asset(STYLE_PATH, "Style sheet", _STYLE, "text/css"),
        _asset(ICON_PATH, "Icon", _ICON, "image/svg+xml"),
    ]


def _asset(path: str, summary: str, content: str, kind: str) -> AnyRoute:
    async def answer(_: Call[None, None]) -> web.Response:
        return web.Response(
            text=content,
            content_type=kind,
            charset="utf-8",
            headers={"Cache-Control": "public, max-age=31536000, immutable"},
        )

    return Route(method="GET", path=path, access=Access.PUBLIC, summary=summary, handler=answer)
