# SPDX-License-Identifier: AGPL-3.0-or-later
"""The inbox: which conversations, in which order, and what of them is told."""

from typing import Any

import pytest

from tests.support.door import Door, Person

PATH = "/api/dm/conversations"


async def names(person: Person, query: str = "") -> list[str]:
    answer = await person.get(f"{PATH}{query}")
    assert answer.status == 200, answer.text
    return [label(person, one) for one in answer.body["conversations"]]


def label(person: Person, one: dict[str, Any]) -> str:
    others = {p["user_id"] for p in one["participants"]} - {person.user_id}
    return one["name"] or ",".join(sorted(user[1:].partition(":")[0] for user in others))


async def opened(door: Door, me: Person, *others: Person, **more: str) -> str:
    """A conversation in which everybody is, made by the API; its room."""
    for other in others:
        friends = await door.sql(
            "SELECT 1 FROM friendships WHERE user_id = %(me)s AND friend_id = %(them)s",
            me=me.user_id,
            them=other.user_id,
        )
        if not friends:
            await door.befriend(me, other)
    made = await me.post(PATH, {"participants": [o.user_id for o in others], **more})
    assert made.status == 201, made.text
    return str(made.body["room_id"])


async def moved(door: Door, room_id: str, person: Person, membership: str = "join") -> None:
    """What the intake does when somebody comes or goes."""
    await door.sql(
        "UPDATE memberships SET membership = %(how)s, stream_ordering = stream_ordering + 1"
        " WHERE room_id = %(room)s AND user_id = %(who)s",
        room=room_id,
        who=person.user_id,
        how=membership,
    )
    if membership == "join":
        await door.sql(
            "UPDATE rooms SET people = people || %(who)s::text WHERE room_id = %(room)s",
            room=room_id,
            who=person.user_id,
        )


async def active(door: Door, room_id: str, minutes: int) -> None:
    await door.sql(
        "UPDATE rooms SET last_event_at = now() + make_interval(mins => %(minutes)s)"
        " WHERE room_id = %(room)s",
        room=room_id,
        minutes=minutes,
    )


@pytest.fixture
def people(door: Door) -> dict[str, Person]:
    return {name: door.person(name) for name in ("alice", "bob", "carol", "dan", "eve")}


async def test_the_most_recently_active_comes_first_page_by_page(
    door: Door, people: dict[str, Person]
) -> None:
    alice = people["alice"]
    for minutes, name in enumerate(("bob", "carol", "dan", "eve")):
        room_id = await opened(door, alice, people[name])
        await moved(door, room_id, people[name])
        await active(door, room_id, minutes)
    assert await names(alice) == ["eve", "dan", "carol", "bob"]
    first = (await alice.get(f"{PATH}?limit=3")).body
    assert [label(alice, one) for one in first["conversations"]] == ["eve", "dan", "carol"]
    assert await names(alice, f"?limit=3&cursor={first['next_cursor']}") == ["bob"]
    one = first["conversations"][0]
    assert (one["type"], one["my_role"], one["encrypted"]) == ("direct", "member", False)
    assert (one["request"], one["invited_by"], one["read_only"]) == (False, None, False)
    assert {p["role"] for p in one["participants"]} == {"member"}


async def test_filters_and_names(door: Door, people: dict[str, Person]) -> None:
    alice, bob, carol, dan = (people[name] for name in ("alice", "bob", "carol", "dan"))
    chess = await opened(door, alice, bob, carol, name="Chess 100%")
    await opened(door, alice, dan)
    for person in (bob, carol):
        await moved(door, chess, person)
    await door.sql("UPDATE people SET display_name = 'Robert_1' WHERE user_id = '@bob:hs.test'")
    assert await names(alice, "?filter=groups") == ["Chess 100%"]
    assert await names(alice, "?filter=requests") == []
    for query in ("chess", "100%25", "ROBERT_", "carol"):
        assert await names(alice, f"?q={query}") == ["Chess 100%"]
    for query in ("alice", "_%25", "nobody"):
        assert await names(alice, f"?q={query}") == []
    group = (await bob.get(PATH)).body["conversations"][0]
    assert (group["type"], group["my_role"]) == ("group", "member")
    roles = {p["user_id"]: p["role"] for p in group["participants"]}
    assert roles[alice.user_id] == "admin"
    assert sorted(roles.values()) == ["admin", "member", "member"]


async def test_an_open_invite_is_a_request_with_its_sender(
    door: Door, people: dict[str, Person]
) -> None:
    alice, bob = people["alice"], people["bob"]
    room_id = await opened(door, alice, bob)
    await active(door, room_id, 60)
    (one,) = (await bob.get(f"{PATH}?filter=requests")).body["conversations"]
    assert one["request"] is True
    assert one["invited_by"]["user_id"] == alice.user_id
    assert one["last_message"] is None
    await bob.post(f"/api/profile/{alice.user_id}/block")
    assert await names(bob) == []
    assert await names(alice) == ["bob"]


async def test_a_program_makes_neither_a_group_nor_a_freeze(
    door: Door, people: dict[str, Person]
) -> None:
    alice, bob = people["alice"], people["bob"]
    room_id = await opened(door, alice, bob)
    await moved(door, room_id, bob)
    kith = "@kith:hs.test"
    await door.sql(
        "INSERT INTO people (user_id, kind, local) VALUES (%(who)s, 'bot', true)", who=kith
    )
    await door.sql(
        "INSERT INTO rooms (room_id, id, kind, local, people, created_at)"
        " VALUES ('!bot', gen_random_uuid(), 'dm', true, %(people)s, now())",
        people=[alice.user_id],
    )
    for room, who in (("!bot", alice.user_id), ("!bot", kith), (room_id, kith)):
        await door.sql(
            "INSERT INTO memberships (room_id, user_id, membership, sender, event_id,"
            " stream_ordering, since) VALUES (%(room)s, %(who)s, 'join', %(who)s, '$e', 1, now())",
            room=room,
            who=who,
        )
    found = (await alice.get(PATH)).body["conversations"]
    assert {one["room_id"]: (one["type"], one["read_only"]) for one in found} == {
        room_id: ("direct", False),
        "!bot": ("direct", False),
    }
    assert await names(alice, "?filter=groups") == []


async def test_who_left_sees_it_no_more(door: Door, people: dict[str, Person]) -> None:
    alice, bob = people["alice"], people["bob"]
    room_id = await opened(door, alice, bob)
    await moved(door, room_id, bob)
    await moved(door, room_id, bob, "leave")
    assert await names(bob) == []
    assert await names(alice) == ["bob"]
    await door.sql("UPDATE rooms SET successor = '!next'")
    assert await names(alice) == []


async def test_a_freeze_is_told_in_the_words_for_its_reader(
    door: Door, people: dict[str, Person]
) -> None:
    alice, bob = people["alice"], people["bob"]
    room_id = await opened(door, alice, bob)
    await moved(door, room_id, bob)
    await alice.post(f"/api/profile/{bob.user_id}/block")
    for person, reason in ((alice, "blocked"), (bob, "friendship_required")):
        (one,) = (await person.get(PATH)).body["conversations"]
        assert (one["read_only"], one["read_only_reason"]) == (True, reason)


@pytest.mark.parametrize("query", ["?filter=x", "?limit=0", "?cursor=x", "?q=" + "x" * 101])
async def test_odd_questions(door: Door, query: str) -> None:
    answer = await door.person("alice").get(PATH + query)
    assert (answer.status, answer.code) == (400, "invalid")
