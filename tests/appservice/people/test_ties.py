# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from tests.support.door import Door


async def test_following_needs_no_consent(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    assert (await alice.post("/api/profile/bob/follow")).status == 204
    assert (await alice.post("/api/profile/bob/follow")).status == 204
    following = (await alice.get("/api/me/following")).body["people"]
    assert [one["user_id"] for one in following] == [bob.user_id]
    followers = (await bob.get("/api/me/followers")).body["people"]
    assert [one["user_id"] for one in followers] == [alice.user_id]
    assert (await alice.delete("/api/profile/bob/follow")).status == 204
    assert (await alice.get("/api/me/following")).body["people"] == []


async def test_a_block_ends_everything_and_brings_nothing_back(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await door.befriend(alice, bob)
    await alice.post("/api/profile/bob/follow")
    await bob.post("/api/profile/alice/follow")
    assert (await alice.post("/api/profile/bob/block")).status == 204
    for table in ("friendships", "follows"):
        assert await door.sql(f"SELECT count(*) FROM {table}") == [(0,)]
    for reader, other, state in ((alice, "bob", "blocked"), (bob, "alice", "none")):
        answer = await reader.get(f"/api/profile/{other}/relationship")
        assert answer.body["state"] == state
    assert (await alice.delete("/api/profile/bob/block")).status == 204
    assert (await alice.get("/api/profile/bob/relationship")).body["state"] == "none"
    names = await door.sql(
        "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'people.mirror_ignored'"
    )
    assert names[0][0] >= 1


async def test_the_blocker_is_told_and_the_blocked_is_not(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await alice.post("/api/profile/bob/block")
    told = await alice.post("/api/profile/bob/friend-request")
    assert (told.status, told.code) == (403, "blocked")
    untold = await bob.post("/api/profile/alice/friend-request")
    assert (untold.status, untold.code) == (403, "requests_closed")
    follow = await bob.post("/api/profile/alice/follow")
    assert (follow.status, follow.code) == (403, "requests_closed")


async def test_a_request_to_who_blocks_then_looks_unchanged(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await bob.post("/api/profile/alice/friend-request")

    async def world() -> list[object]:
        outgoing = await bob.get("/api/me/friend-requests?direction=outgoing")
        relation = await bob.get("/api/profile/alice/relationship")
        again = await bob.post("/api/profile/alice/friend-request")
        talk = await bob.post("/api/dm/conversations", {"participants": ["alice"]})
        return [outgoing.body, relation.body, again.body, talk.status, talk.body]

    before = await world()
    assert (await alice.post("/api/profile/bob/block")).status == 204
    assert await world() == before


async def test_my_own_request_is_taken_back_by_my_block(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await alice.post("/api/profile/bob/friend-request")
    await alice.post("/api/profile/bob/block")
    assert (await bob.get("/api/me/friend-requests")).body["requests"] == []
    assert (await alice.get("/api/me/friend-requests?direction=outgoing")).body["requests"] == []


async def test_a_mute_hinders_nothing(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    assert (await alice.post("/api/profile/bob/mute")).status == 204
    relation = (await alice.get("/api/profile/bob/relationship")).body
    assert (relation["muted"], relation["state"]) == (True, "none")
    await door.befriend(bob, alice)


@pytest.mark.parametrize("act", ["follow", "block", "mute"])
async def test_nobody_is_their_own_target(door: Door, act: str) -> None:
    alice = door.person("alice")
    answer = await alice.post(f"/api/profile/alice/{act}")
    assert (answer.status, answer.code) == (400, "self")


async def test_settings_change_one_by_one(door: Door) -> None:
    alice = door.person("alice")
    assert (await alice.get("/api/me/settings")).body == {
        "dm_policy": "connections",
        "request_policy": "everyone",
        "auto_decline_strangers": False,
        "connections_visibility": "connections",
        "presence": "all",
    }
    changed = await alice.patch("/api/me/settings", {"dm_policy": "none"})
    assert changed.body["dm_policy"] == "none"
    hidden = await alice.patch("/api/me/settings", {"presence": "nobody"})
    assert hidden.body == {**changed.body, "presence": "nobody"}
    changed = await alice.patch("/api/me/settings", {"presence": "friends"})
    assert (await alice.get("/api/me")).body["settings"] == changed.body
    wrong = await alice.patch("/api/me/settings", {"dm_policy": "friends"})
    assert (wrong.status, wrong.code) == (400, "invalid")
    unknown = await alice.patch("/api/me/settings", {"dm-policy": "none"})
    assert (unknown.status, unknown.code) == (400, "invalid")


async def test_blocking_does_not_wait_for_a_server_that_is_away(door: Door) -> None:
    alice = door.person("alice")
    assert (await alice.get("/api/me")).status == 200
    door.homeserver.away = True
    for act in ("block", "mute"):
        assert (await alice.post(f"/api/profile/@spam:far.test/{act}")).status == 204
        here = await alice.post(f"/api/profile/nobody/{act}")
        assert (here.status, here.code) == (503, "homeserver_unavailable")
    follow = await alice.post("/api/profile/@other:far.test/follow")
    assert (follow.status, follow.code) == (503, "homeserver_unavailable")
