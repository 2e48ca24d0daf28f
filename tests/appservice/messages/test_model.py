# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.messages import model, system
from appservice.people.faces import Face

ROOM = "!room:hs.test"
ALICE, BOB = "@alice:hs.test", "@bob:hs.test"
FACES = {ALICE: Face("Alice", "mxc://hs.test/a"), BOB: Face("Bob", None)}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["msgtype", "body", "url", "info", "m.relates_to", "m.new_content", "event_id"]
            )
            | st.text(max_size=9),
            inner,
        )
    ),
    max_leaves=12,
)


def event(content: Any, kind: str = "m.room.message", **more: Any) -> dict[str, Any]:
    return {
        "event_id": "$e",
        "room_id": ROOM,
        "sender": ALICE,
        "type": kind,
        "content": content,
        "origin_server_ts": 1000,
        **more,
    }


def text(body: str, **more: Any) -> dict[str, Any]:
    return {"msgtype": "m.text", "body": body, **more}


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        (text("hi"), "m.room.message", ("text", "hi")),
        ({"msgtype": "m.emote", "body": "waves"}, "m.room.message", ("emote", "waves")),
        ({"msgtype": "m.notice", "body": "beep"}, "m.room.message", ("notice", "beep")),
        ({"msgtype": "m.location", "body": "here"}, "m.room.message", ("location", "here")),
        ({"msgtype": "org.x", "body": "fallback"}, "m.room.message", ("other", "fallback")),
        ({"msgtype": "m.encrypted", "body": "x"}, "m.room.message", ("other", "x")),
        ({"msgtype": 7, "body": ["x"]}, "m.room.message", ("other", "")),
        ({"ciphertext": "x", "body": "x"}, "m.room.encrypted", ("encrypted", "")),
        ({"body": "cat", "url": "mxc://a/b"}, "m.sticker", ("sticker", "cat")),
        (
            {"org.matrix.msc3381.poll.start": {"question": {"org.matrix.msc1767.text": "Tea?"}}},
            "org.matrix.msc3381.poll.start",
            ("poll", "Tea?"),
        ),
        (
            {"m.poll": {"question": {"m.text": [{"body": "Tea?"}]}}},
            "m.poll.start",
            ("poll", "Tea?"),
        ),
        # The name of a file is not a caption.
        ({"msgtype": "m.file", "body": "a.pdf"}, "m.room.message", ("file", "")),
        (
            {"msgtype": "m.file", "body": "a.pdf", "filename": "a.pdf"},
            "m.room.message",
            ("file", ""),
        ),
        (
            {"msgtype": "m.image", "body": "look", "filename": "a.png"},
            "m.room.message",
            ("image", "look"),
        ),
        # What turns a line round, or ends it elsewhere, does not come through.
        (text("a\u202eb\r\nc\x00d\x07"), "m.room.message", ("text", "ab\ncd")),
    ],
)
def test_kind_and_words(content: Any, kind: str, expected: tuple[str, str]) -> None:
    found = model.message(event(content, kind), FACES)
    assert (found.kind, found.body) == expected
    assert not found.deleted


def test_names_and_places() -> None:
    found = model.message(event(text("hi", **{"social.kith.txn_id": "t"})), FACES, position=7)
    assert (found.sender_name, found.sender_avatar) == ("Alice", "mxc://hs.test/a")
    assert (found.position, found.txn_id, found.ts) == (7, "t", 1000)
    unknown = model.message(event(text("hi"), sender="@x:y"), {})
    assert (unknown.sender_name, unknown.sender_avatar) == (None, None)


def test_what_was_removed_is_empty() -> None:
    found = model.message(event({}), FACES)
    assert (found.deleted, found.body, found.attachment) == (True, "", None)


def test_a_reply_loses_its_quotation() -> None:
    relates = {"m.in_reply_to": {"event_id": "$first"}}
    content = text("> <@b:x> first\n\nsecond", **{"m.relates_to": relates})
    content |= {
        "format": "org.matrix.custom.html",
        "formatted_body": "<mx-reply><blockquote>x</blockquote></mx-reply><b>second</b>",
    }
    found = model.message(event(content), FACES)
    assert found.body == "second"
    assert found.formatted_body == "<b>second</b>"
    assert found.reply_to is not None
    assert found.reply_to.model_dump() == {
        "event_id": "$first",
        "sender": None,
        "sender_name": None,
        "body": None,
    }


@pytest.mark.parametrize(
    ("relates", "thread", "reply"),
    [
        ({"rel_type": "m.thread", "event_id": "$root"}, "$root", None),
        (
            {
                "rel_type": "m.thread",
                "event_id": "$root",
                "is_falling_back": True,
                "m.in_reply_to": {"event_id": "$last"},
            },
            "$root",
            None,
        ),
        (
            {
                "rel_type": "m.thread",
                "event_id": "$root",
                "is_falling_back": False,
                "m.in_reply_to": {"event_id": "$last"},
            },
            "$root",
            "$last",
        ),
        ({"m.in_reply_to": {"event_id": 7}}, None, None),
        ({"m.in_reply_to": "x", "rel_type": ["m.thread"], "event_id": "$r"}, None, None),
        ("nonsense", None, None),
    ],
)
def test_relations(relates: Any, thread: str | None, reply: str | None) -> None:
    found = model.message(event(text("x", **{"m.relates_to": relates})), FACES)
    assert found.thread_root == thread
    assert (found.reply_to and found.reply_to.event_id) == reply


