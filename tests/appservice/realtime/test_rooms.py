# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

import pytest

from tests.support.eventually import eventually
from tests.support.live import Live, Socket


async def test_a_message_reaches_every_member_once(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("one", alice, bob)
    hers, his = await live.socket(alice), await live.socket(bob)
    begun = await hers.subscribe(room, id="s1")
    await his.subscribe(begun["id"])
    assert begun["re"] == "s1"
    assert begun["position"] == 3
    said = live.timeline.message(room, bob.user_id, "hello")
    await live.accept(said)
    for socket in (hers, his):
        frame = await socket.next()
        assert frame["event"] == "message:new"
        assert (frame["event_id"], frame["sender"]) == (said.event_id, bob.user_id)
        assert (frame["position"], frame["content"]["body"]) == (4, "hello")
        assert await socket.silent()


async def test_runs_that_asked_nothing_are_told_between_those_that_did(live: Live) -> None:
    alice = live.door.person("alice")
    room = await live.room("mixed", alice)
    socket = await live.socket(alice)
    await socket.subscribe(room)
    await live.accept(live.timeline.message(room, alice.user_id, "1"))
    # A run that was taken apart, or a long one.
    live.gateway.publisher.applied(
        await live.commit(live.timeline.message(room, alice.user_id, "2")), None
    )
    await live.accept(live.timeline.message(room, alice.user_id, "3"))
    found = [await socket.next() for _ in range(3)]
    assert [frame["content"]["body"] for frame in found] == ["1", "2", "3"]
    assert len({frame["message"]["sender_name"] for frame in found}) == 1
    assert await socket.silent()


async def test_who_is_not_in_hears_nothing(live: Live) -> None:
    alice, eve = live.door.person("alice"), live.door.person("eve")
    room = await live.room("closed", alice)
    socket = await live.socket(eve)
    await socket.say(type="subscribe", room=room, id="x")
    frame = await socket.next()
    assert (frame["event"], frame["code"], frame["re"]) == ("error", "not_found", "x")
    await live.accept(live.timeline.message(room, alice.user_id))
    assert await socket.silent()
    alone = await live.connect(f"/ws/community/room/{room}/", await live.token(eve))
    assert await alone.closed() == 4003


@pytest.mark.parametrize(
    ("membership", "by_other"), [("leave", False), ("leave", True), ("ban", True)]
)
async def test_an_end_of_membership_is_the_last_frame(
    live: Live, membership: str, by_other: bool
) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("parting", alice, bob, kind="dm")
    many, one = await live.socket(bob), await live.socket(bob, f"/ws/community/dm/{room}/")
    await many.subscribe(room)
    await one.until("subscribed")
    sender = alice.user_id if by_other else bob.user_id
    await live.accept(
        live.timeline.message(room, alice.user_id, "before"),
        live.timeline.member(room, bob.user_id, membership, sender, reason="enough"),
        live.timeline.message(room, alice.user_id, "after"),
    )
    assert (await many.next())["content"]["body"] == "before"
    told = await many.next()
    assert (told["event"], told["membership"]) == ("member:changed", membership)
    assert told["reason"] == "enough"
    assert (await many.next())["event"] == "unsubscribed"
    assert await many.silent()
    assert await one.closed() == 4003
    await live.accept(live.timeline.member(room, bob.user_id, "join"))
    assert (await many.next())["membership"] == "join"
    await many.subscribe(room)


async def test_ones_own_memberships_come_without_a_subscription(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("inviting", alice)
    socket = await live.socket(bob)
    await live.accept(live.timeline.member(room, bob.user_id, "invite", alice.user_id))
    frame = await socket.next()
    assert (frame["room_id"], frame["membership"]) == (room, "invite")
    ban = live.timeline.member(room, bob.user_id, "ban", alice.user_id, reason="rude words")
    await live.accept(ban)
    assert (await socket.next())["reason"] is None


async def kinds(socket: Socket, count: int) -> list[dict[str, Any]]:
    return [await socket.next() for _ in range(count)]


async def test_every_kind_of_event_has_its_frame(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room, me = await live.room("kinds", alice, bob), alice.user_id
    line = live.timeline
    socket = await live.socket(bob)
    await socket.subscribe(room)
    said = line.message(room, me, "helo")
    relation = {"rel_type": "m.replace", "event_id": said.event_id}
    edit = {"m.new_content": {"body": "hello"}, "m.relates_to": relation}
    edited = line.event(room, me, "m.room.message", {"body": "* hello", **edit})
    forged = line.event(room, bob.user_id, "m.room.message", {"body": "* x", **edit})
    liked = {"rel_type": "m.annotation", "event_id": said.event_id, "key": "👍"}
    reaction = line.event(room, me, "m.reaction", {"m.relates_to": liked})
    thread = {
        "rel_type": "m.thread",
        "event_id": said.event_id,
        "m.in_reply_to": {"event_id": said.event_id},
    }
    await live.accept(
        said,
        edited,
        forged,
        reaction,
        line.message(room, me, "in a thread", **{"m.relates_to": thread}),
        line.event(room, me, "m.room.encrypted", {"ciphertext": "x", "algorithm": "y"}),
        line.event(room, me, "m.room.message"),
        line.event(room, me, "m.room.redaction", {"redacts": reaction.event_id}),
        line.event(room, me, "m.room.redaction", {"redacts": said.event_id, "reason": "oops"}),
        line.event(room, me, "m.room.name", {"name": "Kinds"}, ""),
        line.event(room, me, "org.example.custom", {"a": 1}),
    )
    found = await kinds(socket, 9)
    assert [frame["event"] for frame in found] == [
        "message:new",
        "message:edited",
        "reaction:added",
        "message:new",
        "message:new",
        "reaction:removed",
        "message:redacted",
        "room:changed",
        "event:new",
    ]
    assert (found[1]["target"], found[1]["content"]) == (said.event_id, {"body": "hello"})
    assert (found[2]["target"], found[2]["key"]) == (said.event_id, "👍")
    assert (found[3]["thread_root"], found[3]["reply_to"]) == (said.event_id, said.event_id)
    assert (found[4]["encrypted"], found[4]["content"]) == (True, {})
    assert found[5]["target"] == reaction.event_id
    assert (found[6]["target"], found[6]["reason"]) == (said.event_id, "oops")
    assert found[7]["content"] == {"name": "Kinds"}
    assert await socket.silent()


async def test_a_blocked_persons_words_are_not_sent(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("blocking", alice, bob)
    hers, his = await live.socket(alice), await live.socket(bob)
    await hers.subscribe(room)
    await his.subscribe(room)
    assert (await alice.post("/api/profile/bob/block")).status == 204

    async def said(text: str) -> None:
        await live.accept(live.timeline.message(room, bob.user_id, text))
        assert (await his.until("message:new"))["content"]["body"] == text

    # The block is heard of by a notification; its effect is the condition.
    await eventually(lambda: live.gateway.doors.hub.people.hides(alice.user_id, bob.user_id))
    await said("unread")
    await live.accept(live.timeline.message(room, alice.user_id, "mine"))
    assert (await hers.until("message:new"))["content"]["body"] == "mine"
    assert (await his.until("message:new"))["content"]["body"] == "mine"
    again = await live.socket(alice)
    await again.subscribe(room, resume_from=3)
    assert (await again.until("message:new"))["content"]["body"] == "mine"
    assert (await alice.delete("/api/profile/bob/block")).status == 204
    await eventually(lambda: not live.gateway.doors.hub.people.hides(alice.user_id, bob.user_id))
    await said("read again")
    assert (await hers.until("message:new"))["content"]["body"] == "read again"
