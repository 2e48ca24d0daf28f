# SPDX-License-Identifier: AGPL-3.0-or-later
"""One person on Kith's API, one with a Matrix client: what each does, the other sees."""

from urllib.parse import quote

import pytest

from tests.journeys.conversation.world import Element, Web, World, at
from tests.support.eventually import eventually

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("version", ["12", "11"])
async def test_what_each_says_the_other_reads(
    world: World, alice: Web, bob: Element, version: str
) -> None:
    room = await world.room(version, alice, bob)
    hello = await alice.say(
        room, "**hello** @bob\nsecond line", mentions={"users": [bob.user_id], "room": False}
    )
    assert (hello["kind"], hello["body"]) == ("text", "**hello** @bob\nsecond line")
    seen = (await bob.sees(room, hello["event_id"])).source
    assert seen["content"]["body"] == "**hello** @bob\nsecond line"
    assert seen["content"]["formatted_body"] == "<strong>hello</strong> @bob<br>\nsecond line"
    assert seen["content"]["m.mentions"] == {"user_ids": [bob.user_id]}
    assert seen["sender"] == alice.user_id

    answer = await bob.say(
        room,
        "> <@a> hello\n\nhi yourself",
        **{"m.relates_to": {"m.in_reply_to": {"event_id": hello["event_id"]}}},
    )
    *_, found = await alice.messages(room)
    assert (found["event_id"], found["body"]) == (answer, "hi yourself")
    assert found["reply_to"] == {
        "event_id": hello["event_id"],
        "sender": alice.user_id,
        "sender_name": hello["sender_name"],
        "body": "**hello** @bob second line",
    }
    assert found["sender_name"] is not None

    reply = await alice.say(room, "and you?", reply_to=answer)
    content = (await bob.event(room, reply["event_id"]))["content"]
    assert content["m.relates_to"] == {"m.in_reply_to": {"event_id": answer}}
    assert content["m.mentions"] == {"user_ids": [bob.user_id]}
    assert content["body"] == "and you?"


@pytest.mark.parametrize("version", ["12", "11"])
async def test_only_its_writer_edits_a_message(
    world: World, alice: Web, bob: Element, version: str
) -> None:
    room = await world.room(version, alice, bob)
    hello = await alice.say(room, "**hello**")
    related = {"m.relates_to": {"m.in_reply_to": {"event_id": hello["event_id"]}}}
    answer = await bob.say(room, "hi", **related)
    reply = await alice.say(room, "and you?")
    path = f"{at(room)}/messages/{quote(reply['event_id'])}"
    edited = await alice.done("PUT", path, {"text": "and `you`?"})
    assert (edited["body"], edited["edited_at"] is not None) == ("and `you`?", True)
    bundled = (await bob.event(room, reply["event_id"]))["unsigned"]["m.relations"]["m.replace"]
    assert bundled["content"]["m.new_content"]["formatted_body"] == "and <code>you</code>?"
    replaces = {"rel_type": "m.replace", "event_id": answer}
    new = {"msgtype": "m.text", "body": "hi!"}
    await bob.say(room, "* hi!", **{"m.new_content": new, "m.relates_to": replaces})
    shown = await alice.done("GET", f"{at(room)}/messages/{quote(answer)}")
    assert (shown["body"], shown["reply_to"]["event_id"]) == ("hi!", hello["event_id"])
    foreign = {"rel_type": "m.replace", "event_id": hello["event_id"]}
    new = {"msgtype": "m.text", "body": "forged"}
    await bob.say(room, "* forged", **{"m.new_content": new, "m.relates_to": foreign})
    shown = await alice.done("GET", f"{at(room)}/messages/{quote(hello['event_id'])}")
    assert shown["body"].startswith("**hello**")
    status, refused = await alice.ask(
        "PUT", f"{at(room)}/messages/{quote(answer)}", {"text": "mine now"}
    )
    assert (status, refused["error"]["code"]) == (403, "forbidden")


@pytest.mark.parametrize("version", ["12", "11"])
async def test_a_thread_has_its_own_history(
    world: World, alice: Web, bob: Element, version: str
) -> None:
    room = await world.room(version, alice, bob)
    root = (await alice.say(room, "root"))["event_id"]
    answer = await bob.say(room, "beside it")
    first = await bob.say(
        room, "in a thread", **{"m.relates_to": {"rel_type": "m.thread", "event_id": root}}
    )
    second = await alice.say(room, "me too", thread_root=root)
    relates = (await bob.event(room, second["event_id"]))["content"]["m.relates_to"]
    assert relates == {
        "rel_type": "m.thread",
        "event_id": root,
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": first},
    }
    assert second["reply_to"] is None
    thread = await alice.messages(room, thread=root)
    assert [item["event_id"] for item in thread] == [first, second["event_id"]]
    main = await alice.messages(room)
    assert [item["event_id"] for item in main] == [root, answer]
    assert main[0]["thread"] == {
        "count": 2,
        "latest_ts": second["ts"],
        "latest_sender": alice.user_id,
        "participated": True,
    }
    threads = await alice.done("GET", f"{at(room)}/threads")
    assert [item["event_id"] for item in threads["items"]] == [root]


