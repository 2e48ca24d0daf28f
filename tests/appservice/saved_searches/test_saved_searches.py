# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
from typing import Any

import pytest

from tests.support.door import Answer, Door, Person

PATH = "/api/saved-searches"
NOBODYS = "00000000-0000-4000-8000-000000000000"


async def keep(person: Person, name: str, alerts: bool = False, **query: Any) -> Answer:
    return await person.post(PATH, {"name": name, "query": query, "alerts": alerts})


async def names(person: Person) -> list[str]:
    return [one["name"] for one in (await person.get(PATH)).body["searches"]]


async def results(person: Person, search_id: str, query: str = "") -> Answer:
    return await person.get(f"{PATH}/{search_id}/results{query}")


async def test_a_search_finds_what_its_question_finds(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    for title, price in (("Road bike", 900), ("City bike", 100), ("Lamp", 100)):
        await bob.post("/api/listings", {"title": title, "price_minor": price, "currency": "EUR"})
        door.clock.advance(seconds=1)
    kept = (
        await keep(alice, "Bikes", q="bike", seller="bob", sort="cheapest", currency="EUR")
    ).body
    assert kept["query"]["seller"] == bob.user_id
    first = (await results(alice, kept["id"], "?limit=1")).body
    assert [one["title"] for one in first["listings"]] == ["City bike"]
    rest = (await results(alice, kept["id"], f"?limit=1&cursor={first['next_cursor']}")).body
    assert [one["title"] for one in rest["listings"]] == ["Road bike"]
    assert rest["next_cursor"] is None
    await bob.post(f"/api/profile/{alice.user_id}/block")
    assert (await results(alice, kept["id"])).body["listings"] == []


async def test_what_is_absent_stays(door: Door) -> None:
    alice = door.person("alice")
    made = (await keep(alice, "Bikes", q="bike")).body
    assert (made["alerts"], made["query"]["q"], made["query"]["sort"]) == (False, "bike", "new")
    path = f"{PATH}/{made['id']}"
    assert (await alice.patch(path, {})).body == made
    changed = (await alice.patch(path, {"alerts": True})).body
    assert {**changed, "updated_at": None} == {**made, "alerts": True, "updated_at": None}
    changed = (await alice.patch(path, {"query": {"tags": "Old, #rare"}, "name": "BIKES"})).body
    assert (changed["name"], changed["query"]["tags"]) == ("BIKES", "old,rare")
    assert changed["query"]["q"] is None
    assert (await alice.get(PATH)).body == {"searches": [changed]}
    assert (await alice.delete(path)).status == 204
    assert await names(alice) == []


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "query": {}},
        {"name": "\u202e", "query": {}},
        {"name": "x" * 61, "query": {}},
        {"name": "x"},
        {"name": "x", "query": {"min_price": 5}},
        {"name": "x", "query": {"min_price": "5", "currency": "EUR"}},
        {"name": "x", "query": {"limit": 5}},
        {"name": "x", "query": {"seller": "not a name"}},
        {"name": "x", "query": {"sort": "best"}},
    ],
)
async def test_what_cannot_be_kept_is_refused(door: Door, body: dict[str, object]) -> None:
    answer = await door.person("alice").post(PATH, body)
    assert (answer.status, answer.code) == (400, "invalid")


async def test_nobody_touches_those_of_others(door: Door) -> None:
    alice, eve = door.person("alice"), door.person("eve")
    made = (await keep(alice, "mine")).body
    assert await names(eve) == []
    for path in (f"{PATH}/{made['id']}", f"{PATH}/{NOBODYS}", f"{PATH}/x"):
        assert (await eve.patch(path, {"name": "ours"})).status == 404
        assert (await eve.delete(path)).status == 404
        assert (await eve.get(f"{path}/results")).status == 404
    assert await names(alice) == ["mine"]


async def test_names_differ_and_fifty_are_enough_also_at_once(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    second = (await keep(alice, "second")).body["id"]
    await keep(alice, "First")
    for answer in (
        await keep(alice, "fIRST"),
        await alice.patch(f"{PATH}/{second}", {"name": "FIRST"}),
    ):
        assert (answer.status, answer.code) == (409, "title_taken")
    assert (await keep(bob, "First")).status == 201
    for number in range(46):
        assert (await keep(alice, f"n{number}")).status == 201
    at_once = await asyncio.gather(*(keep(alice, f"m{number}") for number in range(5)))
    assert sorted(answer.status for answer in at_once) == [201, 201, 409, 409, 409]
    assert (await keep(alice, "more")).code == "searches_full"
    assert len(await names(alice)) == 50
