# SPDX-License-Identifier: AGPL-3.0-or-later
"""The inbox and a group's admin by the API, on a real Synapse in both room versions."""

from typing import Any

import pytest

from tests.journeys.conversation.world import Web, World
from tests.support.eventually import eventually

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
TALKS = "/dm/conversations"


async def befriend(one: Web, other: Web) -> None:
    asked = await one.done("POST", f"/profile/{other.user_id}/friend-request")
    await other.done("POST", f"/friends/{asked['id']}/respond", {"action": "accept"})


async def entry(person: Web, room: str) -> dict[str, Any]:
    """The conversation in somebody's inbox, once it is there."""

    async def look() -> dict[str, Any] | None:
        found = (await person.done("GET", TALKS))["conversations"]
        return next((one for one in found if one["room_id"] == room), None)

    found = await eventually(look, within=60)
    assert found is not None
    return found


@pytest.mark.parametrize("version", ["12", "11"])
async def test_a_group_is_led_by_one(world: World, version: str) -> None:
    alice, bob, carol, dan = [
        await world.web(f"{name}{version}") for name in ("lead", "heir", "third", "fourth")
    ]
    for friend in (bob, carol):
        await befriend(alice, friend)
    await befriend(bob, dan)
    if version == "12":
        body = {"participants": [bob.user_id, carol.user_id], "name": "Three"}
        room = (await alice.done("POST", TALKS, body))["room_id"]
    else:
        # As any Matrix client makes one.
        status, made = await alice.user.create_room(
            preset="trusted_private_chat",
            invite=[bob.user_id, carol.user_id],
            room_version=version,
        )
        assert status == 200, made
        room = made["room_id"]
    one = await entry(bob, room)
    assert (one["request"], one["invited_by"]["user_id"]) == (True, alice.user_id)
    path = f"{TALKS}/{one['id']}"
    for person in (bob, carol):
        assert (await person.done("POST", f"{path}/accept"))["my_role"] == "member"
    said = await alice.say(room, "welcome\nall of you")

    async def told() -> bool:
        last = (await entry(bob, room))["last_message"]
        return bool(last and last["excerpt"] == "welcome all of you")

    await eventually(told, within=60)
    one = await entry(bob, room)
    assert (one["unread"], one["last_message"]["ts"]) == (1, said["ts"])
    assert (await alice.done("PATCH", path, {"name": "Ours"}))["name"] == "Ours"
    status, refused = await bob.ask("PATCH", path, {"name": "Mine"})
    assert (status, refused["error"]["code"]) == (403, "group_admin")
    assert (await alice.done("POST", f"{path}/hand-over", {"user_id": bob.user_id}))[
        "my_role"
    ] == "member"

    async def obeyed() -> bool:
        status, _ = await bob.ask("PATCH", path, {"name": "Bob's"})
        return status == 200

    # The modules hear of the new admin a moment after the registry has it.
    await eventually(obeyed, within=60)
    status, answer = await alice.user.put_state(room, "m.room.name", {"name": "still mine"})
    assert status == 403, answer
    await bob.done("POST", f"{path}/participants", {"user_id": dan.user_id})
    await dan.done("POST", f"{path}/decline")
    heir = alice
    if version == "11":
        await bob.done("DELETE", f"{path}/participants/{alice.user_id}")
        heir = carol
    await bob.done("POST", f"{path}/leave")

    async def inherited() -> bool:
        status, found = await heir.ask("GET", path)
        return bool(status == 200 and found["my_role"] == "admin")

    await eventually(inherited, within=60)
    await eventually(lambda: _renames(heir, path), within=60)


async def _renames(person: Web, path: str) -> bool:
    status, _ = await person.ask("PATCH", path, {"name": "Last"})
    return status == 200