@pytest.mark.parametrize("version", ["12", "11"])
async def test_a_reaction_counts_once(
    world: World, alice: Web, bob: Element, version: str
) -> None:
    room = await world.room(version, alice, bob)
    root = (await alice.say(room, "like this"))["event_id"]
    thumb = f"{at(room)}/messages/{quote(root)}/reactions/{quote('👍')}"
    await alice.done("PUT", thumb)
    again = await alice.done("PUT", thumb)
    assert again["reactions"][0]["count"] == 1
    liked = {"m.relates_to": {"rel_type": "m.annotation", "event_id": root, "key": "👍"}}
    like = await bob.send(room, liked, "m.reaction")
    (given,) = (await alice.messages(room))[0]["reactions"]
    assert (given["key"], given["count"]) == ("👍", 2)
    assert given["mine"] == given["people"][0]["event_id"]
    assert [who["user_id"] for who in given["people"]] == [alice.user_id, bob.user_id]
    who = await alice.done("GET", f"{at(room)}/messages/{quote(root)}/reactions", limit="1")
    assert [row["event_id"] for row in who["items"]] == [like]
    who = await alice.done(
        "GET", f"{at(room)}/messages/{quote(root)}/reactions", cursor=who["next_cursor"]
    )
    assert [row["user_id"] for row in who["items"]] == [alice.user_id]
    await alice.done("DELETE", thumb)
    await alice.done("DELETE", thumb)
    (given,) = (await alice.messages(room))[0]["reactions"]
    assert (given["count"], given["mine"]) == (1, None)


@pytest.mark.parametrize("version", ["12", "11"])
async def test_pinning_and_removing(world: World, alice: Web, bob: Element, version: str) -> None:
    room = await world.room(version, alice, bob)
    root = (await alice.say(room, "root"))["event_id"]
    answer = await bob.say(room, "pin this")
    reply = await alice.say(room, "and go")
    pin = f"{at(room)}/pins/{quote(answer)}"
    await alice.done("PUT", pin)
    await alice.done("PUT", pin)
    pins = await alice.done("GET", f"{at(room)}/pins")
    assert [(item["event_id"], item["pinned"]) for item in pins["items"]] == [(answer, True)]
    await alice.done("DELETE", pin)
    assert (await alice.done("GET", f"{at(room)}/pins"))["items"] == []

    # Removal, both ways.
    await alice.done(
        "DELETE", f"{at(room)}/messages/{quote(reply['event_id'])}", reason="never\nmind"
    )
    gone = await bob.event(room, reply["event_id"])
    assert gone["content"] == {}
    assert gone["unsigned"]["redacted_because"]["content"]["reason"] == "never mind"
    await bob.client.room_redact(room, answer)
    last = await alice.messages(room)
    assert [(m["deleted"], m["body"]) for m in last[1:]] == [(True, ""), (True, "")]
    # A moderator may remove what others wrote; others may not.
    status, refused = await bob_as_web(world, bob).ask(
        "DELETE", f"{at(room)}/messages/{quote(root)}"
    )
    assert (status, refused["error"]["code"]) == (403, "homeserver_refused")

    # Somebody who is not in it.
    carol = await world.web(f"carol{version}")
    for method, path, body in (
        ("POST", f"{at(room)}/messages", {"text": "hi", "txn_id": "x"}),
        ("PUT", pin, None),
        ("GET", f"{at('!nowhere')}/messages", None),
    ):
        status, refused = await carol.ask(method, path, body)
        assert status == 404, (path, refused)


def bob_as_web(world: World, bob: Element) -> Web:
    return Web(world.stack, bob.user)


