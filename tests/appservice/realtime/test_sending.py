# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages sent over a socket: answered, in order, without holding up anything else."""

import asyncio
from typing import Any

import pytest

from appservice.errors import Unavailable
from appservice.realtime.outbox import MOST
from tests.fakes.homeserver import FakeRoom
from tests.support.live import Live

ROOM = "!talk"


def words(number: int, **more: Any) -> dict[str, Any]:
    return {
        "type": "send",
        "id": f"c{number}",
        "room": ROOM,
        "txn_id": f"t{number}",
        "message": {"text": f"number {number}"},
        **more,
    }


@pytest.fixture
async def alice(live: Live) -> Any:
    person = live.door.person("alice")
    await live.room("talk", person)
    live.door.homeserver.rooms[ROOM] = FakeRoom(
        person.user_id, {}, members={person.user_id: "join"}
    )
    return person


async def test_sends_are_answered_in_their_order(live: Live, alice: Any) -> None:
    socket = await live.socket(alice)
    for number in range(5):
        await socket.say(**words(number))
    for number in range(5):
        sent = await socket.until("message:sent")
        assert (sent["re"], sent["txn_id"]) == (f"c{number}", f"t{number}")
    assert live.door.homeserver.said(ROOM) == [f"number {n}" for n in range(5)]
    await socket.say(**words(0))
    again = await socket.until("message:sent")
    assert len(live.door.homeserver.said(ROOM)) == 5
    assert again["room_id"] == ROOM


async def test_a_slow_homeserver_holds_up_nothing_else(
    live: Live, alice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = asyncio.Event()
    real = live.door.homeserver.send_message

    async def slow(*given: Any, **more: Any) -> str:
        await go.wait()
        return await real(*given, **more)

    monkeypatch.setattr(live.door.homeserver, "send_message", slow)
    socket = await live.socket(alice)
    for number in range(MOST + 2):
        await socket.say(**words(number))
    # One is on its way, as many as may wait do; the one after them is refused at once.
    failed = await socket.until("error")
    assert (failed["re"], failed["code"]) == (f"c{MOST + 1}", "too_many_requests")
    assert failed["details"]["retry_after_ms"] == 1000
    assert await socket.silent()
    go.set()
    for number in range(MOST + 1):
        assert (await socket.until("message:sent"))["re"] == f"c{number}"


async def test_refusals_are_those_of_the_api(
    live: Live, alice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = await live.socket(alice)
    await socket.say(**words(1, room="!elsewhere"))
    assert (await socket.until("error"))["code"] == "not_found"
    await socket.say(**words(2, message={"text": " "}))
    assert (await socket.until("error"))["code"] == "invalid"
    await socket.say(**words(3, txn_id="with space"))
    assert (await socket.until("error"))["code"] == "invalid"

    async def limited(*_: Any, **__: Any) -> str:
        raise Unavailable("homeserver", 2500, "slow_mode")

    monkeypatch.setattr(live.door.homeserver, "send_message", limited)
    await socket.say(**words(4))
    failed = await socket.until("error")
    assert (failed["re"], failed["code"]) == ("c4", "slow_mode")
    assert failed["details"]["retry_after_ms"] == 2500
    far = live.door.person("far", server="far.test")
    await far.get("/api/me")
    there = await live.socket(far)
    await there.say(**words(5))
    assert (await there.until("error"))["code"] == "local_only"


async def test_frames_carry_the_message(live: Live, alice: Any) -> None:
    await live.door.sql(
        "INSERT INTO people (user_id, local, display_name) VALUES (%(who)s, true, 'Alice')"
        " ON CONFLICT (user_id) DO UPDATE SET display_name = 'Alice'",
        who=alice.user_id,
    )
    socket = await live.socket(alice)
    await socket.subscribe(ROOM)
    root = live.timeline.message(ROOM, alice.user_id, "root")
    thread = {"m.relates_to": {"rel_type": "m.thread", "event_id": root.event_id}}
    first = live.timeline.message(ROOM, alice.user_id, "first", **thread)
    await live.accept(root, first)
    assert (await socket.until("message:new"))["message"]["body"] == "root"
    shown = (await socket.until("message:new"))["message"]
    assert (shown["event_id"], shown["sender_name"]) == (first.event_id, "Alice")
    assert (shown["position"], shown["thread_root"]) == (first.ordering, root.event_id)
    replaces = {"rel_type": "m.replace", "event_id": first.event_id}
    new = {"msgtype": "m.text", "body": "better"}
    edit = live.timeline.message(
        ROOM, alice.user_id, "* better", **{"m.new_content": new, "m.relates_to": replaces}
    )
    empty = live.timeline.message(ROOM, alice.user_id, "* x", **{"m.relates_to": replaces})
    key = {"rel_type": "m.annotation", "event_id": first.event_id, "key": "👍"}
    like = live.timeline.event(ROOM, alice.user_id, "m.reaction", {"m.relates_to": key})
    gone = live.timeline.event(ROOM, alice.user_id, "m.room.redaction", {"redacts": like.event_id})
    await live.accept(edit, empty, like, gone)
    shown = (await socket.next())["message"]
    assert (shown["event_id"], shown["body"]) == (first.event_id, "better")
    assert (shown["ts"], shown["edited_at"]) == (first.ts, edit.ts)
    assert (shown["position"], shown["thread_root"]) == (first.ordering, root.event_id)
    assert (await socket.next())["event"] == "reaction:added"
    removed = await socket.next()
    assert (removed["target"], removed["message"], removed["key"]) == (
        like.event_id,
        first.event_id,
        "👍",
    )
