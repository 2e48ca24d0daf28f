# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kith user create`: makes accounts through the doors a running instance has.

A person by Synapse's registration secret; an administrator by Kith's one-time link, so that
Kith's own staff table knows them.
"""

import asyncio
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp

from stack import settings
from stack.errors import StackError
from stack.layout import Layout
from stack.python import child_environment, run_module

_NAME = re.compile(r"[a-z0-9._=/+-]{1,200}")
_TIMEOUT = aiohttp.ClientTimeout(total=60)
SHORTEST_PASSWORD = 8


@dataclass(frozen=True, slots=True)
class Doors:
    """Where a running instance is reached."""

    server_name: str
    matrix: str
    web: str
    shared_secret: str | None = field(repr=False)
    as_token: str = field(default="", repr=False)

    @classmethod
    def of(cls, path: Path) -> "Doors":
        """Those of the `kith.yaml` of this start.

        Raises:
            StackError: the instance was never started.
        """
        found = settings.read(path)
        if not found:
            raise StackError("This instance was never started; run `kith up` first.")
        secret = found["synapse"].get("registration_shared_secret")
        service = found["appservice"]
        return cls(
            server_name=str(found["server_name"]),
            matrix=str(found["synapse"]["url"]).rstrip("/"),
            web=f"http://127.0.0.1:{service['port']}",
            shared_secret=str(secret) if secret else None,
            as_token=str(service.get("as_token") or ""),
        )


def create(layout: Layout, name: str, password: str, *, admin: bool) -> str:
    """Make an account in a running instance.

    Args:
        layout: the instance's data folder.
        name: the localpart.
        password: at least eight characters.
        admin: whether to make a server administrator and Kith staff.

    Returns:
        The user id.

    Raises:
        StackError: the name is taken or wrong, the password too short, nothing runs.
    """
    if not _NAME.fullmatch(name):
        raise StackError(f"{name!r} is not a user name; use a-z, 0-9 and . _ = / + - only.")
    if len(password) < SHORTEST_PASSWORD:
        raise StackError(f"The password needs at least {SHORTEST_PASSWORD} characters.")
    doors = Doors.of(layout.settings)
    try:
        if admin:
            return asyncio.run(_administrator(doors, layout.settings, name, password))
        return asyncio.run(_person(doors, name, password))
    except (aiohttp.ClientError, TimeoutError) as problem:
        raise StackError(f"Nothing answers on {doors.matrix}; run `kith up` first.") from problem


async def register(
    http: aiohttp.ClientSession, doors: Doors, name: str, password: str
) -> dict[str, Any]:
    """Make an account by the registration secret; gives Synapse's answer, token included.

    Raises:
        StackError: refused; the code `M_USER_IN_USE` is in the message when it exists.
    """
    if not doors.shared_secret:
        raise StackError(
            "The registration secret of the existing Synapse is not known; set "
            "KITH_SYNAPSE__REGISTRATION_SHARED_SECRET, or make the account there."
        )
    url = f"{doors.matrix}/_synapse/admin/v1/register"
    async with http.get(url) as answer:
        nonce = (await answer.json())["nonce"]
    parts = f"{nonce}\0{name}\0{password}\0notadmin".encode()
    mac = hmac.new(doors.shared_secret.encode(), parts, hashlib.sha1).hexdigest()
    body = {"nonce": nonce, "username": name, "password": password, "admin": False, "mac": mac}
    async with http.post(url, json=body) as answer:
        made: dict[str, Any] = await answer.json()
        if not answer.ok:
            raise StackError(f"{name} was not made: {made.get('error')} ({made.get('errcode')}).")
    return made


async def _person(doors: Doors, name: str, password: str) -> str:
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as http:
        made = await register(http, doors, name, password)
        # The token of the answer would live on as a device nobody uses.
        bearer = {"Authorization": f"Bearer {made['access_token']}"}
        async with http.post(f"{doors.matrix}/_matrix/client/v3/logout", headers=bearer, json={}):
            return str(made["user_id"])


async def _administrator(doors: Doors, path: Path, name: str, password: str) -> str:
    printed = await run_module("appservice", "setup-link", env=child_environment(path))
    link = printed.strip().splitlines()[-1]
    token = parse_qs(urlsplit(link).query)["token"][0]
    body = {"token": token, "name": name, "password": password}
    async with (
        aiohttp.ClientSession(timeout=_TIMEOUT) as http,
        http.post(f"{doors.web}/api/auth/setup", json=body) as answer,
    ):
        made = await answer.json(content_type=None)
        if not answer.ok:
            message = made.get("error", {}).get("message", f"HTTP {answer.status}")
            raise StackError(f"{name} was not made: {message}")
    return f"@{name}:{doors.server_name}"