@pytest.mark.parametrize("version", ["12", "11"])
async def test_pages_hold_every_row_once(
    world: World, alice: Web, bob: Element, version: str
) -> None:
    room = await world.room(version, alice, bob, name="Talk")
    said = [await bob.say(room, f"number {number}") for number in range(12)]
    for number in (3, 4, 5):
        replaces = {"rel_type": "m.replace", "event_id": said[number]}
        new = {"msgtype": "m.text", "body": f"edited {number}"}
        await bob.say(room, "* x", **{"m.new_content": new, "m.relates_to": replaces})
        in_thread = {"rel_type": "m.thread", "event_id": said[0]}
        await bob.say(room, "aside", **{"m.relates_to": in_thread})
    rows: list[dict[str, object]] = []
    query: dict[str, str] = {}
    while True:
        page = await alice.history(room, limit="4", **query)
        assert len(page["items"]) <= 4
        rows = [*page["items"], *rows]
        if page["before"] is None:
            break
        query = {"before": page["before"]}
    messages = [row for row in rows if row["row"] == "message"]
    assert [row["event_id"] for row in messages] == said
    assert messages[4]["body"] == "edited 4"
    told = [row["what"] for row in rows if row["row"] == "system"]
    assert told[0] == "created"
    assert "renamed" in told
    assert told.count("joined") == 2
    around = await alice.history(room, around=said[5], limit="4")
    ids = [row["event_id"] for row in around["items"]]
    assert said[5] in ids
    start = ids.index(said[5])
    assert ids[start - 1] == said[4]
    forward: list[str] = []
    cursor = around["after"]
    while cursor is not None:
        page = await alice.history(room, after=cursor, limit="3")
        forward += [row["event_id"] for row in page["items"]]
        cursor = page["after"]
    assert page["position"] is not None
    newer = said[said.index(ids[-1]) + 1 :]
    assert forward == newer
    status, refused = await alice.ask("GET", f"{at(room)}/messages", before="bm90")
    assert (status, refused["error"]["code"]) == (400, "invalid")


async def test_a_message_sent_twice_is_one(world: World, alice: Web, bob: Element) -> None:
    room = await world.room("12", alice, bob)
    first = await alice.say(room, "once", txn_id="same")
    again = await alice.say(room, "once", txn_id="same")
    assert first["event_id"] == again["event_id"]
    assert first["txn_id"] == "same"
    socket = await alice.socket()
    await socket.subscribe(room)
    await socket.say(
        type="send", id="1", room=room, txn_id="by-socket", message={"text": "live *one*"}
    )
    sent = await socket.until("message:sent")
    assert (sent["re"], sent["txn_id"], sent["room_id"]) == ("1", "by-socket", room)
    frame = await socket.until("message:new")
    assert frame["message"]["event_id"] == sent["event_id"]
    assert frame["message"]["txn_id"] == "by-socket"
    assert frame["message"]["formatted_body"] == "live <em>one</em>"
    # Synapse forgets transactions over a restart; Kith does not.
    statement = "SELECT event_id FROM events WHERE txn_id = 'by-socket'"
    assert await eventually(lambda: world.sql(statement), within=60) == [(sent["event_id"],)]
    for text in ("", " \n"):
        status, refused = await alice.ask(
            "POST", f"{at(room)}/messages", {"text": text, "txn_id": "z"}
        )
        assert (status, refused["error"]["code"]) == (400, "invalid")
    status, refused = await alice.ask(
        "POST", f"{at(room)}/messages", {"text": "x" * 4001, "txn_id": "z"}
    )
    assert (status, refused["error"]["code"]) == (413, "too_long")
    await socket.say(type="send", id="2", room="!nowhere", txn_id="n", message={"text": "lost"})
    failed = await socket.until("error")
    assert (failed["re"], failed["code"]) == ("2", "not_found")


async def test_search_finds_what_the_person_may_read(
    world: World, alice: Web, bob: Element
) -> None:
    room = await world.room("12", alice, bob)
    other = await world.room("12", alice)
    await alice.say(other, "pineapple elsewhere")
    one = await bob.say(room, "pineapple pizza https://example.org/x")
    two = await alice.say(room, "no pineapple")
    three = await bob.say(room, "plain")
    replaces = {"rel_type": "m.replace", "event_id": three}
    new = {"msgtype": "m.text", "body": "plain pineapple"}
    await bob.say(room, "* plain pineapple", **{"m.new_content": new, "m.relates_to": replaces})
    path = f"{at(room)}/search"

    async def ids(**query: str) -> list[str]:
        answer = await alice.done("GET", path, **query)
        return [item["event_id"] for item in answer["items"]]

    assert await ids(q="pineapple") == [three, two["event_id"], one]
    assert await ids(q="pineapple", sender=bob.user_id) == [three, one]
    assert await ids(q="pineapple", has="link") == [one]
    assert await ids(sender=alice.user_id) == [two["event_id"]]
    assert await ids(has="link") == [one]
    assert await ids(q="pineapple", to=str(two["ts"] - 1)) == [one]
    assert await ids(q="pineapple", **{"from": str(two["ts"])}) == [three, two["event_id"]]
    page = await alice.done("GET", path, q="pineapple", limit="1")
    assert len(page["items"]) == 1
    page = await alice.done("GET", path, q="pineapple", limit="1", cursor=page["next_cursor"])
    assert [item["event_id"] for item in page["items"]] == [two["event_id"]]
    carol = await world.web("searcher")
    status, body = await carol.ask("GET", path, q="pineapple")
    assert (status, body.get("items", [])) in ((404, []), (200, []))
