# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two HTTP doors of a Synapse that Kith opens with a person's secrets: sign-up and OpenID."""

from typing import Any

from aiohttp import web


class FakeSynapseDoors:
    """An application that answers as Synapse does."""

    def __init__(self) -> None:
        self.flows: list[list[str]] = [["m.login.dummy"]]
        self.tokens = {"good"}
        self.names: set[str] = set()
        self.subjects: dict[str, str] = {}
        self.forwarded: list[str] = []
        self.app = web.Application()
        self.app.router.add_post("/_matrix/client/v3/register", self._register)
        self.app.router.add_get("/_matrix/federation/v1/openid/userinfo", self._userinfo)

    async def _userinfo(self, request: web.Request) -> web.Response:
        subject = self.subjects.get(request.query["access_token"])
        if subject is None:
            return web.json_response({"errcode": "M_UNKNOWN_TOKEN"}, status=401)
        return web.json_response({"sub": subject})

    async def _register(self, request: web.Request) -> web.Response:
        self.forwarded.append(request.headers["X-Forwarded-For"])
        body: dict[str, Any] = await request.json()
        if not self.flows:
            return _error(403, "M_FORBIDDEN", "Registration has been disabled")
        if body["username"] in self.names:
            return _error(400, "M_USER_IN_USE", "User ID already taken.")
        auth = body.get("auth")
        answer: dict[str, Any] = {
            "session": "s",
            "flows": [{"stages": stages} for stages in self.flows],
            "completed": [],
        }
        if auth is None:
            return web.json_response(answer, status=401)
        if auth["type"] not in self.flows[0] or (
            auth["type"] == "m.login.registration_token" and auth["token"] not in self.tokens
        ):
            wrong = {**answer, "errcode": "M_UNAUTHORIZED", "error": "Invalid token"}
            return web.json_response(wrong, status=401)
        self.names.add(body["username"])
        return web.json_response({"user_id": f"@{body['username']}:hs.test"})


def _error(status: int, errcode: str, sentence: str) -> web.Response:
    return web.json_response({"errcode": errcode, "error": sentence}, status=status)
