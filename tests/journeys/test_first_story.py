# SPDX-License-Identifier: AGPL-3.0-or-later
"""The story of the README with an everyday client library, through Kith's one origin.

matrix-nio stands for every client that knows nothing of Kith.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import nio
import pytest

from stack.postgres import Postgres
from stack.redis import Redis
from tests.support.eventually import eventually
from tests.support.stack import TestStack, Wish

pytestmark = pytest.mark.journey


@pytest.fixture(params=["12", "11"])
async def stack(
    migrated: Postgres, redis_server: Redis, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[TestStack]:
    wish = Wish(room_version=request.param)
    async with TestStack(migrated, redis_server, tmp_path, wish) as running:
        yield running


async def _client(stack: TestStack, name: str, exit_stack: AsyncExitStack) -> nio.AsyncClient:
    user = await stack.register(name)
    client = nio.AsyncClient(stack.public_url, user.user_id)
    client.restore_login(user.user_id, "TEST", user.token)
    exit_stack.push_async_callback(client.close)
    return client


async def _say(client: nio.AsyncClient, room: str, text: str) -> nio.Response:
    content = {"msgtype": "m.text", "body": text}
    return await client.room_send(room, "m.room.message", content)


async def _prompt(client: nio.AsyncClient, part: str) -> tuple[str, nio.RoomMessage]:
    """The room and event in which the bot said something with these words."""

    async def look() -> tuple[str, nio.RoomMessage] | None:
        answer = await client.sync(timeout=500)
        assert isinstance(answer, nio.SyncResponse), answer
        for room, joined in answer.rooms.join.items():
            for event in joined.timeline.events:
                if isinstance(event, nio.RoomMessage) and part in event.source["content"]["body"]:
                    return room, event
        return None

    return await eventually(look, within=40)


async def test_strangers_become_friends_talk_and_part(stack: TestStack) -> None:
    async with AsyncExitStack() as exit_stack:
        dave = await _client(stack, "dave", exit_stack)
        alice = await _client(stack, "alice", exit_stack)

        refused = await dave.room_create(is_direct=True, invite=[alice.user_id])
        assert isinstance(refused, nio.RoomCreateError)
        assert refused.status_code == "M_FORBIDDEN"
        assert "Send a friend request first" in refused.message

        own = await dave.room_create()
        assert isinstance(own, nio.RoomCreateResponse)
        later = await dave.room_invite(own.room_id, alice.user_id)
        assert isinstance(later, nio.RoomInviteError)

        asked = await _say(dave, own.room_id, f"!kith befriend {alice.user_id} we met at the fair")
        assert isinstance(asked, nio.RoomSendResponse)
        room, event = await _prompt(alice, "would like to be your friend")
        relation = {"rel_type": "m.annotation", "event_id": event.event_id, "key": "✅"}
        await alice.room_send(room, "m.reaction", {"m.relates_to": relation})
        await _prompt(dave, "accepted your friend request")

        made = await dave.room_create(is_direct=True, invite=[alice.user_id])
        assert isinstance(made, nio.RoomCreateResponse)
        assert isinstance(await alice.join(made.room_id), nio.JoinResponse)
        assert isinstance(await _say(dave, made.room_id, "hello"), nio.RoomSendResponse)
        assert isinstance(await _say(alice, made.room_id, "hello"), nio.RoomSendResponse)

        await _say(alice, room, f"!kith unfriend {dave.user_id}")
        await _prompt(alice, "no longer friends")
        for person in (dave, alice):
            closed = await _say(person, made.room_id, "are you there?")
            assert isinstance(closed, nio.RoomSendError)
            assert closed.status_code == "M_FORBIDDEN"
