# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a seller does with a listing, and what others see of it."""

import asyncio
from typing import Any

import pytest

from tests.support.door import Answer, Door, Person

PATH = "/api/listings"
NOBODYS = "00000000-0000-4000-8000-000000000000"


async def post(person: Person, title: str = "Bike", **more: Any) -> dict[str, Any]:
    answer = await person.post(PATH, {"title": title, **more})
    assert answer.status == 201, answer.text
    body: dict[str, Any] = answer.body
    return body


async def titles(person: Person, query: str = "") -> list[str]:
    answer = await person.get(PATH + query)
    assert answer.status == 200, answer.text
    return [one["title"] for one in answer.body["listings"]]


async def staff(door: Door, name: str) -> Person:
    person = door.person(name)
    await person.get("/api/me")
    await door.sql(
        "INSERT INTO staff (user_id, role) VALUES (%(who)s, 'moderator')", who=person.user_id
    )
    return person


def fields(answer: Answer) -> list[str]:
    return [one["field"] for one in answer.body["error"]["details"]["fields"]]


async def test_everything_of_a_listing_is_kept_and_cleaned(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    made = await post(
        alice,
        " Road\r\nbike\u202e ",
        description=" one\r\ntwo\x07 ",
        price_minor=12_500,
        currency="EUR",
        tags=["#Bikes", "bikes", "Cafe\u0301 racer"],
        city="Berlin",
        country_code="DE",
        allow_messages=True,
    )
    assert (made["title"], made["description"]) == ("Road bike", "one\ntwo")
    assert (made["price_minor"], made["currency"]) == (12_500, "EUR")
    assert made["tags"] == ["bikes", "café racer"]
    assert (made["city"], made["country_code"], made["status"]) == ("Berlin", "DE", "open")
    assert made["own"] == {"allow_messages": True, "closed_by_staff": False, "close_reason": None}
    seen = (await bob.get(f"{PATH}/{made['id']}")).body
    assert seen == {**made, "mine": False, "own": None}
    row = (await bob.get(PATH)).body["listings"][0]
    assert row["excerpt"] == "one two"
    assert row["seller"]["user_id"] == alice.user_id


@pytest.mark.parametrize(
    "body",
    [
        {"title": ""},
        {"title": "\u202e"},
        {"title": "x" * 121},
        {"title": "x", "description": "x" * 4_001},
        {"title": "x", "price_minor": 5},
        {"title": "x", "currency": "EUR"},
        {"title": "x", "price_minor": -1, "currency": "EUR"},
        {"title": "x", "price_minor": 10**14 + 1, "currency": "EUR"},
        {"title": "x", "price_minor": 5, "currency": "XXX"},
        {"title": "x", "tags": [str(number) for number in range(11)]},
        {"title": "x", "tags": ["a,b"]},
        {"title": "x", "tags": ["#"]},
        {"title": "x", "tags": ["x" * 31]},
        {"title": "x", "country_code": "de"},
        {"title": "x", "status": "sold"},
        {"title": "x", "images": [NOBODYS] * 2},
        {"title": "x", "seller": "bob"},
    ],
)
async def test_what_cannot_be_kept_is_refused(door: Door, body: dict[str, object]) -> None:
    answer = await door.person("alice").post(PATH, body)
    assert (answer.status, answer.code) == (400, "invalid")


async def test_pictures_of_others_are_refused(door: Door) -> None:
    answer = await door.person("alice").post(PATH, {"title": "x", "images": [NOBODYS]})
    assert (answer.status, answer.code) == (400, "unknown_image")


async def test_the_same_mark_makes_one_listing_also_at_once(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    sent = [alice.post(PATH, {"title": "Bike", "txn_id": "one"}) for _ in range(4)]
    answers = await asyncio.gather(*sent)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["id"] for answer in answers}) == 1
    assert (await post(bob, txn_id="one"))["id"] != answers[0].body["id"]
    assert await titles(alice, "?seller=alice") == ["Bike"]


