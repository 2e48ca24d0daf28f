# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who gets a file of a room, and as what."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.appservice.media.conftest import fetch
from tests.fakes.media import FakeMedia
from tests.support.door import Door, Person

BODY = bytes(range(256)) * 40


class Room:
    """A room of the fake homeserver that Kith knows too."""

    def __init__(self, door: Door, room_id: str, owner: Person) -> None:
        self.door = door
        self.room_id = room_id
        self.owner = owner

    async def say(self, content: dict[str, Any], kind: str = "m.room.message") -> str:
        return await self.door.homeserver.send_message(
            self.room_id, content, as_user=self.owner.user_id, key=repr(content), event_type=kind
        )

    async def member(self, person: Person, membership: str = "join") -> None:
        self.door.homeserver.rooms[self.room_id].members[person.user_id] = membership
        await self.door.sql(
            "INSERT INTO memberships (room_id, user_id, membership, sender, event_id,"
            " stream_ordering, since) VALUES (%(r)s, %(u)s, %(m)s, %(u)s, '', 0, now())"
            " ON CONFLICT (room_id, user_id) DO UPDATE SET membership = excluded.membership",
            r=self.room_id,
            u=person.user_id,
            m=membership,
        )

    def path(self, media: str, event: str, more: str = "") -> str:
        room = quote(self.room_id, safe="")
        return f"/api/v1/rooms/{room}/media/hs.test/{media}{more}?event={quote(event, safe='')}"


@pytest.fixture
async def alice(media_door: Door) -> Person:
    person = media_door.person("alice")
    assert (await person.get("/api/me")).status == 200
    return person


@pytest.fixture
async def room(media_door: Door, alice: Person) -> Room:
    room_id = await media_door.homeserver.create_room({}, as_user=alice.user_id)
    await media_door.sql(
        "INSERT INTO rooms (room_id, id, kind, local, created_at)"
        " VALUES (%(r)s, gen_random_uuid(), 'forum', true, now())",
        r=room_id,
    )
    found = Room(media_door, room_id, alice)
    await found.member(alice)
    return found


def image(address: str, **more: Any) -> dict[str, Any]:
    return {"msgtype": "m.image", "body": "x.png", "url": address, **more}


async def test_a_member_sees_what_a_message_carries(
    media_door: Door, media: FakeMedia, room: Room, alice: Person
) -> None:
    event = await room.say(image(media.keep(BODY, "image/png", "pic"), body="öl 1.png"))
    status, headers, body = await fetch(alice, room.path("pic", event))
    assert (status, body) == (200, BODY)
    assert headers["Content-Type"] == "image/png"
    assert headers["Content-Disposition"] == "inline; filename*=UTF-8''%C3%B6l%201.png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"].startswith("private")
    assert media.asked == [{"user_id": alice.user_id}]
    again = await fetch(alice, room.path("pic", event), **{"If-None-Match": headers["ETag"]})
    assert (again[0], again[2]) == (304, b"")
    assert len(media.asked) == 1

    bob = media_door.person("bob")
    await bob.get("/api/me")
    assert (await fetch(bob, room.path("pic", event)))[0] == 404
    await room.member(bob)
    assert (await fetch(bob, room.path("pic", event)))[0] == 200
    await room.member(bob, "ban")
    tag = {"If-None-Match": headers["ETag"]}
    assert (await fetch(bob, room.path("pic", event), **tag))[0] == 404


async def test_only_what_the_event_carries(
    media_door: Door, media: FakeMedia, room: Room, alice: Person
) -> None:
    for name in ("pic", "small", "other", "edited"):
        media.keep(BODY, "image/png", name)
    event = await room.say(
        image("mxc://hs.test/pic", info={"thumbnail_url": "mxc://hs.test/small"})
    )
    assert (await fetch(alice, room.path("small", event)))[0] == 200
    assert (await fetch(alice, room.path("other", event)))[0] == 404
    assert (await fetch(alice, room.path("pic", "$none")))[0] == 404
    edit = await room.say({"msgtype": "m.text", "m.new_content": image("mxc://hs.test/edited")})
    assert (await fetch(alice, room.path("edited", edit)))[0] == 200
    state = await room.say({"url": "mxc://hs.test/other"}, "m.room.avatar")
    assert (await fetch(alice, room.path("other", state)))[0] == 404

    bob = media_door.person("bob")
    await bob.get("/api/me")
    await room.member(bob)
    assert (await fetch(bob, room.path("pic", event)))[0] == 200
    # Nothing that was seen a moment ago is remembered.
    await media_door.homeserver.redact(room.room_id, event, as_user=alice.user_id, key="r")
    for person in (alice, bob):
        assert (await fetch(person, room.path("pic", event)))[0] == 404


