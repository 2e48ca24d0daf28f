# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person may not see stays unseen, and what the rules refuse is said in their words."""

import itertools
from typing import Any
from urllib.parse import quote

import pytest

from tests.journeys.conversation.world import Element, Web, World, at
from tests.support.eventually import eventually

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
JOINED = {
    "initial_state": [
        {
            "type": "m.room.history_visibility",
            "state_key": "",
            "content": {"history_visibility": "joined"},
        }
    ]
}


async def test_a_latecomer_reads_nothing_earlier_in_any_way(
    world: World, alice: Web, bob: Element
) -> None:
    room = await world.room("12", alice, **JOINED)
    secret = await alice.say(room, "the secret word is heron")
    status, _ = await bob.user.join(room)
    assert status == 200
    await world.joined(bob.user_id, room)
    answer = await alice.say(room, "as I said", reply_to=secret["event_id"])
    aside = await alice.say(room, "in its thread", thread_root=secret["event_id"])
    reader = Web(world.stack, bob.user)

    rows = await reader.messages(room)
    assert [row["event_id"] for row in rows] == [answer["event_id"]]
    assert rows[0]["reply_to"] == {
        "event_id": secret["event_id"],
        "sender": None,
        "sender_name": None,
        "body": None,
    }
    one = f"{at(room)}/messages/{quote(secret['event_id'])}"
    await alice.done("PUT", f"{at(room)}/pins/{quote(secret['event_id'])}")
    for path, query in (
        (one, {}),
        (f"{one}/reactions", {}),
        (f"{at(room)}/messages", {"around": secret["event_id"]}),
    ):
        status, body = await reader.ask("GET", path, **query)
        assert status == 404, body
    for path, query in (
        (f"{at(room)}/pins", {}),
        (f"{at(room)}/threads", {}),
        (f"{at(room)}/search", {"q": "heron"}),
    ):
        _, body = await reader.ask("GET", path, **query)
        assert "heron" not in str(body), path
    replying = {"reply_to": secret["event_id"]}
    for method, path, body in (
        ("PUT", f"{one}/reactions/x", None),
        (
            "POST",
            f"{at(room)}/messages",
            {"text": "?", "txn_id": "r", **replying},
        ),
        ("PUT", f"{at(room)}/pins/{quote(secret['event_id'])}", None),
    ):
        status, refused = await reader.ask(method, path, body)
        assert status == 404, (path, refused)
    thread = await reader.ask("GET", f"{at(room)}/messages", thread=secret["event_id"])
    assert "heron" not in str(thread)
    assert aside["thread_root"] == secret["event_id"]

    # An event of another room is nobody's business here.
    other = await world.room("12", alice)
    elsewhere = await alice.say(other, "elsewhere heron")
    await bob.say(
        room, "look", **{"m.relates_to": {"m.in_reply_to": {"event_id": elsewhere["event_id"]}}}
    )
    for who in (alice, reader):
        *_, last = await who.messages(room)
        assert last["reply_to"]["body"] is None
    status, _ = await alice.ask("GET", f"{at(room)}/messages/{quote(elsewhere['event_id'])}")
    assert status == 404

    # Reactions of a room where not all see all are read as the person.
    liked = f"{at(room)}/messages/{quote(answer['event_id'])}/reactions/{quote('🎉')}"
    await alice.done("PUT", liked)
    (given,) = (await reader.messages(room))[0]["reactions"]
    assert (given["key"], given["count"], given["mine"]) == ("🎉", 1, None)
    await reader.user.leave(room)
    await alice.done("PUT", liked.replace(quote("🎉"), "late"))
    first, *_ = await reader.messages(room)
    assert [one["key"] for one in first["reactions"]] == ["🎉"]


async def test_whom_one_has_blocked_is_not_read(world: World, alice: Web, bob: Element) -> None:
    room = await world.room("12", alice, bob)
    mine = await alice.say(room, "mine")
    theirs = await bob.say(room, "theirs")
    liked = {
        "m.relates_to": {"rel_type": "m.annotation", "event_id": mine["event_id"], "key": "a"}
    }
    await bob.send(room, liked, "m.reaction")
    carol = await world.web("carolblock")
    await carol.user.join(room)
    await world.joined(carol.user_id, room)
    await carol.say(room, "quoting", reply_to=theirs)
    await alice.done("POST", f"/profile/{quote(bob.user_id)}/block")
    rows = await alice.messages(room)
    assert [row["sender"] for row in rows] == [alice.user_id, carol.user_id]
    assert rows[0]["reactions"] == []
    assert rows[1]["reply_to"]["body"] is None
    status, _ = await alice.ask("GET", f"{at(room)}/messages/{quote(theirs)}")
    assert status == 404
    # Who is blocked reads on and is not told.
    assert len(await Web(world.stack, bob.user).messages(room)) == 3


@pytest.mark.parametrize("version", ["12", "11"])
async def test_encrypted_messages_are_told_of_and_break_nothing(
    world: World, bob: Element, version: str
) -> None:
    encrypted = {
        "preset": "private_chat",
        "is_direct": True,
        "room_version": version,
        "initial_state": [
            {
                "type": "m.room.encryption",
                "state_key": "",
                "content": {"algorithm": "m.megolm.v1.aes-sha2"},
            }
        ],
    }
    status, body = await bob.user.create_room(**encrypted)
    assert status == 200, body
    room = str(body["room_id"])
    sealed = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgA", "session_id": "s"}
    first = (await bob.user.send(room, sealed, "m.room.encrypted"))[1]["event_id"]
    replaces = {"rel_type": "m.replace", "event_id": first}
    await bob.user.send(room, {**sealed, "m.relates_to": replaces}, "m.room.encrypted")
    answers = {"m.in_reply_to": {"event_id": first}}
    await bob.user.send(room, {**sealed, "m.relates_to": answers}, "m.room.encrypted")
    await world.joined(bob.user_id, room)
    rows = await Web(world.stack, bob.user).messages(room)
    assert [(row["kind"], row["body"], row["deleted"]) for row in rows] == [
        ("encrypted", "", False)
    ] * 2
    assert rows[1]["reply_to"] == {
        "event_id": first,
        "sender": bob.user_id,
        "sender_name": rows[0]["sender_name"],
        "body": None,
    }
    told = (await Web(world.stack, bob.user).history(room))["items"]
    assert "encrypted" in [row["what"] for row in told if row["row"] == "system"]


