# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading in Element and in the web, with a real Synapse between them that is killed."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from stack.postgres import Postgres
from stack.redis import Redis
from tests.support.eventually import eventually
from tests.support.matrix import MatrixUser
from tests.support.stack import TestStack, Wish

pytestmark = pytest.mark.journey
SYNCS = itertools.count()
QUICK = {"rates": {"messages_per_minute": 1000, "messages_per_hour": 1000}}


@pytest.fixture
async def stack(
    migrated: Postgres, redis_server: Redis, tmp_path: Path
) -> AsyncIterator[TestStack]:
    async with TestStack(
        migrated, redis_server, tmp_path, Wish(worker=False, rules=QUICK)
    ) as running:
        yield running


class Web:
    """Somebody's requests to Kith."""

    def __init__(self, stack: TestStack, user: MatrixUser) -> None:
        self.user = user
        self.base = f"{stack.public_url}/api/v1"

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        headers = {"Authorization": f"Bearer {self.user.token}"}
        async with self.user.http.request(
            method, self.base + path, json=body, headers=headers
        ) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def unread(self, room: str) -> tuple[int, int] | None:
        for one in (await self.ask("GET", "/unread"))["rooms"]:
            if one["room_id"] == room:
                return one["unread"], one["mentions"]
        return None

    async def counts(self, room: str, unread: int, mentions: int = 0) -> None:
        """Wait until the counts are so."""

        async def so() -> bool:
            assert await self.unread(room) == (unread, mentions)
            return True

        await eventually(so, within=30)


async def sent(user: MatrixUser, room: str, body: str, **more: Any) -> str:
    status, answer = await user.send(room, {"msgtype": "m.text", "body": body, **more})
    assert status == 200, answer
    return str(answer["event_id"])


async def read(user: MatrixUser, room: str, event: str, kind: str = "m.read") -> None:
    path = f"/rooms/{quote(room)}/receipt/{kind}/{quote(event)}"
    status, answer = await user.request("POST", path, {})
    assert status == 200, answer


async def synced(user: MatrixUser, room: str) -> Any:
    # Synapse answers the very same request from its memory for two minutes.
    status, answer = await user.request("GET", "/sync", timeout=str(next(SYNCS)))
    assert status == 200, answer
    return answer["rooms"]["join"][room]


async def rooms(stack: TestStack, alice: MatrixUser, bob: MatrixUser) -> dict[str, str]:
    def trusted() -> None:
        with psycopg.connect(stack.database.url, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO people (user_id, local, messages, active_days)"
                " VALUES (%(who)s, true, 50, 20)"
                " ON CONFLICT (user_id) DO UPDATE SET messages = 50, active_days = 20",
                {"who": alice.user_id},
            )

    await asyncio.to_thread(trusted)
    found = {}
    for version in ("12", "11"):
        status, body = await alice.create_room(preset="public_chat", room_version=version)
        assert status == 200, body
        found[version] = str(body["room_id"])
        assert (await bob.join(found[version]))[0] == 200
    return found


async def test_element_and_the_web_agree_on_what_is_read(stack: TestStack) -> None:
    alice, bob = await stack.register("alice"), await stack.register("bob")
    web = Web(stack, bob)
    made = await rooms(stack, alice, bob)
    for room in made.values():
        named = {"m.mentions": {"user_ids": [bob.user_id]}}
        one, two = await sent(alice, room, "one"), await sent(alice, room, "two", **named)
        await web.counts(room, 2, 1)
        # In Element first: publicly, then privately.
        await read(bob, room, one)
        await web.counts(room, 1, 1)
        assert (await Web(stack, alice).ask("GET", f"/rooms/{room}/receipts"))["items"][0][
            "event_id"
        ] == one
        await read(bob, room, two, "m.read.private")
        await web.counts(room, 0)
        told = (await Web(stack, alice).ask("GET", f"/rooms/{room}/receipts"))["items"]
        assert [item["event_id"] for item in told] == [one]
        # Then in the web: Element's badge goes too, and others see the receipt.
        three = await sent(alice, room, "three")
        await web.counts(room, 1)
        assert (await synced(bob, room))["unread_notifications"]["notification_count"] == 1
        answer = await web.ask("POST", f"/rooms/{room}/read", {"event_id": three})
        assert (answer["unread"], answer["read_event_id"]) == (0, three)
        seen = await synced(bob, room)
        assert seen["unread_notifications"]["notification_count"] == 0
        marker = [e for e in seen["account_data"]["events"] if e["type"] == "m.fully_read"]
        assert marker[0]["content"]["event_id"] == three
        # A removed message is no longer unread.
        four = await sent(alice, room, "four")
        await web.counts(room, 1)
        path = f"/rooms/{quote(room)}/redact/{quote(four)}/r{room}"
        assert (await alice.request("PUT", path, {}))[0] == 200
        await web.counts(room, 0)

    room = made["12"]
    await _muting(web, alice, bob, room)
    await _rights(stack, alice, bob, made)
    await _killed(stack, web, alice, room)


async def _muting(web: Web, alice: MatrixUser, bob: MatrixUser, room: str) -> None:
    await web.ask("PUT", f"/rooms/{room}/mute", {"muted": True})
    five = await sent(alice, room, "five")
    await web.ask("POST", f"/rooms/{room}/read", {"event_id": five})
    await sent(alice, room, "six")
    named = {"m.mentions": {"user_ids": [bob.user_id]}}
    await sent(alice, room, "seven", **named)
    await web.counts(room, 0, 1)
    assert (await synced(bob, room))["unread_notifications"]["notification_count"] == 1
    await web.ask("PUT", f"/rooms/{room}/mute", {"muted": False})
    await web.counts(room, 2, 1)


async def _rights(
    stack: TestStack, alice: MatrixUser, bob: MatrixUser, made: dict[str, str]
) -> None:
    for version, room in made.items():
        hers = await Web(stack, alice).ask("GET", f"/rooms/{room}")
        his = await Web(stack, bob).ask("GET", f"/rooms/{room}")
        assert all(hers["can"].values())
        assert [name for name, may in his["can"].items() if may] == ["send"]
        assert hers["room_version"] == version
        members = (await Web(stack, bob).ask("GET", f"/rooms/{room}/members"))["members"]
        roles = {one["user_id"]: one["role"] for one in members}
        top = "owner" if version == "12" else "admin"
        assert roles == {alice.user_id: top, bob.user_id: "member"}


async def _killed(stack: TestStack, web: Web, alice: MatrixUser, room: str) -> None:
    """A receipt whose push nobody hears is found all the same."""
    last = await sent(alice, room, "last")

    async def there() -> bool:
        return bool(await web.unread(room) != (0, 0))

    await eventually(there, within=60)
    stack.children["appservice"].kill()
    await read(web.user, room, last)
    stack.children["Synapse"].kill()

    async def agreed() -> bool:
        try:
            return await web.unread(room) == (0, 0)
        except (OSError, AssertionError):
            return False

    await eventually(agreed, within=90)
