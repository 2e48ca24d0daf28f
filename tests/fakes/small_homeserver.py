# SPDX-License-Identifier: AGPL-3.0-or-later
"""A homeserver in memory, as far as the REST door needs one: accounts, tokens, rooms."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from appservice.errors import HomeserverRefused, Unavailable
from appservice.homeserver.port import Json, Login
from policy.ids import localpart

PASSWORD = "sesame-1"


@dataclass
class FakeRoom:
    """One room: who made it how, and everybody's membership."""

    creator: str
    request: Mapping[str, Any]
    members: dict[str, str] = field(default_factory=dict)


class SmallHomeserver:
    """Implements `port.Homeserver` in part; the rest is unreachable from the REST door."""

    def __init__(self, server_name: str = "hs.test") -> None:
        self.server_name = server_name
        self.service_user = f"@kith:{server_name}"
        self.passwords: dict[str, str] = {}
        self.profiles: dict[str, Json] = {}
        self.tokens: dict[str, str] = {}
        self.logged_out: list[str] = []
        self.rooms: dict[str, FakeRoom] = {}
        self.account_data: dict[tuple[str, str], Json] = {}
        self.away = False
        self.refuse_with: HomeserverRefused | None = None
        self._numbers = itertools.count(1)

    def add(self, name: str, *, server: str | None = None, password: str = PASSWORD) -> str:
        """Make an account (or know a remote one); its user id."""
        user_id = f"@{name}:{server or self.server_name}"
        self.profiles[user_id] = {"displayname": name.title()}
        if server is None:
            self.passwords[user_id] = password
        return user_id

    def token_of(self, user_id: str) -> str:
        """A Matrix access token of an account."""
        token = f"syt_{localpart(user_id)}_{next(self._numbers)}"
        self.tokens[token] = user_id
        return token

    def _here(self) -> None:
        if self.away:
            raise Unavailable("homeserver")

    async def get_profile(self, user_id: str) -> Json | None:
        self._here()
        return self.profiles.get(user_id)

    async def whoami(self, access_token: str) -> str:
        self._here()
        if access_token not in self.tokens:
            raise HomeserverRefused(401, "M_UNKNOWN_TOKEN", "Unrecognised access token", None)
        return self.tokens[access_token]

    async def login(self, user_id: str, password: str) -> Login:
        self._here()
        if self.passwords.get(user_id) != password:
            raise HomeserverRefused(403, "M_FORBIDDEN", "Invalid username or password", None)
        return Login(user_id, self.token_of(user_id))

    async def logout(self, access_token: str) -> None:
        self._here()
        self.tokens.pop(access_token, None)
        self.logged_out.append(access_token)

    async def register(self, name: str, password: str, *, admin: bool = False) -> str:  # noqa: ARG002
        self._here()
        if f"@{name}:{self.server_name}" in self.passwords:
            raise HomeserverRefused(400, "M_USER_IN_USE", "User ID already taken.", None)
        return self.add(name, password=password)

    async def create_room(self, request: Mapping[str, Any], *, as_user: str | None) -> str:
        self._here()
        if self.refuse_with is not None:
            raise self.refuse_with
        room_id = f"!room{next(self._numbers)}"
        creator = as_user or self.service_user
        members = {creator: "join"} | dict.fromkeys(request.get("invite", ()), "invite")
        self.rooms[room_id] = FakeRoom(creator, request, members)
        return room_id

    async def invite(self, room_id: str, user_id: str, *, as_user: str | None) -> None:  # noqa: ARG002
        self._here()
        self.rooms[room_id].members[user_id] = "invite"

    async def join(self, room_id: str, *, as_user: str | None, via: Sequence[str] = ()) -> None:  # noqa: ARG002
        self._here()
        self.rooms[room_id].members[as_user or self.service_user] = "join"

    async def get_account_data(self, user_id: str, kind: str) -> Json | None:
        return self.account_data.get((user_id, kind))

    async def set_account_data(self, user_id: str, kind: str, content: Mapping[str, Any]) -> None:
        self.account_data[user_id, kind] = dict(content)
