# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is in an archive, and what must never be."""

import hashlib
import html
from uuid import UUID

from appservice.exports.looks import messages, table
from appservice.privacy.declared import TABLES
from appservice.privacy.entry import Exported
from tests.appservice.exports.conftest import Office, Opened
from tests.support.belongings import FILL, fill
from tests.support.door import Person

EXPORTED = {name for name, one in TABLES.items() if isinstance(one.on_export, Exported)}
# What somebody else did to, and thinks of, the person whose archive it is.
_BEHIND_THE_BACK = """
WITH a AS (INSERT INTO blocks VALUES (%(they)s, %(me)s)),
 b AS (INSERT INTO mutes VALUES (%(they)s, %(me)s)),
 c AS (INSERT INTO friendship_ends VALUES (%(they)s, %(me)s, now())),
 d AS (INSERT INTO suggestions VALUES (%(they)s, %(me)s, 1)),
 e AS (INSERT INTO suggestion_dismissals VALUES (%(they)s, %(me)s, now())),
 f AS (INSERT INTO profile_activity (user_id, kind, subject)
       VALUES (%(they)s, 'became_friends', jsonb_build_object('user_id', %(me)s::text))),
 g AS (INSERT INTO audit_log (at, actor, act, target, source, detail)
       VALUES (now(), %(they)s, 'warned', %(me)s, 'admin', '{"by": "SECRET-detail"}')),
 h AS (INSERT INTO cases (id, kind, subject, target, detail, created_at)
       VALUES (gen_random_uuid(), 'report', %(they)s, %(me)s, '{"said": "SECRET-case"}', now())),
 i AS (INSERT INTO listings (id, seller, title, status, closed_by, listed_at, created_at,
                             updated_at)
       VALUES (gen_random_uuid(), %(me)s, 'closed one', 'closed', %(they)s, now(), now(), now()))
INSERT INTO ignore_mirror VALUES (%(third)s, ARRAY[%(me)s])
"""


async def _talk(office: Office, alice: Person, bob: Person) -> None:
    """A conversation of two, with a file that is there and one that is not."""
    homeserver = office.door.homeserver
    room = await homeserver.create_room({"preset": "private_chat"}, as_user=alice.user_id)
    await homeserver.invite(room, bob.user_id, as_user=alice.user_id)
    await homeserver.join(room, as_user=bob.user_id)
    office.media.broken.add("odd")
    there = office.media.keep(b"picture of a boat", "image/png", "boat")
    large = office.media.keep(b"x" * 1001, "image/png", "large")
    said = [
        {"msgtype": "m.text", "body": "I said <b>this</b>"},
        {"msgtype": "m.image", "body": "../../boat:1.png", "url": there},
        {"msgtype": "m.file", "body": "gone.txt", "url": "mxc://hs.test/gone"},
        {"msgtype": "m.file", "body": "large.txt", "url": large},
        {"msgtype": "m.file", "body": "far.txt", "url": "mxc://far.test/far"},
        {"msgtype": "m.file", "body": "odd.txt", "url": "mxc://hs.test/odd"},
    ]
    for number, content in enumerate(said):
        await homeserver.send_message(room, content, as_user=alice.user_id, key=f"a{number}")
    secret = {"msgtype": "m.text", "body": "SECRET-message"}
    await homeserver.send_message(room, secret, as_user=bob.user_id, key="b")
    await office.door.sql(
        "INSERT INTO rooms (room_id, id, kind, local, name, people, created_at)"
        " VALUES (%(room)s, gen_random_uuid(), 'dm', true, 'Boats', %(people)s, now())",
        room=room,
        people=[alice.user_id, bob.user_id],
    )
    await office.door.sql(
        "INSERT INTO memberships (room_id, user_id, membership, sender, event_id,"
        " stream_ordering, since) VALUES (%(room)s, %(me)s, 'join', %(me)s, '$j', 1, now())",
        room=room,
        me=alice.user_id,
    )


async def _opened(office: Office) -> Opened:
    alice, bob = await office.person("alice"), await office.person("bob")
    mallory, third = await office.person("mallory"), await office.person("third")
    now = office.door.clock.now()
    for number, (who, mark) in enumerate(((alice, "mine"), (mallory, "SECRET")), 1):
        await fill(
            office.door.database, who.user_id, bob.user_id, mark=mark, number=number, now=now
        )
    await office.door.sql(
        _BEHIND_THE_BACK, they=mallory.user_id, me=alice.user_id, third=third.user_id
    )
    await _talk(office, alice, bob)
    for number, words in ((1, b"my face"), (2, b"SECRET-face")):
        picture = UUID(int=number)
        path = office.pictures / picture.hex[:2] / picture.hex / "variants" / "512.jpg"
        path.parent.mkdir(parents=True)
        path.write_bytes(words)
    return await office.archive(alice)


