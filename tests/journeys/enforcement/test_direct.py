# SPDX-License-Identifier: AGPL-3.0-or-later
"""The freeze of a 1:1: unfriend and block close it for both, friendship reopens it."""

from urllib.parse import quote

import pytest

from tests.journeys.enforcement.types import People
from tests.journeys.enforcement.world import World, allowed, refused, soon_allowed, soon_refused

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
ENCRYPTED = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x", "session_id": "s"}


async def test_friends_talk_and_after_unfriending_neither_does(
    world: World, people: People
) -> None:
    alice, bob = await people("alice", "bob")
    room = await world.dm(alice, bob)
    allowed(await alice.send(room, "hello"))
    allowed(await bob.send(room, "hello yourself"))
    world.unfriend(alice, bob)
    await soon_refused(lambda: alice.send(room, "still there?"), "friendship_required")
    refused(await bob.send(room, "and me?"), "friendship_required")
    world.befriend(alice, bob)
    await soon_allowed(lambda: alice.send(room, "again"))
    allowed(await bob.send(room, "again"))


async def test_only_the_blocker_hears_of_the_block(world: World, people: People) -> None:
    alice, bob = await people("alice", "bob")
    room = await world.dm(alice, bob)
    world.block(alice, bob)
    await soon_refused(lambda: alice.send(room, "hi"), "blocked")
    refused(await bob.send(room, "hi"), "friendship_required")
    refused(await bob.invite(room, alice.user_id), "friendship_required")
    refused(await bob.create_room(invite=[alice.user_id]), "friendship_required")
    refused(await alice.create_room(invite=[bob.user_id]), "blocked")


async def test_a_frozen_conversation_refuses_state_and_encryption_too(
    world: World, people: People
) -> None:
    alice, bob = await people("alice", "bob")
    room = await world.dm(alice, bob)
    allowed(await alice.put_state(room, "m.room.name", {"name": "us"}))
    world.unfriend(alice, bob)
    await soon_refused(lambda: alice.send(room, "x"), "friendship_required")
    acts = [
        await alice.put_state(room, "m.room.name", {"name": "read this"}),
        await alice.put_state(room, "m.room.topic", {"topic": "read this"}),
        await alice.put_state(room, "org.example.any", {"text": "read this"}, "key"),
        await alice.send(room, ENCRYPTED, "m.room.encrypted"),
        await alice.send(room, {"text": "read this"}, "org.example.any"),
        await bob.put_state(
            room, "m.room.member", {"membership": "join", "reason": "read this"}, bob.user_id
        ),
    ]
    for answer in acts:
        refused(answer, "friendship_required")


async def test_a_frozen_conversation_lets_people_read_leave_and_take_back(
    world: World, people: People
) -> None:
    alice, bob = await people("alice", "bob")
    room = await world.dm(alice, bob)
    mine = allowed(await alice.send(room, "mine"))["event_id"]
    theirs = allowed(await bob.send(room, "theirs"))["event_id"]
    world.unfriend(alice, bob)
    await soon_refused(lambda: alice.send(room, "x"), "friendship_required")
    redact = f"/rooms/{quote(room)}/redact"
    allowed(await alice.request("POST", f"/rooms/{quote(room)}/receipt/m.read/{theirs}", {}))
    allowed(await alice.request("PUT", f"{redact}/{quote(mine)}/a", {}))
    with_text = await bob.request("PUT", f"{redact}/{quote(theirs)}/b", {"reason": "read this"})
    refused(with_text, "friendship_required")
    not_mine = await alice.request("PUT", f"{redact}/{quote(theirs)}/c", {})
    refused(not_mine, "friendship_required")
    assert await alice.messages(room)
    allowed(await alice.leave(room))


async def test_an_encrypted_conversation_freezes_as_well(world: World, people: People) -> None:
    alice, bob = await people("alice", "bob")
    room = await world.dm(
        alice,
        bob,
        initial_state=[
            {
                "type": "m.room.encryption",
                "state_key": "",
                "content": {"algorithm": "m.megolm.v1.aes-sha2"},
            }
        ],
    )
    allowed(await alice.send(room, ENCRYPTED, "m.room.encrypted"))
    world.unfriend(alice, bob)
    await soon_refused(
        lambda: alice.send(room, ENCRYPTED, "m.room.encrypted"), "friendship_required"
    )


async def test_an_unfriended_pair_stays_in_their_group(world: World, people: People) -> None:
    alice, bob, carol = await people("alice", "bob", "carol")
    room = await world.dm(alice, bob)
    world.befriend(alice, carol)
    allowed(await alice.invite(room, carol.user_id))
    allowed(await carol.join(room))
    world.unfriend(alice, bob)
    # A third person made it a group for good (D16).
    allowed(await alice.send(room, "we are three"))
    allowed(await carol.leave(room))
    allowed(await alice.send(room, "and still a group"))


async def test_the_registry_decides_once_it_knows_the_room(world: World, people: People) -> None:
    alice, bob = await people("alice", "bob")
    room = await world.dm(alice, bob)
    world.register_room(room, "dm", alice, bob)
    allowed(await alice.send(room, "hello"))
    world.unfriend(alice, bob)
    await soon_refused(lambda: alice.send(room, "x"), "friendship_required")
    world.sql("UPDATE rooms SET kind = 'forum' WHERE room_id = %s", room)
    await soon_allowed(lambda: alice.send(room, "a forum has no freeze"))
    world.sql("UPDATE rooms SET read_only = true WHERE room_id = %s", room)
    await soon_refused(lambda: alice.send(room, "x"), "read_only")
    refused(await alice.put_state(room, "m.room.topic", {"topic": "x"}), "read_only")
    world.sql("UPDATE rooms SET managers = %s WHERE room_id = %s", [alice.user_id], room)
    await soon_allowed(lambda: alice.send(room, "moderators may"))


async def test_an_upgrade_keeps_kind_and_freeze(world: World, people: People) -> None:
    alice, bob = await people("alice", "bob")
    room = await world.dm(alice, bob, room_version="11")
    upgrade = f"/rooms/{quote(room)}/upgrade"
    made = allowed(await alice.request("POST", upgrade, {"new_version": "12"}))
    successor = made["replacement_room"]
    allowed(await alice.invite(successor, bob.user_id))
    allowed(await bob.join(successor))
    allowed(await bob.send(successor, "moved"))
    refused(
        await alice.put_state(successor, "m.room.join_rules", {"join_rule": "public"}),
        "room_shape",
    )
    world.unfriend(alice, bob)
    await soon_refused(lambda: bob.send(successor, "x"), "friendship_required")
    again = await alice.request(
        "POST", f"/rooms/{quote(successor)}/upgrade", {"new_version": "12"}
    )
    refused(again, "friendship_required")
