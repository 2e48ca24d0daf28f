# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bot on a whole stack: Synapse with modules, appservice, worker, a plain Matrix client."""

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
from tests.support.stack import TestStack

pytestmark = pytest.mark.journey
KITH = "@kith:hs.test"


@pytest.fixture
async def stack(
    migrated: Postgres, redis_server: Redis, tmp_path: Path
) -> AsyncIterator[TestStack]:
    async with TestStack(migrated, redis_server, tmp_path) as running:
        yield running


async def joined(user: MatrixUser) -> list[str]:
    _, body = await user.request("GET", "/joined_rooms")
    return list(body["joined_rooms"])


async def heard(user: MatrixUser, part: str) -> tuple[str, dict[str, Any]] | None:
    """The room and event in which the bot said something with these words."""
    for room in await joined(user):
        for event in await user.messages(room):
            if event["sender"] == KITH and part in str(event["content"].get("body", "")):
                return room, event
    return None


async def test_a_request_is_made_and_answered_in_any_client(stack: TestStack) -> None:
    alice, bob = await stack.register("alice"), await stack.register("bob")
    rooms = await eventually(lambda: joined(alice), within=30)

    async def in_defaults() -> bool:
        return len(await joined(alice)) >= 2 and len(await joined(bob)) >= 2

    await eventually(in_defaults, within=30)
    rooms = await joined(alice)

    status, body = await alice.create_room(invite=[bob.user_id], is_direct=True)
    assert (status, body["social.kith.reason"]) == (403, "friendship_required")

    status, body = await alice.send(rooms[-1], "!kith befriend @bob we met at the fair")
    if status != 200:
        status, body = await alice.send(rooms[0], "!kith befriend @bob we met at the fair")
    assert status == 200, body
    room, prompt = await eventually(lambda: heard(bob, "would like to be your friend"), within=30)
    assert "we met at the fair" in prompt["content"]["body"]
    await eventually(lambda: heard(alice, "I have asked @bob:hs.test"), within=30)

    relation = {"rel_type": "m.annotation", "event_id": prompt["event_id"], "key": "👍🏽"}
    status, body = await bob.send(room, {"m.relates_to": relation}, "m.reaction")
    assert status == 200, body
    await eventually(lambda: heard(bob, "are friends now"), within=30)
    await eventually(lambda: heard(alice, "accepted your friend request"), within=30)

    status, body = await alice.create_room(invite=[bob.user_id], is_direct=True)
    assert status == 200, body
    await _the_bot_is_written_to(stack, bob, room)
    await _a_room_is_muted_in_a_client(stack, bob, rooms[0])
    await _slow_mode_is_set_by_a_word(stack, alice, bob)
    _no_log_tells(stack, alice.token, bob.token, "we met at the fair")


async def web(stack: TestStack, user: MatrixUser, method: str, path: str, body: Any = None) -> Any:
    """What somebody's web app asks of Kith."""
    headers = {"Authorization": f"Bearer {user.token}"}
    async with user.http.request(
        method, stack.public_url + path, json=body, headers=headers
    ) as answer:
        assert answer.status < 300, await answer.text()
        return await answer.json()


async def _the_bot_is_written_to(stack: TestStack, user: MatrixUser, room: str) -> None:
    """No friend of the bot's, and Synapse's own module lets the words through (D40)."""
    at = f"/api/v1/rooms/{quote(room, safe='')}"
    seen = await web(stack, user, "GET", at)
    assert (seen["kind"], seen["can"]["send"], seen["read_only"]) == ("dm", True, False)
    for number, say in enumerate(("!kith help", "hello?")):
        await web(stack, user, "POST", f"{at}/messages", {"text": say, "txn_id": f"b{number}"})
    await eventually(lambda: heard(user, "I look after friendship here"), within=30)
    # Anybody may begin one, too.
    status, body = await user.create_room(invite=[KITH], is_direct=True)
    assert status == 200, body
    status, body = await user.send(body["room_id"], "anybody there?")
    assert status == 200, body


async def _a_room_is_muted_in_a_client(stack: TestStack, user: MatrixUser, room: str) -> None:
    at = f"/api/v1/rooms/{quote(room, safe='')}"

    async def muted() -> bool:
        return bool((await web(stack, user, "GET", at))["muted"])

    async def heard_again() -> bool:
        return not await muted()

    rules = "/pushrules/global"
    everything = {
        "actions": [],
        "conditions": [{"kind": "event_match", "key": "room_id", "pattern": room}],
    }
    for path, rule in (
        (f"{rules}/room/{quote(room, safe='')}", {"actions": []}),
        (f"{rules}/override/{quote(room, safe='')}", everything),
    ):
        assert not await muted()
        assert (await user.request("PUT", path, rule))[0] == 200
        await eventually(muted, within=30)
        # Said again in Kith, it is so in the client.
        await web(stack, user, "PUT", f"{at}/mute", {"muted": False})
        assert (await user.request("GET", path))[0] == 404
    assert (await user.request("PUT", path, everything))[0] == 200
    await eventually(muted, within=30)
    assert (await user.request("DELETE", path))[0] == 200
    await eventually(heard_again, within=30)


async def _slow_mode_is_set_by_a_word(
    stack: TestStack, staff: MatrixUser, member: MatrixUser
) -> None:
    _, body = await staff.request("GET", "/directory/room/%23general:hs.test")
    room = body["room_id"]
    with psycopg.connect(stack.database.url) as kith:
        kith.execute("INSERT INTO staff VALUES (%s, 'moderator')", (staff.user_id,))
    status, body = await staff.send(room, "!kith slowmode 600")
    assert status == 200, body
    await eventually(lambda: heard(staff, "one message in 600 seconds"), within=30)
    await member.send(room, "the first one passes")
    status, body = await member.send(room, "the second one waits")
    assert (status, body["social.kith.reason"]) == (429, "slow_mode")
    assert body["retry_after_ms"] > 500_000


def _no_log_tells(stack: TestStack, *secrets: str) -> None:
    hidden = {*secrets, stack.as_token, stack.hs_token, stack.metrics_token}
    for name in ("appservice.log", "worker.log"):
        text = (stack.folder / name).read_text()
        assert text
        assert not [secret for secret in hidden if secret in text]