async def test_everything_of_a_person_is_inside_and_nothing_of_others(office: Office) -> None:
    opened = await _opened(office)
    assert set(FILL) >= EXPORTED
    for name in EXPORTED:
        assert opened.table(name), f"{name} is empty"
        assert f"kith/{name}.html" in opened.files
    marks = ("people", "profiles", "names", "request", "reply", "card", "listing", "search")
    for mark in (*marks, "upload.txt", "room", "audit", "member", "txn"):
        assert f"mine-{mark}" in opened.text, mark
    for secret in ("SECRET", "@mallory", "@third", "mine-skeleton", "csrf", "token_hash"):
        assert secret not in opened.text, secret
    _kept_whole(opened)
    _talked(opened)


def _kept_whole(opened: Opened) -> None:
    manifest = opened.json("manifest.json")
    assert manifest["user_id"] == "@alice:hs.test"
    listed = {one["name"]: one for one in manifest["files"]}
    assert set(listed) | {"manifest.json"} == set(opened.files)
    for name, one in listed.items():
        body = opened.files[name]
        assert (one["size"], one["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())


def _talked(opened: Opened) -> None:
    (room,) = [one for one in opened.json("synapse/rooms.json") if one["name"] == "Boats"]
    assert room["with"] == ["@alice:hs.test", "@bob:hs.test"]
    pages = [name for name in opened.files if name.startswith(room["folder"])]
    said = [row for name in pages if name.endswith(".json") for row in opened.json(name)]
    assert {row["sender"] for row in said} == {"@alice:hs.test"}
    bodies = [row["content"].get("body") for row in said]
    assert "I said <b>this</b>" in bodies
    shown = "".join(opened.files[name].decode() for name in pages if name.endswith(".html"))
    assert "I said &lt;b&gt;this&lt;/b&gt;" in shown
    assert "<b>" not in shown
    boat = next(row["file"] for row in said if row.get("file", "").startswith("media/boat-"))
    assert opened.files[boat] == b"picture of a boat"
    links = {row.get("file") for row in said} - {None}
    assert links == {boat}, "only to what is there"
    assert ".." not in boat
    assert opened.files[f"pictures/{UUID(int=1)}-avatar-512.jpg"] == b"my face"
    assert ":" not in boat
    lost = {one["what"].split()[1]: one["reason"] for one in opened.json("missing.json")}
    assert "does not have it" in lost["gone"]
    assert "larger" in lost["large"]
    assert "did not give it out" in lost["odd"]
    assert "another homeserver" in lost["mxc://far.test/far"]
    index = opened.files["index.html"].decode()
    assert "<script" not in opened.text
    for name in (*pages, boat):
        if name.endswith((".html", ".png")):
            assert html.escape(name) in index, name


async def test_a_silent_decline_stays_silent(office: Office) -> None:
    alice, carol = await office.person("alice"), await office.person("carol")
    asked = await alice.post(f"/api/profile/{carol.user_id}/friend-request", {"message": "Hi"})
    assert asked.status == 201, asked.text
    await carol.post(f"/api/friends/{asked.body['id']}/respond", {"action": "decline"})
    (row,) = (await office.archive(alice)).table("friend_requests")
    assert (row["status"], row["responded_at"], row["message"]) == ("pending", None, "Hi")
    (row,) = (await office.archive(carol)).table("friend_requests")
    assert row["status"] == "declined"
    assert row["responded_at"]
    assert row["message"] is None, "what others wrote is in theirs"


async def test_people_of_other_homeservers_have_archives_too(office: Office) -> None:
    """Whom nobody here can act as: what Kith has of them, and why the rest is missing."""
    rupert = office.door.person("rupert", server="far.test")
    assert (await rupert.get("/api/me")).status == 200
    opened = await office.archive(rupert)
    assert opened.table("people")[0]["user_id"] == "@rupert:far.test"
    assert "devices, pushers" in opened.json("missing.json")[0]["what"]


def test_pages_keep_words_words() -> None:
    rows = [{"type": "m.<x>", "origin_server_ts": "no time", "content": {"body": {"a": "<i>"}}}]
    shown = messages("<title>", rows, "../")
    assert "<i>" not in shown
    assert "m.&lt;x&gt;" in shown
    assert "<title>&lt;title&gt;</title>" in shown
    assert "&lt;img&gt;" in table("t", [{"<a>": ["<img>"], "b": None, "c": b"\x01"}], "")
