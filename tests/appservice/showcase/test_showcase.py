# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cards on a profile: who puts up what, and who is shown it while rights come and go."""

import asyncio
from typing import Any

import pytest

from tests.support.door import Answer, Door, Person
from tests.support.live import Live

NOBODYS = "00000000-0000-4000-8000-000000000000"
COLLECTIONS = ("favorite_searches", "featured_listings", "servers_joined")


async def put(person: Person, collection: str, *cards: dict[str, Any]) -> Answer:
    path = f"/api/profile/{person.user_id}/showcase"
    return await person.ask("PUT", path, {"collection": collection, "cards": list(cards)})


async def shown(door: Door, viewer: Person | None, owner: Person) -> list[dict[str, Any]]:
    """The cards of a profile, by both addresses."""
    path = f"/api/profile/{owner.user_id}"
    answers = [
        await (viewer.get(place) if viewer else door.ask("GET", place))
        for place in (f"{path}/showcase", path)
    ]
    assert [answer.status for answer in answers] == [200, 200]
    cards: list[dict[str, Any]] = answers[0].body["showcase"]
    assert answers[1].body["showcase"] == cards
    return cards


def ids(cards: list[dict[str, Any]]) -> list[str]:
    return [card["entity_id"] for card in cards]


async def listing(person: Person, title: str = "Bike", **more: Any) -> str:
    answer = await person.post("/api/listings", {"title": title, **more})
    assert answer.status == 201, answer.text
    return str(answer.body["id"])


async def search(person: Person, name: str, **query: Any) -> str:
    answer = await person.post("/api/saved-searches", {"name": name, "query": query})
    assert answer.status == 201, answer.text
    return str(answer.body["id"])


async def space(live: Live, name: str, *people: Person, visibility: str = "public") -> str:
    room = await live.room(name, *people, kind="server")
    rows = await live.door.sql(
        "UPDATE rooms SET visibility = %(v)s, name = %(n)s WHERE room_id = %(r)s RETURNING id",
        v=visibility,
        n=name,
        r=room,
    )
    return str(rows[0][0])


async def leave(live: Live, name: str, person: Person) -> None:
    await live.commit(live.timeline.member(f"!{name}", person.user_id, "leave"))


async def opened(person: Person, level: str = "public") -> None:
    settings = dict.fromkeys(COLLECTIONS, level)
    path = f"/api/profile/{person.user_id}"
    answer = await person.ask("PUT", path, {"visibility_settings": settings})
    assert answer.status == 200, answer.text


async def test_cards_of_every_kind_in_their_owners_order(live: Live) -> None:
    door = live.door
    alice, bob = door.person("alice"), door.person("bob")
    await opened(alice)
    first = await listing(alice, "Bike", price_minor=12_500, currency="EUR", city="Bonn")
    second = await listing(alice, "Lamp")
    kept = await search(
        alice, "Cheap", q="bike", tags="old", max_price=9_900, currency="EUR", country="DE"
    )
    club = await space(live, "club", alice, bob)
    one, two = {"entity_id": second, "note": " My\nbest "}, {"entity_id": first}
    answer = await put(alice, "featured_listings", one, two)
    assert answer.status == 200, answer.text
    assert ids(answer.body["showcase"]) == [second, first]
    await put(alice, "servers_joined", {"entity_id": club})
    await put(alice, "favorite_searches", {"entity_id": kept})
    cards = await shown(door, bob, alice)
    assert ids(cards) == [kept, second, first, club]
    assert [card["collection"] for card in cards] == [
        *("favorite_searches", "featured_listings", "featured_listings", "servers_joined"),
    ]
    assert [card["subtitle"] for card in cards] == [
        "bike · #old · ≤ 99.00\u00a0EUR · DE",
        None,
        "125.00\u00a0EUR · Bonn",
        "2 members",
    ]
    assert [card["note"] for card in cards] == [None, "My best", None, None]
    asked = "country=DE&currency=EUR&max_price=9900&q=bike&tags=old"
    assert cards[0]["href"] == f"/listings?{asked}"
    assert cards[1]["href"] == f"/listings/{second}"
    assert all("unavailable" not in card for card in cards)
    config = await door.sql("SELECT showcase_config FROM profiles")
    assert config[0][0] == {
        "favorite_searches": [kept],
        "featured_listings": [second, first],
        "servers_joined": [club],
    }
    assert (await put(alice, "servers_joined")).body == {"showcase": []}
    config = await door.sql("SELECT showcase_config FROM profiles")
    assert "servers_joined" not in config[0][0]


