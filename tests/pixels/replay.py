# SPDX-License-Identifier: AGPL-3.0-or-later
"""The built app with recorded answers in the server's place: always the same."""

import json
from typing import Any

from aiohttp import WSMsgType, web

from appservice.rest.openapi import COOKIE
from appservice.web.app import BUILT, POLICY, WebApp
from tests.pixels import calibration
from tests.pixels.tape import Answer, Tape

_NOBODY = "nobody"


class Replay:
    """Answers whom the cookie names as the tapes have it."""

    def __init__(self, app: WebApp, tapes: dict[str, Tape]) -> None:
        """Args: the app as the appservice serves it, and what each person was told."""
        self._app, self._tapes = app, tapes
        self.missing: list[str] = []
        """What was asked for and is in no tape."""

    def server(self) -> web.Application:
        """What listens."""
        made = web.Application(middlewares=[self._app.middleware()])
        made.router.add_get("/", self._front)
        made.router.add_get(calibration.PATH, _calibration)
        made.router.add_get(calibration.STYLE_PATH, _style)
        made.router.add_get("/ws/community/", self._socket)
        made.router.add_route("*", "/api/{rest:.*}", self._answer)
        return made

    async def _front(self, request: web.Request) -> web.Response:
        return self._app.page(request)

    def _tape(self, request: web.Request) -> Tape:
        return self._tapes[request.cookies.get(COOKIE, _NOBODY)]

    async def _answer(self, request: web.Request) -> web.Response:
        key = f"{request.method} {request.raw_path}"
        found = self._tape(request).find(key)
        if found is None:
            self.missing.append(key)
            found = Answer(404, "application/json", {"error": {"code": "not_found"}})
        return web.Response(
            status=found.status,
            body=found.content,
            content_type=found.kind or None,
            headers={"Cache-Control": "no-store"},
        )

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        frames = self._tape(request).frames
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json(frames["ready"])
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                said = self._said(frames, json.loads(message.data))
                if said is not None:
                    await socket.send_json(said)
        return socket

    def _said(self, frames: dict[str, Any], command: dict[str, Any]) -> dict[str, Any] | None:
        kind, re = command["type"], command.get("id")
        if kind == "ping":
            return {"v": 1, "event": "pong", "re": re}
        if kind == "unread":
            return frames["unread:snapshot"]
        if kind == "subscribe":
            found = frames.get(f"subscribed {command['room']}")
            if found is None:
                self.missing.append(f"subscribe {command['room']}")
                return None
            return {**found, "re": re}
        return None


async def _calibration(_: web.Request) -> web.Response:
    headers = {"Content-Security-Policy": POLICY}
    return web.Response(text=calibration.PAGE, content_type="text/html", headers=headers)


async def _style(_: web.Request) -> web.Response:
    return web.Response(text=calibration.style(BUILT), content_type="text/css")
