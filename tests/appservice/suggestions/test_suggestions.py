# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from appservice.suggestions.service import Suggestions
from tests.support.door import Door, Person

PATH = "/api/people/suggestions"


async def suggested(reader: Person) -> dict[str, Any]:
    answer = await reader.get(PATH)
    assert answer.status == 200, answer.text
    return {row["user_id"]: row for row in answer.body["people"]}


async def anew(door: Door, reader: Person) -> dict[str, Any]:
    service = Suggestions(door.database, door.clock, door.assembly.settings.rules.requests)
    await service.make(reader.user_id)
    return await suggested(reader)


async def place(door: Door, name: str, *people: Person, kind: str = "server") -> None:
    await door.sql(
        "INSERT INTO rooms (room_id, id, kind, local, name, created_at)"
        " VALUES (%(r)s, gen_random_uuid(), %(k)s, true, %(n)s, now())",
        r=f"!{name}",
        k=kind,
        n=name,
    )
    for person in people:
        await person.get("/api/me")
        await door.sql(
            "INSERT INTO memberships VALUES (%(r)s, %(who)s, 'join', %(who)s, '$', 1, now())",
            r=f"!{name}",
            who=person.user_id,
        )


async def test_friends_of_friends_come_first_and_say_why(door: Door) -> None:
    alice, near, far, mate = (door.person(name) for name in ("alice", "near", "far", "mate"))
    for name in ("b1", "b2"):
        friend = door.person(name)
        await door.befriend(alice, friend)
        await door.befriend(friend, near)
    await door.befriend(door.person("b1"), far)
    await place(door, "Chess", alice, mate)
    found = await suggested(alice)
    assert list(found) == [near.user_id, far.user_id, mate.user_id]
    assert found[near.user_id]["reason"] == "mutual_friends"
    assert found[near.user_id]["mutual_friends"] == 2
    assert found[mate.user_id]["reason"] == "mutual_spaces"
    assert found[mate.user_id]["mutual_spaces_count"] == 1
    assert [one["name"] for one in found[mate.user_id]["mutual_spaces"]] == ["Chess"]


async def test_pages_hold_everybody_once(door: Door) -> None:
    alice = door.person("alice")
    others = [door.person(f"p{number:02}") for number in range(7)]
    await place(door, "Chess", alice, *others)
    seen, cursor = [], ""
    while True:
        body = (await alice.get(f"{PATH}?limit=3{cursor}")).body
        seen += [row["user_id"] for row in body["people"]]
        if body["next_cursor"] is None:
            break
        cursor = f"&cursor={body['next_cursor']}"
    assert seen == [one.user_id for one in others]


async def test_who_is_never_suggested(door: Door) -> None:
    alice, mate = door.person("alice"), door.person("mate")
    names = ("blocked", "blocker", "asked", "declined", "dropped", "hidden", "closed", "gone")
    others = {name: door.person(name) for name in names}
    await place(door, "Chess", alice, mate, *others.values())
    assert set(await suggested(alice)) == {mate.user_id, *(o.user_id for o in others.values())}
    await alice.post("/api/profile/blocked/block")
    await others["blocker"].post("/api/profile/alice/block")
    await alice.post("/api/profile/asked/friend-request")
    asked = await others["declined"].post("/api/profile/alice/friend-request")
    await alice.post(f"/api/friends/{asked.body['id']}/respond", {"action": "decline"})
    await alice.delete(f"{PATH}/{others['dropped'].user_id}")
    await others["closed"].patch("/api/me/settings", {"request_policy": "nobody"})
    await door.sql(
        "INSERT INTO profiles (user_id, hidden) VALUES (%(who)s, true)"
        " ON CONFLICT (user_id) DO UPDATE SET hidden = true",
        who=others["hidden"].user_id,
    )
    await door.sql(
        "UPDATE people SET deactivated_at = now() WHERE user_id = %(who)s",
        who=others["gone"].user_id,
    )
    # At once among those found before, and after they are found anew.
    assert set(await suggested(alice)) == {mate.user_id}
    assert set(await anew(door, alice)) == {mate.user_id}
    # A decline is forgotten with the time after which one may ask again.
    door.clock.advance(days=31)
    assert others["declined"].user_id in await anew(door, alice)


async def test_a_private_list_speaks_for_nobody(door: Door) -> None:
    alice, bob, carol, shy = (door.person(name) for name in ("alice", "bob", "carol", "shy"))
    await door.befriend(alice, bob)
    await door.befriend(bob, carol)
    await door.befriend(bob, shy)
    await shy.patch("/api/me/settings", {"connections_visibility": "private"})
    assert set(await suggested(alice)) == {carol.user_id}
    await bob.patch("/api/me/settings", {"connections_visibility": "private"})
    assert await suggested(alice) == {}
    assert await anew(door, alice) == {}


async def test_a_new_friend_brings_new_suggestions(door: Door) -> None:
    alice, bob, carol = door.person("alice"), door.person("bob"), door.person("carol")
    await door.befriend(bob, carol)
    assert await suggested(alice) == {}
    door.clock.advance(seconds=5)
    await door.befriend(alice, bob)
    assert set(await suggested(alice)) == {carol.user_id}
    assert (await alice.get(f"{PATH}?cursor=x")).code == "invalid"


async def test_old_ones_are_shown_while_a_job_finds_new_ones(door: Door) -> None:
    alice = door.person("alice")
    assert await suggested(alice) == {}
    await place(door, "Chess", alice, door.person("mate"))
    door.clock.advance(hours=7)
    for _ in range(2):
        assert await suggested(alice) == {}
    jobs = await door.sql(
        "SELECT args FROM procrastinate_jobs WHERE task_name = 'suggestions.make'"
    )
    assert jobs == [({"user_id": alice.user_id},)]
