# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files between the web and a Matrix client, over a real Synapse."""

import asyncio
import io
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import psycopg
import pytest
from PIL import Image

from stack.postgres import Postgres
from stack.redis import Redis
from tests.support.eventually import eventually
from tests.support.matrix import MatrixUser
from tests.support.stack import TestStack, Wish

pytestmark = pytest.mark.journey
PLACE = b"12 Hidden Lane"


class Web:
    """What one person's web app asks of Kith."""

    def __init__(self, stack: TestStack, user: MatrixUser) -> None:
        self.stack, self.user = stack, user

    async def ask(
        self, method: str, path: str, body: Any = None, form: Any = None
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.user.token}"}
        async with self.user.http.request(
            method, self.stack.public_url + path, json=body, data=form, headers=headers
        ) as answer:
            return answer.status, await answer.json(content_type=None)

    async def upload(self, body: bytes, name: str) -> dict[str, Any]:
        form = aiohttp.FormData()
        form.add_field("file", body, filename=name)
        status, told = await self.ask("POST", "/api/v1/media", form=form)
        assert status == 201, told
        return dict(told)

    async def send(self, room: str, upload_id: str) -> dict[str, Any]:
        message = {"text": "look", "txn_id": upload_id, "attachment": {"upload_id": upload_id}}
        path = f"/api/v1/rooms/{quote(room, safe='')}/messages"

        async def done() -> dict[str, Any]:
            # Kith must have heard of the membership first.
            status, told = await self.ask("POST", path, message)
            assert status == 201, told
            return dict(told)

        return await eventually(done, within=60)

    async def message(self, room: str, event: str) -> dict[str, Any]:
        path = f"/api/v1/rooms/{quote(room, safe='')}/messages/{quote(event, safe='')}"

        async def found() -> dict[str, Any]:
            status, told = await self.ask("GET", path)
            assert status == 200, told
            return dict(told)

        return await eventually(found, within=60)

    async def get(self, path: str, **headers: str) -> tuple[int, Any, bytes]:
        headers["Authorization"] = f"Bearer {self.user.token}"
        async with self.user.http.get(self.stack.public_url + path, headers=headers) as answer:
            return answer.status, answer.headers, await answer.read()


async def matrix_file(user: MatrixUser, mxc: str) -> bytes:
    path = "/_matrix/client/v1/media/download/" + mxc.removeprefix("mxc://")
    headers = {"Authorization": f"Bearer {user.token}"}
    async with user.http.get(user.base + path, headers=headers) as answer:
        assert answer.status == 200
        return await answer.read()


async def matrix_upload(user: MatrixUser, body: bytes, kind: str) -> str:
    headers = {"Authorization": f"Bearer {user.token}", "Content-Type": kind}
    url = user.base + "/_matrix/media/v3/upload?filename=from-element"
    async with user.http.post(url, data=body, headers=headers) as answer:
        assert answer.status == 200
        return str((await answer.json())["content_uri"])


async def said(user: MatrixUser, room: str, content: Any) -> str:
    status, body = await user.send(room, content)
    assert status == 200, body
    return str(body["event_id"])


def address(room: str, mxc: str, event: str) -> str:
    path = f"/api/v1/rooms/{quote(room, safe='')}/media/{mxc.removeprefix('mxc://')}"
    return f"{path}?event={quote(event, safe='')}"


def photo() -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, PLACE.decode()
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 30).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


async def trusted(stack: TestStack, user: MatrixUser) -> None:
    """Let somebody open forums (D4)."""

    def run() -> None:
        with psycopg.connect(stack.database.url, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO people (user_id, local, messages, active_days)"
                " VALUES (%(who)s, true, 50, 20)"
                " ON CONFLICT (user_id) DO UPDATE SET messages = 50, active_days = 20",
                {"who": user.user_id},
            )

    await asyncio.to_thread(run)


async def test_files_between_the_web_and_a_client(
    migrated: Postgres, redis_server: Redis, tmp_path: Path
) -> None:
    wide = {"rates": {"messages_per_minute": 100}}
    wish = Wish(worker=False, rules=wide)
    async with TestStack(migrated, redis_server, tmp_path, wish) as stack:
        names = ("alice", "bob", "carol", "dave")
        alice, bob, carol, dave = [await stack.register(name) for name in names]
        await trusted(stack, bob)
        for version in ("12", "11"):
            status, made = await bob.create_room(preset="public_chat", room_version=version)
            assert status == 200, made
            room = str(made["room_id"])
            for one in (alice, dave):
                assert (await one.join(room))[0] == 200
            web, outside, late = Web(stack, alice), Web(stack, carol), Web(stack, dave)
            await from_the_web(web, outside, bob, room)
            await from_a_client(web, outside, late, bob, room)
            await hostile(web, bob, room)
            await hidden(outside, late, bob, room)
            assert (await carol.leave(room))[0] == 200
        await unused(stack, Web(stack, alice), await stack.register("root", admin=True))


