# SPDX-License-Identifier: AGPL-3.0-or-later
"""The front page and the API pages."""

from typing import Any

from aiohttp import web

from appservice.rest.access import Access
from appservice.rest.health import Health
from appservice.rest.route import AnyRoute, Call, Route
from appservice.settings import Settings
from appservice.web.app import WebApp
from appservice.web.pages import page

_POLICIES = {
    "closed": "made by the operator",
    "token": "with a registration token",
    "open": "open to everybody",
}
_NAMES = {
    "homeserver": "Homeserver",
    "database": "Database",
    "redis": "Live updates",
    "intake": "Event intake",
}


class Site:
    """Draws the pages; the API's description is handed in once it is made."""

    def __init__(self, settings: Settings, health: Health, app: WebApp | None) -> None:
        self._settings = settings
        self._health = health
        self._app = app
        self._document: dict[str, Any] = {}
        self._docs: dict[str, Any] = {}

    def describe(self, document: dict[str, Any], docs: dict[str, Any]) -> None:
        """Take the OpenAPI document and what the readable page shows of it."""
        self._document, self._docs = document, docs

    def table(self) -> list[AnyRoute]:
        """The routes."""
        pages = (
            ("/", "Front page", self.front),
            ("/about", "About this server", self.home),
            ("/api/docs", "API page", self.docs),
            ("/api/openapi.json", "OpenAPI 3.1 description", self.openapi),
        )
        return [
            Route(method="GET", path=path, access=Access.PUBLIC, summary=summary, handler=handler)
            for path, summary, handler in pages
        ]

    async def front(self, call: Call[None, None]) -> web.Response:
        """The web app where it is built, else what runs here."""
        return self._app.page(call.request) if self._app else await self.home(call)

    async def home(self, _: Call[None, None]) -> web.Response:
        """What runs and how to use it."""
        parts = await self._health.parts()
        return page(
            "home.html",
            server_name=self._settings.server_name,
            public_url=self._settings.public_url,
            service_user=self._settings.service_user,
            friends_first=self._settings.rules.dm.require_friendship,
            registration=_POLICIES[self._settings.registration],
            parts={_NAMES.get(name, name): up for name, up in parts.items()},
        )

    async def docs(self, _: Call[None, None]) -> web.Response:
        """The API for people."""
        return page("docs.html", **self._docs)

    async def openapi(self, _: Call[None, None]) -> web.Response:
        """The API for programs."""
        return web.json_response(self._document)