async def test_what_is_absent_stays_and_null_takes_away(door: Door) -> None:
    alice = door.person("alice")
    made = await post(alice, "Bike", price_minor=5, currency="EUR", city="Bonn", tags=["a"])
    path = f"{PATH}/{made['id']}"
    same = (await alice.patch(path, {})).body
    assert same == made
    changed = (await alice.patch(path, {"title": "Tandem", "city": None})).body
    assert (changed["title"], changed["city"], changed["tags"]) == ("Tandem", None, ["a"])
    assert changed["revision"] == 2
    half = await alice.patch(path, {"price_minor": None})
    assert (half.status, fields(half)) == (400, ["price_minor"])
    free = (await alice.patch(path, {"price_minor": None, "currency": None})).body
    assert (free["price_minor"], free["currency"], free["revision"]) == (None, None, 3)
    for body in ({"title": None}, {"title": ""}, {"tags": None}, {"status": None}):
        assert (await alice.patch(path, body)).status == 400


async def test_an_older_view_overwrites_nothing(door: Door) -> None:
    alice = door.person("alice")
    made = await post(alice)
    path = f"{PATH}/{made['id']}"
    assert (await alice.patch(path, {"title": "A", "revision": 1})).status == 200
    late = await alice.patch(path, {"title": "B", "revision": 1})
    assert (late.status, late.code) == (409, "listing_changed")
    assert late.body["error"]["details"] == {"revision": 2}
    assert (await alice.get(path)).body["title"] == "A"


