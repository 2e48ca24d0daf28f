# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.support.databases import Database
from tests.support.door import SECRETS, Door, open_door

PICTURE = b"a picture, as far as the door is concerned"


@dataclass
class Media:
    """A homeserver's thumbnails; tests say what comes."""

    kind: str = "image/png"
    body: bytes = PICTURE
    status: int = 200
    asked: list[web.Request] = field(default_factory=list)

    async def show(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        headers = {"Location": "http://internal.test/"} if self.status == 302 else {}
        return web.Response(
            status=self.status, body=self.body, content_type=self.kind, headers=headers
        )


@pytest.fixture
def media() -> Media:
    return Media()


@pytest.fixture
async def media_door(database: Database, media: Media) -> AsyncIterator[Door]:
    app = web.Application()
    app.router.add_get("/_matrix/client/v1/media/thumbnail/{server}/{media}", media.show)
    async with TestServer(app) as server:
        synapse = {"url": str(server.make_url("/"))}
        async with open_door(database.url, synapse=synapse) as opened:
            for name in ("a", "abc_D-1"):
                await opened.sql(
                    "INSERT INTO people (user_id, local, avatar_url)"
                    " VALUES (%(who)s, true, %(mxc)s)",
                    who=f"@{name.lower()}:hs.test",
                    mxc=f"mxc://hs.test/{name}",
                )
            yield opened


async def test_a_picture_is_fetched_as_the_person(media_door: Door, media: Media) -> None:
    alice = media_door.person("alice")
    answer = await alice.get("/api/media/thumbnail/hs.test/abc_D-1?size=64")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private, ")
    request = media.asked[0]
    assert request.match_info == {"server": "hs.test", "media": "abc_D-1"}
    assert dict(request.query) == {
        "width": "64",
        "height": "64",
        "method": "crop",
        "user_id": "@alice:hs.test",
    }
    assert request.headers["Authorization"] == f"Bearer {SECRETS['as_token']}"


async def test_for_somebody_of_elsewhere_the_service_user_looks(
    media_door: Door, media: Media
) -> None:
    remote = media_door.person("remy", server="far.test")
    assert (await remote.get("/api/media/thumbnail/hs.test/a")).status == 200
    assert media.asked[0].query["user_id"] == "@kith:hs.test"


async def test_nobody_unknown_gets_one(media_door: Door, media: Media) -> None:
    answer = await media_door.ask("GET", "/api/media/thumbnail/hs.test/a")
    assert answer.status == 401
    assert not media.asked


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"kind": "text/html"}, 404),
        ({"kind": "image/svg+xml"}, 404),
        ({"status": 404}, 404),
        ({"status": 302}, 404),
        ({"status": 429}, 503),
        ({"status": 500}, 503),
        ({"body": b"x" * (1024 * 1024 + 1)}, 404),
    ],
)
async def test_only_small_pictures_come_through(
    media_door: Door, media: Media, change: dict[str, object], status: int
) -> None:
    for name, value in change.items():
        setattr(media, name, value)
    alice = media_door.person("alice")
    answer = await alice.get("/api/media/thumbnail/hs.test/a")
    assert answer.status == status
    assert "internal.test" not in str(answer.headers)


@pytest.mark.parametrize(
    "path",
    ["hs.test/a%2F..%2Fb", "hs.test/a.b", "hs.test%2F..%2Fx/a", "h%20s/a", "%E2%80%AE/a"],
)
async def test_an_address_that_is_none_asks_nobody(
    media_door: Door, media: Media, path: str
) -> None:
    alice = media_door.person("alice")
    assert (await alice.get(f"/api/media/thumbnail/{path}")).status == 404
    assert not media.asked


async def test_the_size_is_bounded(media_door: Door) -> None:
    alice = media_door.person("alice")
    for size in ("0", "15", "513", "x"):
        answer = await alice.get(f"/api/media/thumbnail/hs.test/a?size={size}")
        assert answer.status == 400


async def test_what_is_nobodys_avatar_is_not_shown(media_door: Door, media: Media) -> None:
    alice = media_door.person("alice")
    await alice.get("/api/me")
    path = "/api/media/thumbnail/hs.test/room"
    await media_door.sql(
        "INSERT INTO rooms (room_id, id, kind, local, created_at, avatar_url, visibility)"
        " VALUES ('!r', gen_random_uuid(), 'forum', true, now(), 'mxc://hs.test/room', 'private')"
    )
    assert (await alice.get(path)).status == 404
    assert not media.asked
    await media_door.sql(
        "INSERT INTO memberships (room_id, user_id, membership, sender, event_id,"
        " stream_ordering, since) VALUES ('!r', %(me)s, 'invite', %(me)s, '', 0, now())",
        me=alice.user_id,
    )
    assert (await alice.get(path)).status == 200
    await media_door.sql("DELETE FROM memberships")
    assert (await alice.get(path)).status == 404
    await media_door.sql("UPDATE rooms SET visibility = 'public'")
    assert (await alice.get(path)).status == 200
