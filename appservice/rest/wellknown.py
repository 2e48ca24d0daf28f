# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Matrix clients and servers look up first (spec: server discovery; D37)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

CLIENT = "/.well-known/matrix/client"
SERVER = "/.well-known/matrix/server"
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, OPTIONS",
    "Access-Control-Allow-Headers": "X-Requested-With, Content-Type, Authorization",
    "Cache-Control": "public, max-age=3600",
}


def client(public_url: str) -> dict[str, Any]:
    """Where clients go; Element makes plain conversations unless a person asks (D37)."""
    quiet = {"default": False}
    return {
        "m.homeserver": {"base_url": public_url},
        "io.element.e2ee": quiet,
        "im.vector.riot.e2ee": quiet,
    }


def server(public_url: str) -> dict[str, str]:
    """Where other homeservers go: this origin, whose Matrix paths are passed on."""
    parts = urlsplit(public_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return {"m.server": f"{host}:{port}"}


def add(app: web.Application, public_url: str) -> None:
    """Serve both, to pages of any origin."""
    for path, content in ((CLIENT, client(public_url)), (SERVER, server(public_url))):
        app.router.add_route("GET", path, _answering(content))
        app.router.add_route("OPTIONS", path, _preflight)


def _answering(content: Mapping[str, Any]) -> Any:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(content, headers=_HEADERS)

    return answer


async def _preflight(_: web.Request) -> web.Response:
    return web.Response(status=204, headers=_HEADERS)