async def test_a_picture_goes_along(world: World, alice: Web, bob: Element) -> None:
    room = await world.room("12", alice, bob)
    upload = await world.upload(alice, "two\u202elines.png")
    sent = await alice.say(room, "a *caption*", attachment={"upload_id": upload["id"]})
    assert (sent["kind"], sent["body"]) == ("image", "a *caption*")
    content = (await bob.event(room, sent["event_id"]))["content"]
    assert content["msgtype"] == "m.image"
    assert content["url"].startswith("mxc://")
    assert content["formatted_body"] == "a <em>caption</em>"
    attachment = sent["attachment"]
    assert "\u202e" not in attachment["name"]
    assert (attachment["mime_type"], attachment["width"]) == ("image/png", 64)
    for url in (attachment["url"], attachment["thumbnail_url"]):
        status, kind, _ = await world.get(alice, url)
        assert (status, kind.partition("/")[0]) == (200, "image"), url
        status, _, _ = await world.get(await world.web(f"x{abs(hash(url))}"), url)
        assert status == 404
    plain = await alice.say(room, "", attachment={"upload_id": upload["id"]})
    assert plain["body"] == ""
    assert plain["attachment"]["name"] == attachment["name"]
    found = await alice.done("GET", f"{at(room)}/search", has="file")
    assert len(found["items"]) == 2
    # What a Matrix client sends is shown likewise.
    image = {"msgtype": "m.image", "body": "x.png", "url": content["url"], "info": {"w": "big"}}
    await bob.send(room, image)
    *_, last = await alice.messages(room)
    assert (last["kind"], last["body"], last["attachment"]["width"]) == ("image", "", None)
    edited = await alice.done(
        "PUT", f"{at(room)}/messages/{quote(sent['event_id'])}", {"text": "new words"}
    )
    assert (edited["kind"], edited["body"]) == ("image", "new words")
    assert edited["attachment"]["url"] == attachment["url"]


async def test_direct_messages_open_the_conversation(world: World, alice: Web) -> None:
    friend = await world.web("friendly")
    body = {"user_id": friend.user_id, "text": "hello", "txn_id": "d1"}
    status, refused = await alice.ask("POST", "/dm/messages", body)
    assert (status, refused["error"]["code"]) == (409, "friendship_required")
    asked = await alice.done("POST", f"/profile/{quote(friend.user_id)}/friend-request")
    status, refused = await alice.ask("POST", "/dm/messages", body)
    assert (status, refused["error"]["code"]) == (409, "request_pending")
    await friend.done("POST", f"/friends/{asked['id']}/respond", {"action": "accept"})
    sent = await alice.done("POST", "/dm/messages", body)
    again = await alice.done("POST", "/dm/messages", body)
    assert again["event_id"] == sent["event_id"]
    by_room = {"conversation_id": sent["room_id"], "text": "more", "txn_id": "d2"}
    assert (await alice.done("POST", "/dm/messages", by_room))["room_id"] == sent["room_id"]
    await friend.user.join(sent["room_id"])
    await world.joined(friend.user_id, sent["room_id"])
    await alice.done("POST", f"/profile/{quote(friend.user_id)}/block")

    async def closed() -> bool:
        # The homeserver hears of the block in a moment.
        again = {**by_room, "txn_id": f"d{next(numbers)}"}
        status, refused = await alice.ask("POST", "/dm/messages", again)
        return status == 403 and refused["error"]["code"] == "blocked"

    numbers = itertools.count(3)
    assert await eventually(closed)


async def test_slow_mode_and_length_are_told(world: World, alice: Web, bob: Element) -> None:
    room = await world.room("12", alice, bob)
    await world.sql("UPDATE rooms SET slow_mode = 60 WHERE room_id = %(room)s", room=room)
    slow = Web(world.stack, bob.user)

    async def told() -> dict[str, Any] | None:
        # The homeserver hears of the new setting in a moment.
        body = {"text": "again", "txn_id": f"s{next(numbers)}"}
        status, answer = await slow.ask("POST", f"{at(room)}/messages", body)
        return answer if status == 429 else None

    numbers = itertools.count()
    refused = await eventually(told)
    error = refused["error"]
    assert error["code"] == "slow_mode"
    assert 0 < error["details"]["retry_after_ms"] <= 120_000
    assert error["message"].startswith("Slow mode is on")
    socket = await slow.socket()
    await socket.say(type="send", id="s", room=room, txn_id="sock", message={"text": "third"})
    failed = await socket.until("error")
    assert (failed["re"], failed["code"]) == ("s", "slow_mode")
    assert 0 < failed["details"]["retry_after_ms"] <= 120_000
    status, body = await bob.user.send(room, "x" * 4001)
    assert (status, body["errcode"], body["social.kith.reason"]) == (
        413,
        "M_TOO_LARGE",
        "too_long",
    )
