# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search over all rooms on a real Synapse: everything one may read, nothing else, page by page."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.journeys.conversation.test_what_is_hidden import JOINED
from tests.journeys.conversation.world import Element, Web, World
from tests.support.eventually import eventually

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
SEARCH = "/v1/search"


async def found(who: Web, **query: str) -> list[str]:
    answer = await who.done("GET", SEARCH, **query)
    return [item["event_id"] for item in answer["items"]]


async def test_one_search_over_all_rooms_one_may_read(
    world: World, alice: Web, bob: Element
) -> None:
    reader = Web(world.stack, bob.user)
    open_room = await world.room("12", alice, bob, name="The pier")
    old_room = await world.room("11", alice, bob)
    late_room = await world.room("12", alice, **JOINED)
    # One person may open but a few forums a day.
    own_room = await world.room("12", await world.web("keeper"), alice)

    said: dict[str, dict[str, Any]] = {}
    for name, room in (
        ("pier", open_room),
        ("old", old_room),
        ("before", late_room),
        ("own", own_room),
    ):
        said[name] = await alice.say(room, f"a kingfisher at {name}")
    assert (await bob.user.join(late_room))[0] == 200
    await world.joined(bob.user_id, late_room)
    said["after"] = await alice.say(late_room, "the kingfisher again")
    mine = await bob.say(open_room, "kingfisher, https://birds.example/kingfisher")
    upload = await world.upload(alice, "wing.png")
    picture = await alice.say(old_room, "kingfisher wing", attachment={"upload_id": upload["id"]})
    ids = {name: one["event_id"] for name, one in said.items()}

    everything = await alice.done("GET", SEARCH, q="kingfisher")
    assert [item["event_id"] for item in everything["items"]] == [
        picture["event_id"],
        mine,
        ids["after"],
        ids["own"],
        ids["before"],
        ids["old"],
        ids["pier"],
    ]
    assert {room["room_id"] for room in everything["rooms"]} == {
        open_room,
        old_room,
        late_room,
        own_room,
    }
    assert "The pier" in {room["name"] for room in everything["rooms"]}
    # The other reads neither what was before them nor where they never were.
    theirs = [picture["event_id"], mine, ids["after"], ids["old"], ids["pier"]]
    assert await found(reader, q="kingfisher") == theirs

    pages: list[str] = []
    cursor: dict[str, str] = {}
    while len(pages) < len(theirs):
        page = await reader.done("GET", SEARCH, q="kingfisher", limit="2", **cursor)
        assert page["items"], "a page before the end holds something"
        pages += [item["event_id"] for item in page["items"]]
        cursor = {"cursor": page["next_cursor"]}
    assert pages == theirs

    # What is rare among many is found all the same, however short the page.
    assert await found(alice, q="kingfisher", sender=bob.user_id, limit="1") == [mine]
    assert await found(alice, q="kingfisher", has="link") == [mine]
    assert await found(alice, q="kingfisher", has="file") == [picture["event_id"]]
    assert await found(alice, q="kingfisher", room=old_room) == [picture["event_id"], ids["old"]]
    assert await found(alice, room=old_room, has="file") == [picture["event_id"]]
    assert await found(alice, q="kingfisher", to=str(said["pier"]["ts"])) == [ids["pier"]]
    assert await found(alice, q="kingfisher", **{"from": str(picture["ts"])}) == [
        picture["event_id"]
    ]

    # Whoever left finds nothing there any more; whom one blocked is not found.
    await reader.user.leave(old_room)
    assert await found(reader, q="kingfisher") == [mine, ids["after"], ids["pier"]]
    await alice.done("POST", f"/profile/{quote(bob.user_id)}/block")

    async def gone() -> bool:
        return mine not in await found(alice, q="kingfisher")

    assert await eventually(gone)
    status, refused = await reader.ask("GET", SEARCH, q="kingfisher", room=own_room)
    assert (status, refused["items"]) == (200, []), "in a room that is not theirs there is nothing"
    status, refused = await reader.ask("GET", SEARCH, sender=alice.user_id)
    assert (status, refused["error"]["code"]) == (400, "invalid")


async def test_an_edited_message_is_found_as_it_is_now(world: World, alice: Web) -> None:
    room = await world.room("12", alice)
    edited = await alice.say(room, "a wren")
    at = f"/v1/rooms/{quote(room, safe='')}/messages/{quote(edited['event_id'])}"
    await alice.done("PUT", at, {"text": "a nightjar"})
    (changed,) = (await alice.done("GET", SEARCH, q="nightjar"))["items"]
    assert (changed["event_id"], changed["body"]) == (edited["event_id"], "a nightjar")
    await alice.done("DELETE", at)
    assert await found(alice, q="nightjar") == []
