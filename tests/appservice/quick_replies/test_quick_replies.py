# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio

import pytest

from tests.support.door import Answer, Door, Person

PATH = "/api/me/quick-replies"
NOBODYS = "00000000-0000-4000-8000-000000000000"


async def keep(person: Person, title: str, text: str = "x", **more: int) -> Answer:
    return await person.post(PATH, {"title": title, "text": text, **more})


async def titles(person: Person) -> list[str]:
    found = (await person.get(PATH)).body["quick_replies"]
    return [one["title"] for one in found]


async def test_they_are_kept_in_the_order_their_owner_gives_them(door: Door) -> None:
    alice = door.person("alice")
    made = [(await keep(alice, name)).body["id"] for name in ("a", "b", "c")]
    assert (await keep(alice, "first", position=0)).status == 201
    assert (await keep(alice, "far", position=49)).status == 201
    assert await titles(alice) == ["first", "a", "b", "c", "far"]
    moved = await alice.patch(f"{PATH}/{made[2]}", {"position": 1})
    assert (moved.status, moved.body["title"]) == (200, "c")
    assert await titles(alice) == ["first", "c", "a", "b", "far"]
    assert (await alice.delete(f"{PATH}/{made[0]}")).status == 204
    assert (await keep(alice, "a", position=2)).status == 201
    assert await titles(alice) == ["first", "c", "a", "b", "far"]
    places = await door.sql("SELECT place FROM quick_replies ORDER BY place")
    assert [row[0] for row in places] == list(range(5))


async def test_what_is_absent_stays(door: Door) -> None:
    alice = door.person("alice")
    made = (await keep(alice, "Thanks", "one\r\ntwo\tthree\u202e\x07 ")).body
    assert made["text"] == "one\ntwo\tthree"
    changed = (await alice.patch(f"{PATH}/{made['id']}", {"title": "THANKS"})).body
    assert changed == {**made, "title": "THANKS"}
    changed = (await alice.patch(f"{PATH}/{made['id']}", {"text": "new"})).body
    assert changed == {"id": made["id"], "title": "THANKS", "text": "new"}
    assert (await alice.patch(f"{PATH}/{made['id']}", {})).body == changed
    assert (await alice.get(PATH)).body == {"quick_replies": [changed]}


async def test_titles_differ(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await keep(alice, "Hi")
    second = (await keep(alice, "Bye")).body["id"]
    for answer in (
        await keep(alice, "hI"),
        await keep(alice, " Hi\n"),
        await alice.patch(f"{PATH}/{second}", {"title": "HI"}),
    ):
        assert (answer.status, answer.code) == (409, "title_taken")
    assert (await keep(bob, "Hi")).status == 201


@pytest.mark.parametrize(
    "body",
    [
        {"title": "", "text": "x"},
        {"title": "\u202e", "text": "x"},
        {"title": "x", "text": " \r\n "},
        {"title": "x" * 41, "text": "x"},
        {"title": "x", "text": "x" * 4_001},
        {"title": "x", "text": "x", "position": 50},
        {"title": "x", "text": "x", "position": -1},
        {"title": "x"},
    ],
)
async def test_what_cannot_be_kept_is_refused(door: Door, body: dict[str, object]) -> None:
    answer = await door.person("alice").post(PATH, body)
    assert (answer.status, answer.code) == (400, "invalid")


async def test_nobody_touches_those_of_others(door: Door) -> None:
    alice, eve = door.person("alice"), door.person("eve")
    made = (await keep(alice, "mine")).body
    assert await titles(eve) == []
    for path in (f"{PATH}/{made['id']}", f"{PATH}/{NOBODYS}", f"{PATH}/x"):
        assert (await eve.patch(path, {"title": "ours"})).status == 404
        assert (await eve.delete(path)).status == 404
    assert await titles(alice) == ["mine"]


async def test_fifty_are_enough_also_at_once(door: Door) -> None:
    alice = door.person("alice")
    for number in range(48):
        assert (await keep(alice, f"n{number}")).status == 201
    at_once = await asyncio.gather(*(keep(alice, f"m{number}") for number in range(5)))
    assert sorted(answer.status for answer in at_once) == [201, 201, 409, 409, 409]
    assert (await keep(alice, "more")).code == "quick_replies_full"
    assert len(await titles(alice)) == 50
