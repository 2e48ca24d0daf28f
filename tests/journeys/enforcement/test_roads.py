# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every road to a stranger, walked by an ordinary client (D3, D11, D12, D28)."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.journeys.enforcement.types import People
from tests.journeys.enforcement.world import (
    World,
    allowed,
    refused,
    soon_allowed,
    soon_refused,
)
from tests.support.matrix import MatrixUser

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


def state(kind: str, key: str = "", **content: Any) -> dict[str, Any]:
    return {"type": kind, "state_key": key, "content": content}


async def rooms_of(person: MatrixUser) -> list[str]:
    return list(allowed(await person.request("GET", "/joined_rooms"))["joined_rooms"])


async def test_a_refused_create_room_leaves_nothing_behind(world: World, people: People) -> None:
    alice, bob, dave = await people("alice", "bob", "dave")
    world.befriend(alice, bob)
    for body in (
        {"invite": [dave.user_id], "is_direct": True},
        {"invite": [dave.user_id]},
        {"invite": [dave.user_id], "preset": "trusted_private_chat"},
        {"invite": [bob.user_id, dave.user_id]},
        {"invite": [dave.user_id], "creation_content": {"type": "m.space"}},
        {"invite": [dave.user_id], "room_version": "11"},
    ):
        refused(await alice.create_room(**body), "friendship_required")
    assert await rooms_of(alice) == []
    assert await dave.invites() == []


async def test_an_invite_after_creation_is_judged_like_one_at_creation(people: People) -> None:
    alice, dave = await people("alice", "dave")
    made = allowed(await alice.create_room(name="no is_direct, no invite"))
    refused(await alice.invite(made["room_id"], dave.user_id), "friendship_required")
    by_state = await alice.put_state(
        made["room_id"], "m.room.member", {"membership": "invite"}, dave.user_id
    )
    refused(by_state, "friendship_required")
    assert await dave.invites() == []


async def test_the_reason_says_what_to_do(world: World, people: People) -> None:
    alice, bob, carol = await people("alice", "bob", "carol")
    world.ask(alice, bob)
    refused(await alice.create_room(invite=[bob.user_id]), "request_pending")
    refused(await bob.create_room(invite=[alice.user_id]), "request_received")
    refused(await carol.create_room(invite=[bob.user_id]), "friendship_required")


async def test_a_space_of_ones_own_is_no_way_in(people: People) -> None:
    alice, dave = await people("alice", "dave")
    made = allowed(await alice.create_room(creation_content={"type": "m.space"}))
    refused(await alice.invite(made["room_id"], dave.user_id), "friendship_required")


async def test_a_forum_turned_private_is_no_way_in(world: World, people: People) -> None:
    alice, dave = await people("alice", "dave")
    room = await world.forum(alice)
    refused(await alice.invite(room, dave.user_id), "friendship_required")
    allowed(await alice.put_state(room, "m.room.join_rules", {"join_rule": "invite"}))
    refused(await alice.invite(room, dave.user_id), "friendship_required")
    world.register_room(room, "forum", read_only=True)
    await soon_refused(lambda: alice.invite(room, dave.user_id), "read_only")
    refused(await dave.join(room), "read_only")


async def test_a_new_account_creates_no_forum_by_any_name(world: World, people: People) -> None:
    (alice,) = await people("alice")
    for body in (
        {"preset": "public_chat"},
        {"visibility": "public"},
        {"room_alias_name": "open-door"},
        {"initial_state": [state("m.room.join_rules", join_rule="public")]},
        {"initial_state": [state("m.room.join_rules", join_rule="knock")]},
        {"initial_state": [state("m.room.join_rules", join_rule="restricted", allow=[])]},
        {
            "initial_state": [
                state("m.room.join_rules", join_rule="public"),
                state("m.room.join_rules", "decoy", join_rule="invite"),
            ]
        },
    ):
        refused(await alice.create_room(**body), "forum_trust")
    assert await rooms_of(alice) == []
    await world.forum(alice, room_alias_name=f"forum-of-{alice.user_id[1:].partition(':')[0]}")


async def test_initial_state_smuggles_nothing(people: People) -> None:
    alice, dave = await people("alice", "dave")
    member = state("m.room.member", dave.user_id, membership="invite")
    refused(await alice.create_room(initial_state=[member]), "room_shape")
    world_readable = state("m.room.history_visibility", history_visibility="world_readable")
    refused(await alice.create_room(initial_state=[world_readable]), "room_shape")
    by_mail = {"medium": "email", "address": "dave@example.org", "id_server": "id.test"}
    refused(
        await alice.create_room(invite_3pid=[{**by_mail, "id_access_token": "t"}]),
        "email_invites_closed",
    )
    assert await rooms_of(alice) == []
    assert await dave.invites() == []


async def test_a_client_cannot_stamp_its_room(world: World, people: People) -> None:
    alice, bob = await people("alice", "bob")
    forum = await world.forum(bob)
    world.befriend(alice, bob)
    made = allowed(
        await alice.create_room(
            invite=[bob.user_id],
            creation_content={
                "social.kith.kind": "forum",
                "predecessor": {"room_id": forum, "event_id": "$x"},
            },
        )
    )
    room = made["room_id"]
    create = allowed(await alice.request("GET", f"/rooms/{quote(room)}/state/m.room.create/"))
    assert create["social.kith.kind"] == "dm"
    assert "predecessor" not in create
    allowed(await bob.join(room))
    world.unfriend(alice, bob)
    await soon_refused(lambda: alice.send(room, "x"), "friendship_required")


