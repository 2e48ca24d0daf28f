# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two servers with Kith each: half-made rooms go away, a friend's room is known as direct."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from stack.postgres import Postgres
from stack.redis import Redis
from tests.support.eventually import eventually
from tests.support.federation import Loopback
from tests.support.stack import TestStack, Wish

pytestmark = [pytest.mark.journey, pytest.mark.federation]
LONG = 40.0


@pytest.fixture
async def pair(
    migrated: Postgres, redis_server: Redis, tmp_path: Path
) -> AsyncIterator[tuple[TestStack, TestStack]]:
    async with AsyncExitStack() as exits:
        net = await exits.enter_async_context(Loopback(tmp_path, "a.test", "b.test"))
        stacks = []
        for name in ("a.test", "b.test"):
            folder = tmp_path / name
            folder.mkdir()
            wish = Wish(server_name=name, federation=net.federation(name))
            stack = TestStack(migrated, redis_server, folder, wish)
            stacks.append(await exits.enter_async_context(stack))
        yield stacks[0], stacks[1]


async def rows(stack: TestStack, sql: str, **params: Any) -> list[tuple[Any, ...]]:
    url = stack.database.url
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        cursor = await connection.execute(sql.encode(), params)
        return await cursor.fetchall() if cursor.description else []


async def befriend(stack: TestStack, one: str, other: str) -> None:
    people = {"a": one, "b": other}
    await rows(
        stack,
        "INSERT INTO people (user_id, local)"
        " VALUES (%(a)s, %(a)s LIKE %(own)s), (%(b)s, %(b)s LIKE %(own)s) ON CONFLICT DO NOTHING",
        own=f"%:{stack.wish.server_name}",
        **people,
    )
    await rows(
        stack,
        "INSERT INTO friendships (user_id, friend_id, created_at)"
        " VALUES (%(a)s, %(b)s, now()), (%(b)s, %(a)s, now())",
        **people,
    )


async def test_friends_on_two_servers(pair: tuple[TestStack, TestStack]) -> None:
    here, there = pair
    alice, bob = await here.register("alice"), await there.register("bob")
    await befriend(here, alice.user_id, bob.user_id)

    # The other server knows of no friendship and refuses: the room stands half-made.
    status, body = await alice.create_room(invite=[bob.user_id], is_direct=True)
    assert status == 403, body
    half = "SELECT args->>'room_id' FROM procrastinate_jobs WHERE task_name = %(n)s"

    async def noted() -> list[tuple[Any, ...]]:
        return await rows(here, half, n="rooms.clear_half_made")

    ((room,),) = await eventually(noted, within=LONG)
    _, body = await alice.request("GET", "/joined_rooms")
    assert room in body["joined_rooms"]
    await rows(
        here,
        "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE task_name = %(n)s",
        n="rooms.clear_half_made",
    )

    async def gone() -> bool:
        _, body = await alice.request("GET", "/joined_rooms")
        return room not in body["joined_rooms"]

    await eventually(gone, within=LONG)

    # Friends on both sides: the room works, and the invited side knows what it is.
    await befriend(there, alice.user_id, bob.user_id)
    status, body = await alice.create_room(invite=[bob.user_id], is_direct=True)
    assert status == 200, body
    room = body["room_id"]
    status, body = await bob.request("POST", f"/join/{quote(room)}?via=a.test", {})
    assert status == 200, body
    kind = "SELECT kind, people FROM rooms WHERE room_id = %(r)s"
    both = sorted([alice.user_id, bob.user_id])

    async def surveyed() -> bool:
        return await rows(there, kind, r=room) == [("dm", both)]

    await eventually(surveyed, within=LONG)
    status, body = await bob.send(room, "hello over there")
    assert status == 200, body
    await rows(there, "DELETE FROM friendships")

    async def frozen() -> bool:
        status, body = await bob.send(room, "still there?")
        return status == 403 and body.get("social.kith.reason") == "friendship_required"

    await eventually(frozen, within=LONG)