def edited(sender: str = ALICE, kind: str = "m.room.message", **new: Any) -> dict[str, Any]:
    edit = {
        "sender": sender,
        "type": kind,
        "origin_server_ts": 2000,
        "content": {"m.new_content": new},
    }
    return {"m.relations": {"m.replace": edit}}


def test_an_edit_stands_in_the_place_of_the_words() -> None:
    original = text("old", **{"m.relates_to": {"rel_type": "m.thread", "event_id": "$r"}})
    changed = edited(**text("new", **{"m.mentions": {"user_ids": [BOB]}}))
    found = model.message(event(original, unsigned=changed), FACES)
    assert (found.body, found.edited_at, found.ts) == ("new", 2000, 1000)
    assert (found.thread_root, found.mentions.users) == ("$r", [BOB])


@pytest.mark.parametrize(
    "unsigned",
    [
        edited(sender=BOB, **text("forged")),
        edited(kind="m.sticker", **text("forged")),
        edited(),
        {"m.relations": "x"},
        {"m.relations": {"m.replace": {"content": {"m.new_content": text("forged")}}}},
        None,
    ],
)
def test_what_is_no_edit_changes_nothing(unsigned: Any) -> None:
    found = model.message(event(text("old"), unsigned=unsigned), FACES)
    assert (found.body, found.edited_at) == ("old", None)


def test_an_edit_does_not_bring_back_what_was_removed() -> None:
    assert model.message(event({}, unsigned=edited(**text("still there"))), FACES).deleted


def test_attachments() -> None:
    info = {
        "mimetype": "image/png",
        "size": 10,
        "w": 3.0,
        "h": -1,
        "duration": True,
        "xyz.amorgan.blurhash": "LKO2",
    }
    content = {"msgtype": "m.image", "body": "a\nb\u202e.png", "url": "mxc://hs.test/abc"}
    found = model.message(event({**content, "info": info}), FACES).attachment
    assert found is not None
    assert (found.name, found.mime_type, found.size) == ("a b.png", "image/png", 10)
    assert (found.width, found.height, found.duration_ms) == (3, None, None)
    assert found.url == "/api/v1/rooms/%21room%3Ahs.test/media/hs.test/abc?event=%24e"
    small = "/api/v1/rooms/%21room%3Ahs.test/media/hs.test/abc/thumbnail?event=%24e"
    assert found.thumbnail_url == f"{small}&width=800&height=600"


@pytest.mark.parametrize(
    "url",
    [
        None,
        7,
        "https://evil.test/x.png",
        "mxc://hs.test/../x",
        "mxc://hs.test/a/b",
        "mxc://hs test/a",
        "mxc://hs.test/a?x=1",
        "javascript:alert(1)",
    ],
)
def test_only_the_homeservers_media_has_an_address(url: Any) -> None:
    found = model.message(event({"msgtype": "m.file", "body": "a", "url": url}), FACES)
    assert found.attachment is not None
    assert (found.attachment.url, found.attachment.thumbnail_url) == (None, None)


def test_mentions_are_people() -> None:
    named = [BOB, BOB, "bob", 7, None, "@x", "@ :hs.test"]
    content = text("x", **{"m.mentions": {"user_ids": named, "room": True}})
    assert model.message(event(content), FACES).mentions.model_dump() == {
        "users": [BOB],
        "room": True,
    }


@given(JSON, JSON, st.sampled_from(sorted(model.MESSAGES)))
def test_any_event_is_some_message(content: Any, unsigned: Any, kind: str) -> None:
    for given_content in (content, {"body": content, "info": content, "m.relates_to": content}):
        found = model.message(event(given_content, kind, unsigned=unsigned), FACES)
        assert found.model_dump_json()
        assert len(model.excerpt(found)) <= 140


@pytest.mark.parametrize(
    ("now", "before", "own", "expected"),
    [
        ("join", None, True, "joined"),
        ("join", "invite", True, "joined"),
        ("join", "join", True, None),
        ("invite", None, False, "invited"),
        ("leave", "join", True, "left"),
        ("leave", "invite", True, "left"),
        ("leave", "join", False, "removed"),
        ("leave", "ban", False, "other"),
        ("ban", "join", False, "banned"),
        ("knock", None, True, None),
        ("nonsense", None, True, None),
        (None, None, True, None),
    ],
)
def test_what_happened_to_a_member(
    now: str | None, before: str | None, own: bool, expected: str | None
) -> None:
    sender = BOB if own else ALICE
    told = event({"membership": now}, "m.room.member", sender=sender, state_key=BOB)
    if before:
        told["unsigned"] = {"prev_content": {"membership": before}}
    row = system.row(told, FACES, 3)
    assert (row and row.what) == expected
    if row:
        assert (row.subject, row.subject_name, row.position) == (BOB, "Bob", 3)


@given(JSON, st.sampled_from([*system.KINDS, "org.other"]))
def test_any_state_is_told_or_left_out(content: Any, kind: str) -> None:
    row = system.row(event(content, kind, state_key=""), FACES)
    assert row is None or row.model_dump_json()