async def test_a_direct_room_keeps_its_door_shut(world: World, people: People) -> None:
    alice, bob, dave = await people("alice", "bob", "dave")
    room = await world.dm(alice, bob)
    for rule in ("public", "knock", "restricted", "knock_restricted"):
        answer = await alice.put_state(room, "m.room.join_rules", {"join_rule": rule})
        refused(answer, "room_shape")
    alias = f"#d{alice.user_id[1:].partition(':')[0]}:hs.test"
    directory = f"/directory/room/{quote(alias)}"
    allowed(await alice.request("PUT", directory, {"room_id": room}))
    canonical = await alice.put_state(room, "m.room.canonical_alias", {"alias": alias})
    refused(canonical, "room_shape")
    refused(await dave.join(alias), "invite_required")
    refused(await dave.join(room), "invite_required")
    listed = f"/directory/list/room/{quote(room)}"
    refused(await alice.request("PUT", listed, {"visibility": "public"}), "room_shape")
    assert (await dave.request("POST", f"/knock/{quote(room)}", {}))[0] == 403
    e_mail = {"medium": "email", "address": "d@example.org", "id_server": "id.test"}
    status, _ = await alice.request(
        "POST", f"/rooms/{quote(room)}/invite", {**e_mail, "id_access_token": "t"}
    )
    assert status == 403


async def test_moderated_rooms_stay_readable_to_their_moderators(
    world: World, people: People
) -> None:
    (alice,) = await people("alice")
    encryption = {"algorithm": "m.megolm.v1.aes-sha2"}
    forum = await world.forum(alice)
    refused(await alice.put_state(forum, "m.room.encryption", encryption), "encryption_forbidden")
    at_birth = await alice.create_room(
        preset="public_chat", initial_state=[state("m.room.encryption", **encryption)]
    )
    refused(at_birth, "encryption_forbidden")


async def test_an_old_invite_is_worth_nothing_after_a_quarrel(
    world: World, people: People
) -> None:
    alice, bob = await people("alice", "bob")
    world.befriend(alice, bob)
    made = allowed(await alice.create_room(invite=[bob.user_id], is_direct=True))
    world.unfriend(alice, bob)
    await soon_refused(lambda: bob.join(made["room_id"]), "friendship_required")
    world.befriend(alice, bob)
    await soon_allowed(lambda: bob.join(made["room_id"]))
    # A member's own join again, as clients do for a new display name.
    allowed(await bob.join(made["room_id"]))


async def test_nobody_comes_back_into_a_conversation_after_a_block(
    world: World, people: People
) -> None:
    alice, bob = await people("alice", "bob")
    room = await world.dm(alice, bob)
    allowed(await bob.leave(room))
    world.block(bob, alice)
    await soon_refused(lambda: alice.invite(room, bob.user_id), "friendship_required")


async def test_a_group_has_an_end(world: World, people: People) -> None:
    alice, bob = await people("alice", "bob")
    friends = [f"@friend{number}.{alice.user_id[1:]}" for number in range(10)]
    for friend in friends:
        world.befriend(alice, friend)
    refused(await alice.create_room(invite=friends), "group_full")
    made = allowed(await alice.create_room(invite=friends[:9]))
    world.befriend(alice, bob)
    refused(await alice.invite(made["room_id"], bob.user_id), "group_full")


async def test_masquerade_meets_the_same_rules(world: World, people: People) -> None:
    alice, dave = await people("alice", "dave")
    service = world.stack.matrix.as_user("", world.stack.as_token)
    answer = await service.request(
        "POST", "/createRoom", {"invite": [dave.user_id]}, user_id=alice.user_id
    )
    refused(answer, "friendship_required")
    # The service user itself is above the rules, and stamps its rooms itself.
    made = allowed(
        await service.request(
            "POST",
            "/createRoom",
            {"invite": [dave.user_id], "creation_content": {"social.kith.kind": "forum"}},
        )
    )
    allowed(await dave.join(made["room_id"]))


async def test_a_server_admin_is_refused_at_creation(people: People) -> None:
    (admin,) = await people("admin", admin=True)
    (dave,) = await people("dave")
    refused(await admin.create_room(invite=[dave.user_id]), "friendship_required")
    made = allowed(await admin.create_room())
    # Synapse asks no module here (D28): the appservice rejects it as the invitee, and audits.
    allowed(await admin.invite(made["room_id"], dave.user_id))


async def test_what_no_module_is_asked_about_is_what_the_rules_page_says(
    world: World, people: People
) -> None:
    alice, dave = await people("alice", "dave")
    made = allowed(await alice.create_room())
    ban = {"user_id": dave.user_id, "reason": "carries text"}
    allowed(await alice.request("POST", f"/rooms/{quote(made['room_id'])}/ban", ban))
    body = {"messages": {dave.user_id: {"*": {"text": "x"}}}}
    allowed(await alice.request("PUT", "/sendToDevice/org.example.any/t1", body))
    # What the appservice makes of such a ban: no more rooms.
    world.meet(alice)
    world.sql("UPDATE people SET may_create_rooms = false WHERE user_id = %s", alice.user_id)
    await soon_refused(alice.create_room, "creation_suspended")


async def test_malformed_bodies_are_the_clients_fault(people: People) -> None:
    (alice,) = await people("alice")
    for body in (
        {"invite": "@bob:hs.test"},
        {"invite": [7]},
        {"invite": ["bob"]},
        {"creation_content": []},
        {"initial_state": {"type": "m.room.name"}},
        {"initial_state": [7]},
        {"invite_3pid": {"medium": "email"}},
    ):
        status, answer = await alice.create_room(**body)
        assert status == 400, (body, answer)