async def unused(stack: TestStack, web: Web, root: MatrixUser) -> None:
    """What no message carried is deleted from Synapse when the service user may do that."""
    role = "/_synapse/admin/v1/users/@kith:hs.test/admin"
    for administrator in (False, True):
        assert (await root.request("PUT", role, {"admin": administrator}))[0] == 200
        upload = await web.upload(photo(), "never.jpg")
        mxc = await asyncio.to_thread(address_of, stack, upload["id"])
        assert PLACE not in await matrix_file(web.user, mxc)
        assert (await web.ask("DELETE", f"/api/v1/media/{upload['id']}"))[0] == 204
        if administrator:
            with pytest.raises(AssertionError):
                await matrix_file(web.user, mxc)
        else:
            await matrix_file(web.user, mxc)


def address_of(stack: TestStack, upload_id: str) -> str:
    """Where Synapse has an upload."""
    with psycopg.connect(stack.database.url) as connection:
        found = connection.execute("SELECT mxc FROM uploads WHERE id = %s", (upload_id,))
        return str(found.fetchall()[0][0])


async def from_the_web(web: Web, outside: Web, bob: MatrixUser, room: str) -> None:
    upload = await web.upload(photo(), "beach.jpg")
    assert (upload["width"], upload["height"]) == (1200, 1600)
    sent = await web.send(room, upload["id"])
    _, event = await bob.request("GET", f"/rooms/{quote(room)}/event/{quote(sent['event_id'])}")
    content = event["content"]
    assert (content["msgtype"], content["filename"]) == ("m.image", "beach.jpg")
    assert content["body"] == "look"
    got = await matrix_file(bob, content["url"])
    assert PLACE not in got
    assert len(got) == content["info"]["size"]
    with Image.open(io.BytesIO(got)) as seen:
        assert seen.getexif()[0x0112] == 6
    small = await matrix_file(bob, content["info"]["thumbnail_url"])
    with Image.open(io.BytesIO(small)) as seen:
        assert seen.size == (600, 800)

    for url in (sent["attachment"]["url"], sent["attachment"]["thumbnail_url"]):
        status, headers, body = await web.get(url)
        assert (status, headers["Content-Type"]) == (200, "image/jpeg")
        assert body in (got, small)
        assert (await outside.get(url))[0] == 404
    status, _, body = await web.get(sent["attachment"]["url"], Range="bytes=100-199")
    assert (status, body) == (206, got[100:200])


async def from_a_client(web: Web, outside: Web, late: Web, bob: MatrixUser, room: str) -> None:
    mxc = await matrix_upload(bob, photo(), "image/jpeg")
    image = {"msgtype": "m.image", "body": "b.jpg", "url": mxc, "info": {"mimetype": "image/jpeg"}}
    event = await said(bob, room, image)
    other = await said(bob, room, {"msgtype": "m.text", "body": "words"})
    shown = (await web.message(room, event))["attachment"]
    assert (await web.get(shown["url"]))[0] == 200
    status, _, body = await web.get(shown["thumbnail_url"])
    assert status == 200
    with Image.open(io.BytesIO(body)) as small:
        assert small.width <= 800
    assert (await outside.get(shown["url"]))[0] == 404
    assert (await web.get(address(room, mxc, other)))[0] == 404

    path = f"/rooms/{quote(room)}/redact/{quote(event)}/{event[1:9]}"
    assert (await bob.request("PUT", path, {}))[0] == 200
    assert (await late.get(address(room, mxc, event)))[0] == 404


async def hostile(web: Web, bob: MatrixUser, room: str) -> None:
    script = await matrix_upload(bob, b"<script>alert(1)</script>", "text/html")
    page = await said(bob, room, {"msgtype": "m.file", "body": "a.html", "url": script})
    status, headers, _ = await web.get(address(room, script, page))
    assert (status, headers["Content-Type"]) == (200, "application/octet-stream")
    assert headers["Content-Disposition"].startswith("attachment")

    newer = await matrix_upload(bob, b"%PDF-1.7", "application/pdf")
    new = {"msgtype": "m.file", "body": "b.pdf", "url": newer}
    relates = {"rel_type": "m.replace", "event_id": page}
    await said(bob, room, {**new, "m.new_content": new, "m.relates_to": relates})
    assert (await web.get(address(room, newer, page)))[0] == 200


async def hidden(carol: Web, dave: Web, bob: MatrixUser, room: str) -> None:
    """What was said before somebody came, and everything once they are out."""
    rule = {"history_visibility": "joined"}
    assert (await bob.put_state(room, "m.room.history_visibility", rule))[0] == 200
    mxc = await matrix_upload(bob, b"words", "text/plain")
    file = {"msgtype": "m.file", "body": "x.txt", "url": mxc}
    before = await said(bob, room, file)
    assert (await carol.user.join(room))[0] == 200
    after = await said(bob, room, file)

    async def in_sight() -> bool:
        return (await carol.get(address(room, mxc, after)))[0] == 200

    await eventually(in_sight, within=60)
    assert (await carol.get(address(room, mxc, before)))[0] == 404
    assert (await dave.get(address(room, mxc, before)))[0] == 200
    body = {"user_id": dave.user.user_id}
    assert (await bob.request("POST", f"/rooms/{quote(room)}/ban", body))[0] == 200

    async def out_of_it() -> bool:
        return (await dave.get(address(room, mxc, before)))[0] == 404

    await eventually(out_of_it, within=60)
