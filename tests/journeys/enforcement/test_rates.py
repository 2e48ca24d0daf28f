# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often: rates, slow mode and daily caps, as a client meets them (D22, D23, D4)."""

import asyncio
from typing import Any
from urllib.parse import quote

import pytest

from tests.journeys.enforcement.types import People
from tests.journeys.enforcement.world import World, allowed, refused, soon_allowed, soon_refused

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


def limited(answer: tuple[int, Any], reason: str) -> int:
    refused(answer, reason, 429)
    assert answer[1]["errcode"] == "M_LIMIT_EXCEEDED"
    assert answer[1]["retry_after_ms"] > 0
    return int(answer[1]["retry_after_ms"])


async def test_reactions_and_edits_have_their_own_rates(world: World, people: People) -> None:
    (alice,) = await people("alice")
    room = await world.forum(alice)
    first = allowed(await alice.send(room, "hello"))["event_id"]
    for key in "abcd":
        relation = {"rel_type": "m.annotation", "event_id": first, "key": key}
        allowed(await alice.send(room, {"m.relates_to": relation}, "m.reaction"))
    relation = {"rel_type": "m.annotation", "event_id": first, "key": "e"}
    wait = limited(await alice.send(room, {"m.relates_to": relation}, "m.reaction"), "rate_limit")
    assert wait <= 60_000
    edit = {
        "msgtype": "m.text",
        "body": "* hello",
        "m.new_content": {"msgtype": "m.text", "body": "hello"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": first},
    }
    for _ in range(3):
        allowed(await alice.send(room, edit))
    limited(await alice.send(room, edit), "rate_limit")
    allowed(await alice.send(room, "messages go on"))


async def test_slow_mode_makes_people_wait_and_edits_need_not(
    world: World, people: People
) -> None:
    alice, bob = await people("alice", "bob")
    room = await world.forum(alice)
    world.register_room(room, "forum", slow_mode=30, managers=[alice.user_id])
    allowed(await bob.join(room))
    first = (await soon_allowed(lambda: bob.send(room, "one")))["event_id"]
    wait = limited(await bob.send(room, "two"), "slow_mode")
    assert 25_000 < wait <= 30_000
    relation = {"rel_type": "m.annotation", "event_id": first, "key": "+"}
    allowed(await bob.send(room, {"m.relates_to": relation}, "m.reaction"))
    allowed(await bob.request("PUT", f"/rooms/{quote(room)}/redact/{quote(first)}/r1", {}))
    for _ in range(3):
        allowed(await alice.send(room, "moderators do not wait"))
    world.sql("UPDATE rooms SET slow_mode = 0 WHERE room_id = %s", room)
    await soon_allowed(lambda: bob.send(room, "three"))


async def test_a_transaction_tried_again_is_charged_once(world: World, people: People) -> None:
    alice, bob = await people("alice", "bob")
    room = await world.forum(alice)
    world.register_room(room, "forum", slow_mode=30)
    allowed(await bob.join(room))
    path = f"/rooms/{quote(room)}/send/m.room.message/same"
    body = {"msgtype": "m.text", "body": "once"}
    first = await soon_allowed(lambda: bob.request("PUT", path, body))
    assert allowed(await bob.request("PUT", path, body)) == first


async def test_three_servers_a_day_and_racing_requests_get_no_more(
    world: World, people: People
) -> None:
    alice, bob = await people("alice", "bob")
    space = {"creation_content": {"type": "m.space"}}
    answers = await asyncio.gather(*(alice.create_room(**space) for _ in range(6)))
    assert sorted(status for status, _ in answers) == [200] * 3 + [429] * 3
    for answer in answers:
        if answer[0] == 429:
            limited(answer, "creation_limit")
    world.meet(bob)
    for number in range(3):
        world.register_room(f"!{number}{bob.user_id}", "server", creator=bob.user_id)
    wait = limited(await bob.create_room(**space), "creation_limit")
    assert wait > 86_000_000
    world.sql(
        "UPDATE rooms SET created_at = now() - interval '25 hours' WHERE creator = %s", bob.user_id
    )
    allowed(await bob.create_room(**space))


async def test_two_racing_invites_of_a_stranger_both_fail(people: People) -> None:
    alice, dave = await people("alice", "dave")
    made = allowed(await alice.create_room())
    tries = [alice.create_room(invite=[dave.user_id]), alice.invite(made["room_id"], dave.user_id)]
    for answer in await asyncio.gather(*tries):
        refused(answer, "friendship_required")
    assert await dave.invites() == []


async def test_a_block_between_two_sends_stops_the_second(world: World, people: People) -> None:
    alice, bob = await people("alice", "bob")
    room = await world.dm(alice, bob)
    burst = [alice.send(room, f"{number}") for number in range(20)]
    sending = asyncio.gather(*burst)
    world.block(bob, alice)
    await sending
    await soon_refused(lambda: alice.send(room, "late"), "friendship_required")


async def test_a_message_has_an_end_for_every_client(world: World, people: People) -> None:
    alice, bob = await people("alice", "bob")
    room = await world.forum(alice)
    allowed(await bob.join(room))
    first = (await soon_allowed(lambda: bob.send(room, "x" * 4000)))["event_id"]
    quoted = "> <@a> " + "q" * 500 + "\n\n" + "x" * 4000
    answers = {"m.relates_to": {"m.in_reply_to": {"event_id": first}}}
    allowed(await bob.send(room, {"msgtype": "m.text", "body": quoted, **answers}))
    replaces = {"m.relates_to": {"rel_type": "m.replace", "event_id": first}}
    for content in (
        {"msgtype": "m.text", "body": "x" * 4001},
        {"msgtype": "m.notice", "body": "x" * 4001},
        {"msgtype": "m.image", "url": "mxc://a/b", "filename": "a", "body": "x" * 4001},
        {"msgtype": "m.text", "body": "* x", "m.new_content": {"body": "x" * 4001}, **replaces},
        {"msgtype": "m.text", "body": "x", "formatted_body": "<b>" + "x" * 16_384},
    ):
        status, body = await bob.send(room, content)
        assert (status, body["errcode"]) == (413, "M_TOO_LARGE"), body
        assert body["social.kith.reason"] == "too_long"