@pytest.mark.parametrize("level", ["public", "connections", "private"])
async def test_a_collections_level_decides_who_sees_it(live: Live, level: str) -> None:
    door = live.door
    alice, friend, stranger, blocked, remote = (
        *(door.person(name) for name in ("alice", "friend", "stranger", "blocked")),
        door.person("remote", server="far.test"),
    )
    await opened(alice, level)
    cards = [await search(alice, "Cheap"), await space(live, "club", alice)]
    await put(alice, "favorite_searches", {"entity_id": cards[0]})
    await put(alice, "servers_joined", {"entity_id": cards[1]})
    await door.befriend(alice, friend)
    await blocked.get("/api/me")
    await alice.post(f"/api/profile/{blocked.user_id}/block")
    sees = {"public": 6, "connections": 2, "private": 1}[level]
    viewers = (alice, friend, stranger, blocked, remote, None)
    for number, viewer in enumerate(viewers):
        assert ids(await shown(door, viewer, alice)) == (cards if number < sees else []), number
    hidden = await alice.ask("PUT", f"/api/profile/{alice.user_id}", {"hidden": True})
    assert hidden.status == 200, hidden.text
    for viewer in viewers:
        assert ids(await shown(door, viewer, alice)) == (cards if viewer is alice else [])


@pytest.mark.parametrize("away", ["sold", "closed", "deleted", "draft"])
async def test_a_listing_that_is_gone_is_there_for_its_owner_only(live: Live, away: str) -> None:
    door = live.door
    alice, bob = door.person("alice"), door.person("bob")
    await opened(alice)
    good, bad = await listing(alice, "Good"), await listing(alice, "Bad")
    await put(alice, "featured_listings", {"entity_id": bad, "note": "n"}, {"entity_id": good})
    if away == "deleted":
        await alice.delete(f"/api/listings/{bad}")
    elif away == "draft":
        # Cannot happen by the API; were it so, nobody must see it.
        await door.sql("UPDATE listings SET status = 'draft' WHERE id = %(id)s", id=bad)
    else:
        await alice.patch(f"/api/listings/{bad}", {"status": away})
    assert ids(await shown(door, bob, alice)) == [good]
    greyed = (await shown(door, alice, alice))[0]
    why = "gone" if away == "deleted" else "closed"
    assert (greyed["title"], greyed["note"], greyed["unavailable"]) == ("Bad", "n", why)
    assert (greyed["href"], greyed["thumbnail_url"], greyed["subtitle"]) == (None, None, None)
    kept = await put(alice, "featured_listings", {"entity_id": good}, {"entity_id": bad})
    assert ids(kept.body["showcase"]) == [good, bad]
    assert kept.body["showcase"][1]["title"] == "Bad"
    await put(alice, "featured_listings", {"entity_id": good})
    again = await put(alice, "featured_listings", {"entity_id": good}, {"entity_id": bad})
    assert (again.status, again.code) == (409, "card_unavailable")
    assert again.body["error"]["details"] == {"entity_id": bad, "reason": why}
    assert ids(await shown(door, alice, alice)) == [good]


async def test_a_listing_of_somebody_else_goes_with_a_block(live: Live) -> None:
    door = live.door
    alice, bob, carol = (door.person(name) for name in ("alice", "bob", "carol"))
    await opened(alice)
    of_bob = await listing(bob)
    assert (await put(alice, "featured_listings", {"entity_id": of_bob})).status == 200
    assert ids(await shown(door, carol, alice)) == [of_bob]
    # A reader parted from the seller, though not from who shows it.
    await bob.post(f"/api/profile/{carol.user_id}/block")
    assert await shown(door, carol, alice) == []
    await bob.delete(f"/api/profile/{carol.user_id}/block")
    # Its shower parted from the seller; which of the two blocked is not told.
    await bob.post(f"/api/profile/{alice.user_id}/block")
    assert await shown(door, carol, alice) == []
    assert (await shown(door, alice, alice))[0]["unavailable"] == "gone"
    assert await shown(door, None, alice) == []


async def test_nobody_unknown_sees_listings(live: Live) -> None:
    alice = live.door.person("alice")
    await opened(alice)
    await put(alice, "featured_listings", {"entity_id": await listing(alice)})
    assert await shown(live.door, None, alice) == []


async def test_communities_are_shown_to_who_may_know_them(live: Live) -> None:
    door = live.door
    alice, bob, eve = (door.person(name) for name in ("alice", "bob", "eve"))
    await opened(alice)
    public = await space(live, "public", alice)
    private = await space(live, "private", alice, bob, visibility="private")
    unlisted = await space(live, "unlisted", alice, visibility="unlisted")
    cards = [{"entity_id": one} for one in (private, public, unlisted)]
    assert (await put(alice, "servers_joined", *cards)).status == 200
    assert ids(await shown(door, alice, alice)) == [private, public, unlisted]
    assert ids(await shown(door, bob, alice)) == [private, public]
    assert ids(await shown(door, eve, alice)) == [public]
    assert ids(await shown(door, None, alice)) == [public]
    await leave(live, "private", alice)
    await leave(live, "public", alice)
    assert await shown(door, bob, alice) == []
    own = await shown(door, alice, alice)
    assert [card.get("unavailable") for card in own] == ["left", "left", None]
    await live.commit(live.timeline.member("!public", alice.user_id, "join"))
    assert ids(await shown(door, eve, alice)) == [public]


