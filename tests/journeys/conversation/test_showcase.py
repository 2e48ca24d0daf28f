# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens in a Matrix client to what somebody shows on their profile (S1)."""

import pytest

from tests.journeys.conversation.world import Element, Web, World
from tests.support.eventually import eventually

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


async def test_a_community_left_in_element_takes_its_card_with_it(
    world: World, alice: Web, bob: Element
) -> None:
    viewer = Web(world.stack, bob.user)
    space = {"type": "m.space"}
    status, made = await alice.user.create_room(
        preset="public_chat", name="Bike club", creation_content=space
    )
    assert status == 200, made
    room = str(made["room_id"])
    assert (await bob.user.join(room))[0] == 200
    for person in (alice.user_id, bob.user_id):
        await world.joined(person, room)
    path = f"/profile/{alice.user_id}"
    await alice.done("PUT", path, {"visibility_settings": {"servers_joined": "public"}})
    found = await alice.done("GET", "/me/showcase/candidates", collection="servers_joined")
    (club,) = found["showcase"]
    assert club["title"] == "Bike club"
    cards = [{"entity_id": club["entity_id"]}]
    await alice.done("PUT", f"{path}/showcase", {"collection": "servers_joined", "cards": cards})

    async def titles() -> list[str]:
        return [card["title"] for card in (await viewer.done("GET", path))["showcase"]]

    async def shown() -> bool:
        return await titles() == ["Bike club"]

    async def gone() -> bool:
        return await titles() == []

    # The community is not listed: bob may know of it since he is in it.
    await eventually(shown)
    assert (await alice.user.leave(room))[0] == 200
    await eventually(gone)
    (own,) = (await alice.done("GET", path))["showcase"]
    assert (own["title"], own["unavailable"]) == ("Bike club", "left")
    assert (await alice.user.join(room))[0] == 200
    await eventually(shown)
    assert (await bob.user.leave(room))[0] == 200
    await eventually(gone)