async def test_the_life_of_a_listing(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    made = await post(alice, status="draft")
    path = f"{PATH}/{made['id']}"
    assert (await bob.get(path)).status == 404
    assert await titles(alice, "?seller=alice") == ["Bike"]
    assert await titles(alice) == []
    refused = await alice.patch(path, {"status": "sold"})
    assert (refused.status, refused.code) == (409, "listing_status")
    door.clock.advance(hours=1)
    opened = (await alice.post(f"{path}/reopen")).body
    assert opened["status"] == "open"
    assert opened["listed_at"] > made["listed_at"]
    assert await titles(bob) == ["Bike"]
    for status in ("reserved", "open", "sold"):
        door.clock.advance(hours=1)
        moved = (await alice.patch(path, {"status": status})).body
        assert (moved["status"], moved["listed_at"]) == (status, opened["listed_at"])
        assert (await bob.get(path)).body["status"] == status
    assert moved["closed_at"] is not None
    assert await titles(bob) == []
    assert await titles(bob, "?status=sold") == ["Bike"]
    closed = await alice.post(f"{path}/close", {"reason": "gone"})
    assert (closed.body["status"], closed.body["own"]["close_reason"]) == ("closed", "gone")
    assert (await alice.post(f"{path}/close")).body == closed.body
    assert (await bob.get(path)).status == 404
    assert await titles(bob, "?status=closed") == []
    assert await titles(alice, "?status=closed") == ["Bike"]
    again = (await alice.post(f"{path}/reopen")).body
    assert (again["status"], again["closed_at"]) == ("open", None)
    assert (await alice.delete(path)).status == 204
    assert (await alice.get(path)).status == 404


async def test_only_the_seller_writes(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    path = f"{PATH}/{(await post(alice))['id']}"
    for answer in (
        await bob.patch(path, {"title": "mine now"}),
        await bob.post(f"{path}/close"),
        await bob.post(f"{path}/reopen"),
        await bob.delete(path),
    ):
        assert (answer.status, answer.code) == (403, "forbidden")
    for unknown in (f"{PATH}/{NOBODYS}", f"{PATH}/x"):
        assert (await bob.patch(unknown, {"title": "x"})).status == 404
        assert (await bob.delete(unknown)).status == 404


async def test_staff_closes_for_good_and_it_is_logged(door: Door) -> None:
    alice, mod = door.person("alice"), await staff(door, "mod")
    made = await post(alice)
    draft = await post(alice, "Secret", status="draft")
    path = f"{PATH}/{made['id']}"
    assert (await mod.get(f"{PATH}/{draft['id']}")).status == 404
    assert (await mod.patch(path, {"title": "mine now"})).code == "forbidden"
    for _ in range(2):
        closed = await mod.post(f"{path}/close", {"reason": "Counterfeit"})
    told = await door.sql(
        "SELECT args FROM procrastinate_jobs WHERE task_name = 'bot.listing_note'"
    )
    assert list(told) == [({"listing_id": made["id"]},)], "its seller hears of it once"
    assert (closed.status, closed.body["own"]) == (200, None)
    assert (await mod.get(path)).body["status"] == "closed"
    own = (await alice.get(path)).body["own"]
    assert own == {"allow_messages": False, "closed_by_staff": True, "close_reason": "Counterfeit"}
    for answer in (
        await alice.post(f"{path}/reopen"),
        await alice.patch(path, {"status": "open"}),
    ):
        assert (answer.status, answer.code) == (403, "closed_by_staff")
    assert (await alice.post(f"{path}/close")).body["own"] == own
    log = await door.sql("SELECT actor, act, target, reason, source FROM audit_log")
    assert list(log) == [
        (mod.user_id, "listing_closed", alice.user_id, "Counterfeit", "admin"),
    ]


async def test_a_block_hides_both_ways_in_lists_and_by_address(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    of_alice, of_bob = await post(alice, "Of Alice"), await post(bob, "Of Bob")
    await alice.post(f"/api/profile/{bob.user_id}/block")
    assert await titles(alice) == ["Of Alice"]
    assert await titles(bob) == ["Of Bob"]
    assert await titles(bob, "?q=alice") == []
    assert await titles(bob, "?seller=alice") == []
    for person, listing in ((alice, of_bob), (bob, of_alice)):
        path = f"{PATH}/{listing['id']}"
        for answer in (await person.get(path), await person.patch(path, {"title": "x"})):
            assert (answer.status, answer.code) == (404, "not_found")
    await alice.delete(f"/api/profile/{bob.user_id}/block")
    assert sorted(await titles(bob)) == ["Of Alice", "Of Bob"]


async def test_deactivated_sellers_are_gone(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    made = await post(alice)
    await door.sql(
        "UPDATE people SET deactivated_at = now() WHERE user_id = %(w)s", w=alice.user_id
    )
    assert await titles(bob) == []
    assert (await bob.get(f"{PATH}/{made['id']}")).status == 404


async def test_new_people_post_three_a_day_and_deleting_gives_nothing_back(door: Door) -> None:
    alice = door.person("alice")
    await alice.get("/api/me")
    await door.sql("UPDATE people SET trust = 0 WHERE user_id = %(w)s", w=alice.user_id)
    made = [await post(alice, str(number)) for number in range(3)]
    await alice.delete(f"{PATH}/{made[0]['id']}")
    full = await alice.post(PATH, {"title": "more"})
    assert (full.status, full.code) == (429, "listing_limit")
    assert full.body["error"]["details"]["retry_after_ms"] == 86_400_000
    door.clock.advance(days=1, seconds=1)
    assert await post(alice, "tomorrow")


async def test_only_so_many_run_at_a_time(door: Door) -> None:
    alice = door.person("alice")
    await alice.get("/api/me")
    await door.sql(
        "INSERT INTO listings (id, seller, title, status, listed_at, created_at, updated_at)"
        " SELECT gen_random_uuid(), %(w)s, 'old', CASE WHEN n = 200 THEN 'closed' ELSE 'open' END,"
        " now(), now(), now() FROM generate_series(1, 200) n",
        w=alice.user_id,
    )
    closed = (await alice.get(f"{PATH}?seller=alice&status=closed")).body["listings"][0]
    assert await post(alice, "the last")
    for answer in (
        await alice.post(PATH, {"title": "more"}),
        await alice.post(f"{PATH}/{closed['id']}/reopen"),
    ):
        assert (answer.status, answer.code) == (429, "listings_running_limit")


async def test_a_place_by_its_number_has_its_own_names(door: Door) -> None:
    alice = door.person("alice")
    made = await post(alice, place_id=2950159, city="Paris", country_code="FR")
    assert (made["city"], made["country_code"], made["place_id"]) == ("Berlin", "DE", 2950159)
    path = f"{PATH}/{made['id']}"
    same = (await alice.patch(path, {"title": "Tandem"})).body
    assert (same["city"], same["place_id"]) == ("Berlin", 2950159)
    moved = (await alice.patch(path, {"city": "Kreuzberg"})).body
    assert (moved["city"], moved["country_code"], moved["place_id"]) == ("Kreuzberg", "DE", None)
    unknown = await alice.post(PATH, {"title": "x", "place_id": 7})
    assert (unknown.status, unknown.code) == (400, "place_unknown")


async def published(door: Door, viewer: Person | None, owner: Person) -> list[str]:
    path = f"/api/profile/{owner.user_id}/activity"
    answer = await (viewer.get(path) if viewer else door.ask("GET", path))
    assert answer.status == 200, answer.text
    return [one["subject"]["title"] for one in answer.body["activity"]]


async def test_publishing_is_told_to_who_may_see_the_listing(door: Door) -> None:
    alice, bob, eve = (door.person(name) for name in ("alice", "bob", "eve"))
    await alice.ask(
        "PUT", f"/api/profile/{alice.user_id}", {"visibility_settings": {"activity": "public"}}
    )
    made = await post(alice, "Bike")
    draft = await post(alice, "Lamp", status="draft")
    assert await published(door, bob, alice) == ["Bike"]
    door.clock.advance(minutes=1)
    await alice.patch(f"{PATH}/{draft['id']}", {"status": "open"})
    assert await published(door, bob, alice) == ["Lamp", "Bike"]
    assert await published(door, None, alice) == []
    await bob.get("/api/me")
    await eve.post(f"/api/profile/{alice.user_id}/block")
    assert await published(door, eve, alice) == []
    await alice.post(f"{PATH}/{made['id']}/close")
    await alice.post(f"{PATH}/{made['id']}/reopen")
    await alice.delete(f"{PATH}/{draft['id']}")
    assert await published(door, bob, alice) == ["Bike"]
    await alice.post(f"{PATH}/{made['id']}/close")
    assert await published(door, alice, alice) == []


async def test_what_staff_closes_stays_closed_whatever_comes_at_once(door: Door) -> None:
    alice, mod = door.person("alice"), await staff(door, "mod")
    for number in range(5):
        path = f"{PATH}/{(await post(alice, str(number)))['id']}"
        answers = await asyncio.gather(
            alice.patch(path, {"status": "reserved"}),
            mod.post(f"{path}/close", {"reason": "no"}),
            alice.post(f"{path}/reopen"),
            alice.post(f"{path}/close"),
        )
        assert answers[1].status == 200
        assert {answer.status for answer in answers} <= {200, 403, 409}
        found = (await alice.get(path)).body
        assert (found["status"], found["own"]["closed_by_staff"]) == ("closed", True)


async def test_changes_at_once_lose_nothing(door: Door) -> None:
    alice = door.person("alice")
    path = f"{PATH}/{(await post(alice))['id']}"
    changes: list[dict[str, object]] = [
        {"title": "Tandem"},
        {"city": "Bonn"},
        {"tags": ["a"]},
        {"price_minor": 5, "currency": "EUR"},
    ]
    assert {a.status for a in await asyncio.gather(*(alice.patch(path, c) for c in changes))} == {
        200
    }
    found = (await alice.get(path)).body
    assert (found["title"], found["city"], found["tags"]) == ("Tandem", "Bonn", ["a"])
    assert (found["price_minor"], found["revision"]) == (5, 5)
    meant = [alice.patch(path, {"title": str(n), "revision": 5}) for n in range(4)]
    statuses = sorted(answer.status for answer in await asyncio.gather(*meant))
    assert statuses == [200, 409, 409, 409]