async def test_what_is_not_ones_own_cannot_be_put_up(live: Live) -> None:
    door = live.door
    alice, bob = door.person("alice"), door.person("bob")
    club = await space(live, "club", bob)
    forum = await live.room("forum", alice)
    rows = await door.sql("SELECT id FROM rooms WHERE room_id = %(r)s", r=forum)
    refused = (
        ("favorite_searches", await search(bob, "Of Bob"), "gone"),
        ("featured_listings", await listing(bob, status="draft"), "gone"),
        ("featured_listings", await listing(alice, status="draft"), "closed"),
        ("featured_listings", await search(alice, "Mine"), "gone"),
        ("servers_joined", club, "left"),
        ("servers_joined", str(rows[0][0]), "gone"),
        ("servers_joined", NOBODYS, "gone"),
    )
    for collection, entity, why in refused:
        answer = await put(alice, collection, {"entity_id": entity})
        assert (answer.status, answer.code) == (409, "card_unavailable"), collection
        assert answer.body["error"]["details"] == {"entity_id": entity, "reason": why}
    assert await shown(door, alice, alice) == []


@pytest.mark.parametrize(
    "body",
    [
        {"collection": "friends", "cards": []},
        {"collection": "servers_joined"},
        {"collection": "servers_joined", "cards": [{"entity_id": "x"}]},
        {"collection": "servers_joined", "cards": [{"entity_id": NOBODYS}] * 2},
        {"collection": "servers_joined", "cards": [{"entity_id": NOBODYS, "note": "x" * 81}]},
        {
            "collection": "servers_joined",
            "cards": [{"entity_id": f"00000000-0000-4000-8000-00000000000{n}"} for n in range(4)],
        },
    ],
)
async def test_what_is_no_collection_is_refused(door: Door, body: dict[str, object]) -> None:
    alice = door.person("alice")
    answer = await alice.ask("PUT", f"/api/profile/{alice.user_id}/showcase", body)
    assert (answer.status, answer.code) == (400, "invalid")


async def test_only_the_owner_puts_cards_up(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await bob.get("/api/me")
    body = {"collection": "servers_joined", "cards": []}
    answer = await alice.ask("PUT", f"/api/profile/{bob.user_id}/showcase", body)
    assert (answer.status, answer.code) == (403, "forbidden")


async def candidates(person: Person, query: str) -> list[str]:
    answer = await person.get(f"/api/me/showcase/candidates?collection={query}")
    assert answer.status == 200, answer.text
    return [card["title"] for card in answer.body["showcase"]]


async def test_candidates_are_what_could_still_be_put_up(live: Live) -> None:
    door = live.door
    alice, bob = door.person("alice"), door.person("bob")
    red = await listing(alice, "Red bike")
    await listing(alice, "Lamp")
    await listing(alice, "Blue bike", status="draft")
    await listing(bob, "Green bike")
    await search(alice, "Bikes")
    await search(alice, "Lamps")
    await space(live, "Bike club", alice)
    await space(live, "Others", bob)
    assert sorted(await candidates(alice, "featured_listings")) == ["Lamp", "Red bike"]
    assert await candidates(alice, "featured_listings&q=bike") == ["Red bike", "Green bike"]
    await put(alice, "featured_listings", {"entity_id": red})
    assert await candidates(alice, "featured_listings&q=bike") == ["Green bike"]
    assert await candidates(alice, "favorite_searches&q=BIKE") == ["Bikes"]
    assert await candidates(alice, "servers_joined") == ["Bike club"]
    assert await candidates(alice, "servers_joined&q=%25") == []


async def test_cards_put_up_at_once_leave_one_whole_collection(live: Live) -> None:
    alice = live.door.person("alice")
    await opened(alice)
    things = [await listing(alice, str(number)) for number in range(4)]
    wishes = [things[:3], things[1:], things[3:], []]
    answers = await asyncio.gather(
        *(put(alice, "featured_listings", *({"entity_id": one} for one in w)) for w in wishes)
    )
    assert {answer.status for answer in answers} == {200}
    left = ids(await shown(live.door, alice, alice))
    assert left in wishes
    config = await live.door.sql("SELECT showcase_config FROM profiles")
    assert config[0][0].get("featured_listings", []) == left
