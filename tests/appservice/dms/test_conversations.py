# SPDX-License-Identifier: AGPL-3.0-or-later
from urllib.parse import quote

import pytest

from appservice.errors import HomeserverRefused
from policy.reason import Reason
from policy.rooms import STAMP
from tests.support.door import Answer, Door, Person


async def talk(one: Person, *others: str, **more: str) -> Answer:
    return await one.post("/api/dm/conversations", {"participants": list(others), **more})


async def joins(door: Door, room_id: str, person: Person, membership: str = "join") -> None:
    """What the intake does when somebody joins or leaves."""
    await door.sql(
        "INSERT INTO memberships VALUES (%(room)s, %(who)s, %(how)s, %(who)s, '$e', 9, now())"
        " ON CONFLICT (room_id, user_id) DO UPDATE SET membership = %(how)s",
        room=room_id,
        who=person.user_id,
        how=membership,
    )
    if membership == "join":
        await door.sql(
            "UPDATE rooms SET people = (SELECT array_agg(DISTINCT u)"
            " FROM unnest(people || %(who)s::text) u) WHERE room_id = %(room)s",
            room=room_id,
            who=person.user_id,
        )


async def test_friends_get_one_plain_room(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await door.befriend(alice, bob)
    made = await talk(alice, "bob")
    assert made.status == 201, made.text
    body = made.body
    assert (body["type"], body["read_only"], body["read_only_reason"]) == ("direct", False, None)
    assert {p["user_id"]: p["membership"] for p in body["participants"]} == {
        alice.user_id: "join",
        bob.user_id: "invite",
    }
    room = door.homeserver.rooms[body["room_id"]]
    assert room.creator == alice.user_id
    assert room.request["preset"] == "private_chat"
    assert room.request["is_direct"] is True
    assert room.request["creation_content"] == {STAMP: "dm"}
    assert "initial_state" not in room.request
    again = await talk(alice, "@bob:hs.test")
    assert (again.status, again.body["id"]) == (200, body["id"])
    marks = await door.sql(
        "SELECT args ->> 'user_id' FROM procrastinate_jobs WHERE task_name = 'dms.mark_direct'"
    )
    assert sorted(row[0] for row in marks) == [alice.user_id, bob.user_id]
    for reference in (body["id"], quote(body["room_id"], safe="")):
        shown = await bob.get(f"/api/dm/conversations/{reference}")
        assert (shown.status, shown.body["id"]) == (200, body["id"])
    eve = door.person("eve")
    assert (await eve.get(f"/api/dm/conversations/{body['id']}")).status == 404


async def test_the_invited_one_enters_by_asking(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await door.befriend(alice, bob)
    room_id = (await talk(alice, "bob")).body["room_id"]
    assert (await talk(bob, "alice")).status == 200
    assert door.homeserver.rooms[room_id].members[bob.user_id] == "join"


async def test_friendship_comes_first(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    stranger = await talk(alice, "bob")
    assert (stranger.status, stranger.code) == (409, "friendship_required")
    assert stranger.body["error"]["details"] == {
        "user_id": bob.user_id,
        "relationship": "none",
    }
    request = (await alice.post("/api/profile/bob/friend-request")).body["id"]
    waiting = await talk(alice, "bob")
    assert (waiting.status, waiting.code) == (409, "request_pending")
    assert waiting.body["error"]["details"]["request_id"] == request
    received = await talk(bob, "alice")
    assert (received.status, received.code) == (409, "request_received")
    assert received.body["error"]["details"]["request_id"] == request
    assert door.homeserver.rooms == {}


async def test_unfriending_freezes_and_friends_again_opens(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await door.befriend(alice, bob)
    made = (await talk(alice, "bob")).body
    await joins(door, made["room_id"], bob)
    await alice.delete("/api/friends/bob")
    shown = (await bob.get(f"/api/dm/conversations/{made['id']}")).body
    assert (shown["read_only"], shown["read_only_reason"]) == (True, "friendship_required")
    assert (await talk(bob, "alice")).code == "friendship_required"
    request = (await alice.post("/api/profile/bob/friend-request")).body["id"]
    await bob.post(f"/api/friends/{request}/respond", {"action": "accept"})
    assert (await talk(bob, "alice")).body["id"] == made["id"]


async def test_only_the_blocker_reads_of_the_block(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await door.befriend(alice, bob)
    made = (await talk(alice, "bob")).body
    await joins(door, made["room_id"], bob)
    await alice.post("/api/profile/bob/block")
    assert (await talk(alice, "bob")).code == "blocked"
    assert (await talk(bob, "alice")).code == "friendship_required"
    path = f"/api/dm/conversations/{made['id']}"
    assert (await alice.get(path)).body["read_only_reason"] == "blocked"
    assert (await bob.get(path)).body["read_only_reason"] == "friendship_required"


async def test_who_left_is_invited_again(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await door.befriend(alice, bob)
    made = (await talk(alice, "bob")).body
    await joins(door, made["room_id"], bob)
    await joins(door, made["room_id"], bob, "leave")
    again = await talk(alice, "bob")
    assert (again.status, again.body["id"]) == (200, made["id"])
    assert door.homeserver.rooms[made["room_id"]].members[bob.user_id] == "invite"
    # Who left it oneself cannot be let in by oneself: a new one is made.
    fresh = await talk(bob, "alice")
    assert fresh.status == 201
    assert fresh.body["id"] != made["id"]


async def test_the_most_recently_active_is_taken(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await door.befriend(alice, bob)
    old = (await talk(alice, "bob")).body
    await door.sql("UPDATE rooms SET last_event_at = now() - interval '1 day'")
    await door.sql(
        "INSERT INTO rooms (room_id, id, kind, local, people, last_event_at, created_at)"
        " VALUES ('!new', gen_random_uuid(), 'dm', true, %(both)s, now(), now())",
        both=[alice.user_id, bob.user_id],
    )
    await joins(door, "!new", alice)
    await joins(door, "!new", bob)
    assert (await talk(alice, "bob")).body["room_id"] == "!new"
    # A third person, even invited only, makes it a group for good.
    await door.sql(
        "INSERT INTO memberships VALUES ('!new', '@eve:hs.test', 'invite', '@x:y', '$', 1, now())"
    )
    assert (await talk(alice, "bob")).body["room_id"] == old["room_id"]


async def test_policies_close_new_conversations_only(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await door.befriend(alice, bob)
    await bob.patch("/api/me/settings", {"dm_policy": "none"})
    closed = await talk(alice, "bob")
    assert (closed.status, closed.code) == (403, "dm_policy")
    made = await talk(bob, "alice")
    assert made.status == 201
    await joins(door, made.body["room_id"], alice)
    assert (await talk(alice, "bob")).body["id"] == made.body["id"]


async def test_groups_are_always_new_and_have_a_limit(door: Door) -> None:
    alice = door.person("alice")
    friends = [door.person(f"p{number}") for number in range(10)]
    for friend in friends[:9]:
        await door.befriend(alice, friend)
    names = [friend.user_id for friend in friends]
    made = await talk(alice, *names[:2], name="Chess\nclub")
    assert (made.status, made.body["type"], made.body["name"]) == (201, "group", "Chess club")
    assert (await talk(alice, *names[:2])).body["id"] != made.body["id"]
    assert (await talk(alice, *names[:9])).status == 201
    full = await talk(alice, *names)
    assert (full.status, full.code) == (403, "group_full")
    stranger = await talk(alice, names[0], names[9])
    assert (stranger.status, stranger.code) == (409, "friendship_required")
    assert stranger.body["error"]["details"]["user_id"] == names[9]


@pytest.mark.parametrize(
    ("participants", "status", "code"),
    [
        ([], 400, "invalid"),
        (["alice"], 400, "self"),
        (["alice", "bob"], 400, "self"),
        (["nobody"], 404, "not_found"),
        (["@x y"], 400, "invalid"),
        ([f"p{n}" for n in range(51)], 400, "invalid"),
    ],
)
async def test_impossible_participants(
    door: Door, participants: list[str], status: int, code: str
) -> None:
    alice = door.person("alice")
    door.person("bob")
    answer = await talk(alice, *participants)
    assert (answer.status, answer.code) == (status, code)


async def test_a_refusal_of_the_module_has_the_same_code(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await door.befriend(alice, bob)
    for reason, status in ((Reason.FRIENDSHIP_REQUIRED, 409), (Reason.DM_POLICY, 403)):
        door.homeserver.refuse_with = HomeserverRefused(
            403, "M_FORBIDDEN", reason.sentence, reason.code
        )
        answer = await talk(alice, "bob")
        assert (answer.status, answer.code) == (status, reason.code)
    assert await door.sql("SELECT count(*) FROM rooms") == [(0,)]


async def test_the_homeserver_being_away_is_said(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await door.befriend(alice, bob)
    door.homeserver.away = True
    answer = await talk(alice, "bob")
    assert (answer.status, answer.code) == (503, "homeserver_unavailable")


async def test_conversations_are_for_people_of_this_homeserver(door: Door) -> None:
    rita = door.person("rita", server="far.test")
    answer = await talk(rita, "alice")
    assert (answer.status, answer.code) == (403, "local_only")


async def test_a_kept_conversation_is_open_without_friendship(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await door.befriend(alice, bob)
    made = (await talk(alice, "bob")).body
    await joins(door, made["room_id"], bob)
    await door.sql("DELETE FROM friendships")
    for kept in (False, True):
        await door.sql("UPDATE rooms SET kept = %(kept)s", kept=kept)
        shown = await alice.get(f"/api/dm/conversations/{made['id']}")
        assert shown.body["read_only"] is not kept
        assert (await talk(alice, "bob")).status == (200 if kept else 409)