async def test_custom_emoji_come_with_their_message(
    media: FakeMedia, room: Room, alice: Person
) -> None:
    media.keep(BODY, "image/png", "wave")
    html = 'hi <img data-mx-emoticon src="mxc://hs.test/wave" height="32">'
    event = await room.say({"msgtype": "m.text", "body": "hi", "formatted_body": html})
    assert (await fetch(alice, room.path("wave", event, "/thumbnail")))[0] == 200
    assert (await fetch(alice, room.path("other", event)))[0] == 404


async def test_an_encrypted_file_is_no_use_to_a_browser(
    media: FakeMedia, room: Room, alice: Person
) -> None:
    media.keep(BODY, "application/octet-stream", "secret")
    event = await room.say(
        {"msgtype": "m.image", "body": "x", "file": {"url": "mxc://hs.test/secret"}}
    )
    status, _, body = await fetch(alice, room.path("secret", event))
    assert status == 404
    assert b"encrypted_media" in body
    assert not media.asked


@pytest.mark.parametrize(
    "kind",
    [
        "text/html",
        "image/svg+xml",
        "text/javascript",
        "application/pdf",
        "application/xhtml+xml",
        "image/png/../html",
        "x" * 300,
        "",
    ],
)
async def test_nothing_hostile_is_shown(
    media: FakeMedia, room: Room, alice: Person, kind: str
) -> None:
    hostile = b"<script>alert(1)</script>"
    event = await room.say(image(media.keep(hostile, kind, "bad"), body='a"; x=.html'))
    status, headers, _ = await fetch(alice, room.path("bad", event))
    assert status == 200
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%22%3B%20x%3D.html"


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-99", 206, slice(100)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-50", 206, slice(len(BODY) - 50, None)),
        ("bytes=10200-99999", 206, slice(10200, None)),
        ("bytes=99999-", 416, slice(0)),
        ("bytes=5-4", 416, slice(0)),
        ("bytes=-0", 416, slice(0)),
        ("bytes=0-1,5-9", 200, slice(None)),
        ("lines=1-2", 200, slice(None)),
        ("bytes=-", 200, slice(None)),
    ],
)
async def test_a_player_may_ask_for_a_part(
    media: FakeMedia, room: Room, asked: str, status: int, part: slice
) -> None:
    alice = room.owner
    event = await room.say(image(media.keep(BODY, "video/mp4", "film")))
    found, headers, body = await fetch(alice, room.path("film", event), Range=asked)
    assert found == status
    if status == 416:
        return
    assert body == BODY[part]
    assert headers["Accept-Ranges"] == "bytes"
    if status == 206:
        first = part.start or 0
        assert headers["Content-Range"] == f"bytes {first}-{first + len(body) - 1}/{len(BODY)}"
    stale = {"Range": asked, "If-Range": '"old"'}
    assert (await fetch(alice, room.path("film", event), **stale))[0] == 200


async def test_a_small_copy(media: FakeMedia, room: Room, alice: Person) -> None:
    event = await room.say(image(media.keep(BODY, "image/png", "pic")))
    path = room.path("pic", event, "/thumbnail")
    status, headers, body = await fetch(alice, path + "&width=320&height=240")
    assert (status, body) == (200, BODY)
    assert media.asked[0]["width"] == "320"
    assert media.asked[0]["method"] == "scale"
    assert (await fetch(alice, path + "&width=9999"))[0] == 400
    assert headers["ETag"] != (await fetch(alice, path))[1]["ETag"]


@pytest.mark.parametrize(
    "path", ["hs.test/a%2F..%2Fb", "hs.test/a.b", "hs.test%2Fx/a", "h%20s/a", "%E2%80%AE/a"]
)
async def test_an_address_that_is_none_asks_nobody(
    media: FakeMedia, room: Room, alice: Person, path: str
) -> None:
    url = f"/api/v1/rooms/{quote(room.room_id, safe='')}/media/{path}?event=%24x"
    answer = await alice.get(url)
    assert answer.status == 404
    assert not media.asked


async def test_an_event_must_be_named(room: Room, alice: Person) -> None:
    for event in ("", "x", "$\n", "$" + "a" * 300):
        assert (await fetch(alice, room.path("pic", event)))[0] == 400
