# SPDX-License-Identifier: AGPL-3.0-or-later
"""The accounts of a homeserver in memory: passwords, tokens, profiles, account data."""

import itertools
from collections.abc import Mapping
from typing import Any

from appservice.errors import HomeserverRefused, Unavailable
from appservice.homeserver.port import Json, Login


class FakeAccounts:
    """Implements `port.People`."""

    def __init__(self, server_name: str) -> None:
        self.server_name = server_name
        self.service_user = f"@kith:{server_name}"
        self.away = False
        self.passwords: dict[str, str] = {}
        self.admins: set[str] = set()
        self.profiles: dict[str, Json] = {}
        self.tokens: dict[str, str] = {}
        self.account_data: dict[tuple[str, str], Json] = {}
        self.deactivated: list[str] = []
        self._tokens = itertools.count(1)

    def add(self, name: str, password: str = "sesame") -> str:  # noqa: S107
        """Make a local account without a request; its user id."""
        user_id = f"@{name}:{self.server_name}"
        self.passwords[user_id] = password
        self.profiles[user_id] = {"displayname": name}
        return user_id

    def _present(self) -> None:
        if self.away:
            raise Unavailable("homeserver")

    async def get_profile(self, user_id: str) -> Json | None:
        self._present()
        return self.profiles.get(user_id)

    async def set_profile(self, user_id: str, field: str, value: Any) -> None:
        self._present()
        self.profiles[user_id][field] = value

    async def clear_profile(self, user_id: str, field: str) -> None:
        self._present()
        self.profiles.get(user_id, {}).pop(field, None)

    async def get_account_data(self, user_id: str, kind: str) -> Json | None:
        self._present()
        return self.account_data.get((user_id, kind))

    async def set_account_data(self, user_id: str, kind: str, content: Mapping[str, Any]) -> None:
        self._present()
        self.account_data[user_id, kind] = dict(content)

    async def account(self, user_id: str) -> Json:
        self._present()
        if user_id not in self.passwords:
            raise HomeserverRefused(403, "M_FORBIDDEN", "No such account here.", None)
        tokens = [token for token, owner in self.tokens.items() if owner == user_id]
        devices = [{"device_id": token, "user_id": user_id} for token in tokens]
        return {"devices": devices, "pushers": [], "threepids": []}

    async def whoami(self, access_token: str) -> str:
        self._present()
        if access_token not in self.tokens:
            raise HomeserverRefused(401, "M_UNKNOWN_TOKEN", "Invalid access token", None)
        return self.tokens[access_token]

    async def login(self, user_id: str, password: str) -> Login:
        self._present()
        if not password or self.passwords.get(user_id) != password:
            raise HomeserverRefused(403, "M_FORBIDDEN", "Invalid username or password", None)
        token = f"token{next(self._tokens)}"
        self.tokens[token] = user_id
        return Login(user_id, token)

    async def logout(self, access_token: str) -> None:
        self._present()
        self.tokens.pop(access_token, None)

    async def deactivate(self, user_id: str) -> None:
        self._present()
        if user_id not in self.passwords:
            raise HomeserverRefused(403, "M_FORBIDDEN", "Not registered", None)
        self.deactivated.append(user_id)
        self.passwords[user_id] = ""
        self.profiles.pop(user_id, None)
        self.tokens = {token: who for token, who in self.tokens.items() if who != user_id}

    async def register(self, localpart: str, password: str, *, admin: bool = False) -> str:
        self._present()
        if f"@{localpart}:{self.server_name}" in self.passwords:
            raise HomeserverRefused(400, "M_USER_IN_USE", "User ID already taken.", None)
        user_id = self.add(localpart, password)
        if admin:
            self.admins.add(user_id)
        return user_id

    async def register_service_user(self) -> None:
        self._present()
        if self.service_user not in self.passwords:
            self.add(self.service_user[1:].partition(":")[0], "")
