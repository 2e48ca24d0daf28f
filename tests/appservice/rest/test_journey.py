# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public door over a real Synapse: sign-up, friends, a conversation, its end, and the logs."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from stack.postgres import Postgres
from stack.redis import Redis
from tests.support.eventually import eventually
from tests.support.stack import TestStack, Wish

pytestmark = pytest.mark.journey
PASSWORD = "a-long-enough-one"


class Visitor:
    """Somebody who knows one address only, and uses Kith's API and Matrix's there."""

    def __init__(self, http: aiohttp.ClientSession, base: str, name: str) -> None:
        self.http, self.base, self.name = http, base, name
        self.user_id = f"@{name}:hs.test"
        self.session = self.matrix = ""

    async def ask(
        self, method: str, path: str, body: object = None, *, matrix: bool = False
    ) -> tuple[int, Any]:
        token = self.matrix if matrix else self.session
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.http.request(
            method, self.base + path, json=body, headers=headers
        ) as answer:
            return answer.status, (await answer.json() if answer.status != 204 else None)

    async def arrive(self) -> None:
        """Sign up, then sign in as a Matrix app does, through the same address."""
        account = {"name": self.name, "password": PASSWORD, "session": "token"}
        status, body = await self.ask("POST", "/api/auth/register", account)
        assert status == 201, body
        login = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": self.name},
            "password": PASSWORD,
        }
        status, answer = await self.ask("POST", "/_matrix/client/v3/login", login)
        assert status == 200, answer
        self.session, self.matrix = body["session_token"], answer["access_token"]

    async def say(self, room_id: str, text: str) -> tuple[int, Any]:
        path = f"/_matrix/client/v3/rooms/{room_id}/send/m.room.message/{abs(hash(text))}"
        return await self.ask("PUT", path, {"msgtype": "m.text", "body": text}, matrix=True)

    async def data(self, kind: str) -> Any:
        path = f"/_matrix/client/v3/user/{self.user_id}/account_data/{kind}"
        return (await self.ask("GET", path, matrix=True))[1]


@pytest.fixture
async def stack(
    migrated: Postgres, redis_server: Redis, tmp_path: Path
) -> AsyncIterator[TestStack]:
    wish = Wish(
        registration="open", extra={"rc_registration": {"per_second": 50, "burst_count": 50}}
    )
    async with TestStack(migrated, redis_server, tmp_path, wish) as running:
        yield running


async def test_friends_talk_and_strangers_do_not(stack: TestStack) -> None:
    async with aiohttp.ClientSession() as http:
        alice, bob = (Visitor(http, stack.public_url, name) for name in ("alice", "bob"))
        await alice.arrive()
        await bob.arrive()
        room_id = await befriended(alice, bob)
        await parted(alice, bob, room_id)
        await signed_in_otherwise(alice)
        await gone(bob)
        written = "".join(log.read_text("utf-8", "replace") for log in stack.folder.rglob("*.log"))
        assert '"route"' in written
        secrets = (alice.session, alice.matrix, bob.session, stack.as_token, stack.hs_token)
        for secret in (*secrets, stack.metrics_token, PASSWORD):
            assert secret not in written


async def befriended(alice: Visitor, bob: Visitor) -> str:
    """Refused, asked, accepted, and then it goes through."""
    talk = ("POST", "/api/dm/conversations", {"participants": ["bob"]})
    status, body = await alice.ask(*talk)
    assert (status, body["error"]["code"]) == (409, "friendship_required")
    _, request = await alice.ask("POST", "/api/profile/bob/friend-request", {"message": "Hi"})
    await bob.ask("POST", f"/api/friends/{request['id']}/respond", {"action": "accept"})
    status, made = await alice.ask(*talk)
    assert status == 201, made
    status, same = await bob.ask("POST", "/api/dm/conversations", {"participants": ["alice"]})
    assert (status, same["id"]) == (200, made["id"])
    room_id = str(made["room_id"])
    assert (await alice.say(room_id, "hello"))[0] == 200
    assert (await bob.say(room_id, "hello back"))[0] == 200

    async def marked() -> bool:
        found = [(await one.data("m.direct")) for one in (alice, bob)]
        return found[0].get(bob.user_id) == found[1].get(alice.user_id) == [room_id]

    assert await eventually(marked, within=60)
    return room_id


async def parted(alice: Visitor, bob: Visitor, room_id: str) -> None:
    """A block freezes for both; the blocked one hears what a stranger hears."""
    assert (await alice.ask("POST", "/api/profile/bob/block"))[0] == 204

    async def frozen() -> bool:
        return (await bob.say(room_id, "still there?"))[0] == 403

    assert await eventually(frozen)
    _, refused = await bob.say(room_id, "hello?")
    assert refused["social.kith.reason"] == "friendship_required"
    _, told = await alice.say(room_id, "no")
    assert told["social.kith.reason"] == "blocked"

    async def ignored() -> bool:
        return bob.user_id in (await alice.data("m.ignored_user_list")).get("ignored_users", {})

    assert await eventually(ignored, within=60)


async def signed_in_otherwise(alice: Visitor) -> None:
    """By password and by OpenID token; neither leaves a device behind."""
    devices = (await alice.ask("GET", "/_matrix/client/v3/devices", matrix=True))[1]["devices"]
    login = {"user": "alice", "password": PASSWORD, "session": "token"}
    assert (await alice.ask("POST", "/api/auth/login", login))[0] == 200
    status, _ = await alice.ask("POST", "/api/auth/login", {**login, "password": "wrong"})
    assert status == 401
    path = f"/_matrix/client/v3/user/{alice.user_id}/openid/request_token"
    _, given = await alice.ask("POST", path, {}, matrix=True)
    status, entered = await alice.ask("POST", "/api/auth/openid", given)
    assert status == 200, entered
    assert entered["user"]["user_id"] == alice.user_id
    after = (await alice.ask("GET", "/_matrix/client/v3/devices", matrix=True))[1]["devices"]
    assert len(after) == len(devices)


async def gone(bob: Visitor) -> None:
    """A deactivated account loses its session."""
    auth = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": bob.user_id},
        "password": PASSWORD,
    }
    path = "/_matrix/client/v3/account/deactivate"
    status, answer = await bob.ask("POST", path, {"auth": auth}, matrix=True)
    assert status == 200, answer

    async def out() -> bool:
        return (await bob.ask("GET", "/api/me"))[0] == 401

    assert await eventually(out, within=30)
