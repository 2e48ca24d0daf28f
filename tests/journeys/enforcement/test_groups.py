# SPDX-License-Identifier: AGPL-3.0-or-later
"""Groups made in any client: one admin, whom the modules and the power levels obey (D16, D25)."""

from urllib.parse import quote

import pytest

from tests.journeys.enforcement.types import People
from tests.journeys.enforcement.world import World, allowed, refused, soon_allowed, soon_refused
from tests.support.matrix import MatrixUser

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
KITH = "@kith:hs.test"


async def levels(person: MatrixUser, room: str) -> dict[str, object]:
    path = f"/rooms/{quote(room)}/state/m.room.power_levels"
    found: dict[str, object] = allowed(await person.request("GET", path))
    return found


async def kick(one: MatrixUser, room: str, other: MatrixUser) -> tuple[int, object]:
    return await one.request("POST", f"/rooms/{quote(room)}/kick", {"user_id": other.user_id})


@pytest.mark.parametrize("version", ["11", "12"])
async def test_a_group_obeys_its_admin_alone(world: World, people: People, version: str) -> None:
    alice, bob, carol, dan = await people("alice", "bob", "carol", "dan")
    for friend in (bob, carol, dan):
        world.befriend(alice, friend)
    world.befriend(bob, dan)
    made = await alice.create_room(
        preset="trusted_private_chat",
        is_direct=True,
        invite=[bob.user_id, carol.user_id],
        room_version=version,
        power_level_content_override={"users": {bob.user_id: 100}, "kick": 0, "invite": 0},
        initial_state=[
            {"type": "m.room.power_levels", "content": {"users": {bob.user_id: 100}}},
        ],
    )
    room = allowed(made)["room_id"]
    for person in (bob, carol):
        allowed(await person.join(room))
    create = allowed(await alice.request("GET", f"/rooms/{quote(room)}/state/m.room.create"))
    found = await levels(alice, room)
    if version == "12":
        assert create["additional_creators"] == [KITH]
        assert found["users"] == {}
    else:
        assert "additional_creators" not in create
        assert found["users"] == {alice.user_id: 100, KITH: 1000}
    assert (found["kick"], found["invite"]) == (50, 0)
    group = (alice, bob, carol)
    world.register_room(room, "dm", *group, creator=alice.user_id, admin=alice.user_id)
    await soon_refused(lambda: bob.invite(room, dan.user_id), "group_admin")
    assert (await kick(bob, room, carol))[0] == 403
    assert (await bob.put_state(room, "m.room.name", {"name": "ours"}))[0] == 403
    allowed(await bob.send(room, "I only talk"))
    allowed(await alice.put_state(room, "m.room.name", {"name": "mine"}))
    # The role is handed on: power first, then the registry.
    users = {**found["users"], bob.user_id: 100}  # type: ignore[dict-item]
    users.pop(alice.user_id, None)
    allowed(await alice.put_state(room, "m.room.power_levels", {**found, "users": users}))
    world.sql("UPDATE rooms SET admin = %s WHERE room_id = %s", bob.user_id, room)
    await soon_refused(lambda: alice.invite(room, dan.user_id), "group_admin")
    renamed = await alice.put_state(room, "m.room.name", {"name": "still mine"})
    if version == "12":
        # Who made the room stands above all power, and is refused all the same.
        refused(renamed, "group_admin")
        refused(await alice.put_state(room, "m.room.power_levels", found), "group_admin")
    assert renamed[0] == 403
    await soon_allowed(lambda: bob.put_state(room, "m.room.name", {"name": "bob's"}))
    allowed(await bob.invite(room, dan.user_id))
    allowed(await kick(bob, room, carol))
    allowed(await alice.leave(room))


async def test_a_conversation_of_two_has_no_admin(world: World, people: People) -> None:
    alice, bob, carol = await people("alice", "bob", "carol")
    room = await world.dm(alice, bob, preset="trusted_private_chat")
    world.register_room(room, "dm", alice, bob, creator=alice.user_id)
    world.befriend(bob, carol)
    await soon_allowed(lambda: bob.put_state(room, "m.room.name", {"name": "us"}))
    allowed(await bob.invite(room, carol.user_id))
