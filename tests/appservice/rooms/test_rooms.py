# SPDX-License-Identifier: AGPL-3.0-or-later
"""A room as each of its people sees it."""

import pytest

from tests.support.live import SERVICE, Live


async def test_a_room_says_what_it_is(live: Live) -> None:
    alice, eve = live.door.person("alice"), live.door.person("eve")
    room = await live.room("r", alice)
    state = live.timeline.event
    await live.commit(
        state(room, alice.user_id, "m.room.name", {"name": "Cats"}, ""),
        state(room, alice.user_id, "m.room.topic", {"topic": "All\nabout cats"}, ""),
        state(room, alice.user_id, "m.room.avatar", {"url": "mxc://hs.test/cat"}, ""),
        live.timeline.message(room, alice.user_id),
    )
    found = (await alice.get(f"/api/v1/rooms/{room}")).body
    assert found["name"] == "Cats"
    assert found["topic"] == "All about cats"
    assert found["avatar_url"] == "mxc://hs.test/cat"
    assert found["room_version"] == "12"
    assert (found["membership"], found["members_count"]) == ("join", 1)
    assert found["position"] == 6
    assert (await alice.get(f"/api/v1/rooms/{found['id']}")).body == found
    assert (await alice.get("/api/v1/rooms")).body["rooms"] == [found]
    assert (await eve.get(f"/api/v1/rooms/{room}")).status == 404
    assert (await eve.get("/api/v1/rooms")).body["rooms"] == []


async def test_a_public_forum_is_seen_from_outside(live: Live) -> None:
    alice, eve = live.door.person("alice"), live.door.person("eve")
    room = await live.room("general", alice)
    await live.door.sql(
        "UPDATE rooms SET visibility = 'public', slug = 'general' WHERE room_id = %(r)s", r=room
    )
    found = (await eve.get("/api/v1/rooms/general")).body
    assert (found["room_id"], found["membership"]) == (room, None)
    assert (found["read_only"], found["read_only_reason"]) == (True, "not_joined")
    assert found["position"] is None
    assert found["can"]["send"] is False
    await live.commit(live.timeline.member(room, eve.user_id, "ban", alice.user_id))
    assert (await eve.get("/api/v1/rooms/general")).status == 404


@pytest.mark.parametrize("version", ["11", "12"])
async def test_rights_follow_the_levels(live: Live, version: str) -> None:
    alice, bob, mod = (live.door.person(name) for name in ("alice", "bob", "mod"))
    room = f"!levels{version}"
    stamp = {"social.kith.kind": "forum", "room_version": version}
    users = {mod.user_id: 50, **({} if version == "12" else {alice.user_id: 100})}
    state, member = live.timeline.event, live.timeline.member
    await live.commit(
        live.timeline.create(room, alice.user_id, **stamp),
        *(member(room, one.user_id, "join") for one in (alice, bob, mod)),
        state(room, alice.user_id, "m.room.power_levels", {"users": users, "invite": 50}, ""),
    )
    full = ["send", "remove_others", "pin", "notify_room", "invite", "rename"]
    for person, rights in ((alice, full), (mod, full), (bob, ["send"])):
        can = (await person.get(f"/api/v1/rooms/{room}")).body["can"]
        assert [name for name, may in can.items() if may] == rights, person.user_id
    roles = {
        one["user_id"]: one["role"]
        for one in (await bob.get(f"/api/v1/rooms/{room}/members")).body["members"]
    }
    top = "owner" if version == "12" else "admin"
    assert roles == {alice.user_id: top, mod.user_id: "moderator", bob.user_id: "member"}


async def test_members_by_name_and_page(live: Live) -> None:
    people = [live.door.person(name) for name in ("alice", "bob", "carol", "dan")]
    alice, bob, carol, dan = people
    room = await live.room("r", *people)
    await live.commit(
        live.timeline.member(room, dan.user_id, "join", displayname="Big Dan"),
        live.timeline.member(room, carol.user_id, "join", displayname="Anna"),
    )
    path = f"/api/v1/rooms/{room}/members"
    first = (await alice.get(f"{path}?limit=2")).body
    assert [one["user_id"] for one in first["members"]] == [alice.user_id, carol.user_id]
    rest = (await alice.get(f"{path}?limit=2&cursor={first['next_cursor']}")).body
    assert [one["user_id"] for one in rest["members"]] == [dan.user_id, bob.user_id]
    assert rest["next_cursor"] is None
    for query, found in (("da", dan), ("BOB", bob), ("an", carol), ("%25", None)):
        names = [
            one["user_id"] for one in (await alice.get(f"{path}?query={query}")).body["members"]
        ]
        assert names == ([found.user_id] if found else []), query
    await bob.post(f"/api/profile/{alice.user_id}/block")
    listed = (await alice.get(path)).body["members"]
    assert bob.user_id not in [one["user_id"] for one in listed]
    eve = live.door.person("eve")
    assert (await eve.get(path)).status == 404


async def test_a_frozen_conversation_says_why(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    await live.door.befriend(alice, bob)
    room = await live.room("dm", alice, bob, kind="dm")
    found = (await alice.get(f"/api/v1/rooms/{room}")).body
    assert (found["read_only"], found["other_user_id"]) == (False, bob.user_id)
    await bob.post(f"/api/profile/{alice.user_id}/block")
    frozen = (await alice.get(f"/api/v1/rooms/{room}")).body
    # The blocked person learns nothing of the block.
    assert frozen["read_only_reason"] == "friendship_required"
    assert not any(frozen["can"].values())
    assert (await bob.get(f"/api/v1/rooms/{room}")).body["read_only_reason"] == "blocked"


async def test_a_program_neither_closes_a_conversation_nor_makes_it_a_group(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    await live.door.befriend(alice, bob)
    program = live.timeline.member("!bot", SERVICE, "join", displayname="Kith")
    await live.commit(
        live.timeline.create("!bot", SERVICE, **{"social.kith.kind": "dm"}),
        program,
        live.timeline.member("!bot", alice.user_id, "join"),
    )
    found = (await alice.get("/api/v1/rooms/!bot")).body
    assert (found["read_only"], found["read_only_reason"]) == (False, None)
    assert (found["can"]["send"], found["name"]) == (True, "Kith")
    # Beside the two of a 1:1 it changes nothing either: the freeze holds.
    room = await live.room("dm", alice, bob, kind="dm")
    await live.commit(live.timeline.member(room, SERVICE, "join"))
    assert (await alice.get(f"/api/v1/rooms/{room}")).body["other_user_id"] == bob.user_id
    await bob.post(f"/api/profile/{alice.user_id}/block")
    frozen = (await alice.get(f"/api/v1/rooms/{room}")).body
    assert (frozen["read_only_reason"], frozen["can"]["send"]) == ("friendship_required", False)


async def test_slow_mode_counts_from_the_last_message(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("r", alice, bob)
    slow = live.timeline.event(room, SERVICE, "social.kith.slow_mode", {"seconds": 30}, "")
    message = live.timeline.message(room, bob.user_id)
    await live.commit(slow)
    found = (await bob.get(f"/api/v1/rooms/{room}")).body
    assert (found["slow_mode"], found["slow_mode_until"]) == (30, None)
    await live.commit(message)
    found = (await bob.get(f"/api/v1/rooms/{room}")).body
    assert found["slow_mode_until"] == message.ts + 30_000
    live.door.clock.advance(seconds=31)
    assert (await bob.get(f"/api/v1/rooms/{room}")).body["slow_mode_until"] is None
    # Who made the room manages it, and does not wait.
    assert (await alice.get(f"/api/v1/rooms/{room}")).body["slow_mode"] == 0
