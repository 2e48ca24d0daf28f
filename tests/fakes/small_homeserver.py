# SPDX-License-Identifier: AGPL-3.0-or-later
"""The homeserver in memory as tests of the REST door use it: remote people, tokens, refusals."""

import itertools
from collections.abc import Mapping
from typing import Any

from policy.ids import localpart
from tests.fakes.homeserver import FakeHomeserver

PASSWORD = "sesame-1"


class SmallHomeserver(FakeHomeserver):
    """Also remembers what the door did to sign-ins, and refuses rooms when told to."""

    def __init__(self, server_name: str = "hs.test") -> None:
        super().__init__(server_name)
        self.logged_out: list[str] = []
        self.refuse_with: Exception | None = None
        self._handed_out = itertools.count(1)

    def add(self, name: str, password: str = PASSWORD, *, server: str | None = None) -> str:
        """Make an account (or know a remote one); its user id."""
        user_id = super().add(name, password) if server is None else f"@{name}:{server}"
        self.profiles[user_id] = {"displayname": name.title()}
        return user_id

    def token_of(self, user_id: str) -> str:
        """A Matrix access token of an account."""
        token = f"syt_{localpart(user_id)}_{next(self._handed_out)}"
        self.tokens[token] = user_id
        return token

    async def logout(self, access_token: str) -> None:
        await super().logout(access_token)
        self.logged_out.append(access_token)

    async def create_room(self, request: Mapping[str, Any], *, as_user: str | None) -> str:
        if self.refuse_with is not None:
            raise self.refuse_with
        return await super().create_room(request, as_user=as_user)
