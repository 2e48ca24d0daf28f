# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small Matrix client for tests: one person, one token, plain requests.

For journeys with sync and encryption use matrix-nio; this one shows status and body as they are.
"""

import hashlib
import hmac
import itertools
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import aiohttp

_TRANSACTIONS = itertools.count(1)
PASSWORD = "test-password"


class MatrixUser:
    """A signed-in person."""

    def __init__(self, http: aiohttp.ClientSession, base: str, user_id: str, token: str) -> None:
        self.http, self.base, self.user_id, self.token = http, base, user_id, token

    async def request(
        self, method: str, path: str, body: Any = None, **query: str
    ) -> tuple[int, Any]:
        """Status and JSON of `path` below /_matrix (or absolute when it starts with /_)."""
        url = self.base + (path if path.startswith("/_") else f"/_matrix/client/v3{path}")
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.http.request(
            method, url, json=body, params=query, headers=headers
        ) as answer:
            return answer.status, await answer.json(content_type=None)

    async def create_room(self, **body: Any) -> tuple[int, Any]:
        """Ask for a room; the answer as it came."""
        return await self.request("POST", "/createRoom", body)

    async def invite(self, room: str, user: str) -> tuple[int, Any]:
        """Invite as it was answered."""
        return await self.request("POST", f"/rooms/{quote(room)}/invite", {"user_id": user})

    async def join(self, room: str) -> tuple[int, Any]:
        """Join by room id or alias."""
        return await self.request("POST", f"/join/{quote(room)}", {})

    async def leave(self, room: str) -> tuple[int, Any]:
        """Leave, or refuse an invite."""
        return await self.request("POST", f"/rooms/{quote(room)}/leave", {})

    async def send(self, room: str, content: Any, kind: str = "m.room.message") -> tuple[int, Any]:
        """Send an event; a string becomes a text message."""
        if isinstance(content, str):
            content = {"msgtype": "m.text", "body": content}
        path = f"/rooms/{quote(room)}/send/{kind}/t{next(_TRANSACTIONS)}"
        return await self.request("PUT", path, content)

    async def put_state(
        self, room: str, kind: str, content: Any, key: str = ""
    ) -> tuple[int, Any]:
        """Send a state event."""
        return await self.request("PUT", f"/rooms/{quote(room)}/state/{kind}/{key}", content)

    async def messages(self, room: str) -> list[Any]:
        """The newest hundred events of a room, newest first."""
        path = f"/rooms/{quote(room)}/messages"
        status, body = await self.request("GET", path, dir="b", limit="100")
        assert status == 200, body
        return list(body["chunk"])

    async def invites(self) -> list[str]:
        """Rooms this person is invited to now."""
        status, body = await self.request("GET", "/sync", timeout="0")
        assert status == 200, body
        return list(body.get("rooms", {}).get("invite", {}))


class Matrix:
    """One homeserver's client API, and people made with its registration secret."""

    def __init__(self, base: str, server_name: str, shared_secret: str) -> None:
        self.base, self.server_name, self._secret = base, server_name, shared_secret
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._http:
            await self._http.close()

    @property
    def http(self) -> aiohttp.ClientSession:
        assert self._http, "enter it first"
        return self._http

    def anonymous(self) -> MatrixUser:
        """Nobody: requests without a token."""
        return MatrixUser(self.http, self.base, "", "")

    def as_user(self, user_id: str, token: str, base: str | None = None) -> MatrixUser:
        """Somebody whose token is known; `base` picks another process or port."""
        return MatrixUser(self.http, base or self.base, user_id, token)

    async def register(self, name: str, *, admin: bool = False) -> MatrixUser:
        """A new account, signed in."""
        nobody = self.anonymous()
        _, answer = await nobody.request("GET", "/_synapse/admin/v1/register")
        parts = [answer["nonce"], name, PASSWORD, "admin" if admin else "notadmin"]
        mac = hmac.new(self._secret.encode(), "\0".join(parts).encode(), hashlib.sha1)
        body = {
            "nonce": answer["nonce"],
            "username": name,
            "password": PASSWORD,
            "admin": admin,
            "mac": mac.hexdigest(),
        }
        status, made = await nobody.request("POST", "/_synapse/admin/v1/register", body)
        assert status == 200, made
        return self.as_user(made["user_id"], made["access_token"])
