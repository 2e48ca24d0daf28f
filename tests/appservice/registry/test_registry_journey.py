# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the appservice makes of things Synapse asks no module about, on a whole stack."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from appservice.database import Database
from stack.postgres import Postgres
from stack.redis import Redis
from tests.support.eventually import eventually
from tests.support.matrix import MatrixUser
from tests.support.stack import TestStack

pytestmark = pytest.mark.journey
LONG = 30.0


@pytest.fixture
async def stack(
    migrated: Postgres, redis_server: Redis, tmp_path: Path
) -> AsyncIterator[TestStack]:
    async with TestStack(migrated, redis_server, tmp_path) as running:
        yield running


@pytest.fixture
async def kith(stack: TestStack) -> AsyncIterator[Database]:
    async with Database(stack.database.url, size=2) as opened:
        yield opened


async def has(kith: Database, sql: str, **params: Any) -> bool:
    return bool(await kith.read(sql, params))


async def befriend(kith: Database, one: MatrixUser, other: MatrixUser) -> None:
    pair = {"a": one.user_id, "b": other.user_id}
    known = "SELECT 1 FROM people WHERE user_id = %(a)s OR user_id = %(b)s"

    async def both_known() -> bool:
        return len(await kith.read(known, pair)) == 2

    await eventually(both_known, within=LONG)
    async with kith.transaction() as tx:
        await tx.read(
            "INSERT INTO friendships (user_id, friend_id, created_at)"
            " VALUES (%(a)s, %(b)s, now()), (%(b)s, %(a)s, now())",
            pair,
        )


async def test_synapse_tells_nobody_and_kith_sees_to_it(stack: TestStack, kith: Database) -> None:
    alice, bob = await stack.register("alice"), await stack.register("bob")
    admin = await stack.register("root", admin=True)
    await befriend(kith, alice, bob)
    await _a_group_passes_on_when_its_admin_leaves(stack, kith, alice, bob)
    await _an_admins_invite_is_declined(kith, admin, bob)
    await _a_ban_of_a_stranger_ends_room_making(kith, alice, admin)
    await _an_ignore_is_a_block_and_back(kith, bob, admin)
    await _a_deactivated_account_loses_its_friends(kith, alice, admin)


async def _a_group_passes_on_when_its_admin_leaves(
    stack: TestStack, kith: Database, alice: MatrixUser, bob: MatrixUser
) -> None:
    carol = await stack.register("carol")
    await befriend(kith, alice, carol)
    for version in ("11", "12"):
        status, made = await alice.create_room(
            preset="trusted_private_chat",
            is_direct=True,
            invite=[bob.user_id, carol.user_id],
            room_version=version,
        )
        assert status == 200, made
        room = made["room_id"]
        for person in (carol, bob):
            assert (await person.join(room))[0] == 200
        assert (await alice.leave(room))[0] == 200

        async def inherited(room: str = room) -> bool:
            path = f"/rooms/{quote(room)}/state/m.room.power_levels"
            status, levels = await carol.request("GET", path)
            assert status == 200, levels
            users: dict[str, int] = levels["users"]
            return users.get(carol.user_id) == 100 and alice.user_id not in users

        await eventually(inherited, within=LONG)
        await eventually(lambda room=room: _gone(bob, room), within=LONG)  # type: ignore[misc]
        assert (await carol.put_state(room, "m.room.name", {"name": "ours"}))[0] == 200


async def _gone(witness: MatrixUser, room: str) -> bool:
    """Whether the service user, which came in to turn its key, has left again."""
    status, found = await witness.request("GET", f"/rooms/{quote(room)}/joined_members")
    assert status == 200, found
    return "@kith:hs.test" not in found["joined"]


async def _an_admins_invite_is_declined(
    kith: Database, admin: MatrixUser, bob: MatrixUser
) -> None:
    status, made = await admin.create_room()
    assert status == 200, made
    status, body = await admin.invite(made["room_id"], bob.user_id)
    assert status == 200, body

    async def declined() -> bool:
        return await has(kith, "SELECT 1 FROM audit_log WHERE act = 'invite_rejected'")

    await eventually(declined, within=LONG)
    assert made["room_id"] not in await bob.invites()


async def _a_ban_of_a_stranger_ends_room_making(
    kith: Database, alice: MatrixUser, victim: MatrixUser
) -> None:
    _, made = await alice.create_room()
    path = f"/rooms/{quote(made['room_id'])}/ban"
    ban = {"user_id": victim.user_id, "reason": "read this"}
    status, body = await alice.request("POST", path, ban)
    assert status == 200, body

    async def refused() -> bool:
        status, body = await alice.create_room()
        return status == 403 and body.get("social.kith.reason") == "creation_suspended"

    await eventually(refused, within=LONG)
    assert await has(kith, "SELECT 1 FROM cases WHERE kind = 'ban_of_never_member'")


async def _an_ignore_is_a_block_and_back(
    kith: Database, bob: MatrixUser, other: MatrixUser
) -> None:
    path = f"/user/{quote(bob.user_id)}/account_data/m.ignored_user_list"
    await bob.request("PUT", path, {"ignored_users": {other.user_id: {}}})
    blocked = "SELECT 1 FROM blocks WHERE blocker = %(me)s"

    async def is_blocked() -> bool:
        return await has(kith, blocked, me=bob.user_id)

    await eventually(is_blocked, within=LONG)
    await bob.request("PUT", path, {"ignored_users": {}})

    async def is_free() -> bool:
        return not await is_blocked()

    await eventually(is_free, within=LONG)


async def _a_deactivated_account_loses_its_friends(
    kith: Database, alice: MatrixUser, admin: MatrixUser
) -> None:
    path = f"/_synapse/admin/v1/deactivate/{quote(alice.user_id)}"
    status, body = await admin.request("POST", path, {"erase": False})
    assert status == 200, body

    async def alone() -> bool:
        return not await has(kith, "SELECT 1 FROM friendships")

    await eventually(alone, within=LONG)
    assert await has(
        kith,
        "SELECT 1 FROM people WHERE user_id = %(a)s AND deactivated_at IS NOT NULL",
        a=alice.user_id,
    )
