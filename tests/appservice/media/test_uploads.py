# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
import io
from urllib.parse import quote
from uuid import UUID

import pytest
from aiohttp import FormData
from PIL import Image

from appservice.media import parts
from appservice.media.service import MediaService
from tests.appservice.media.conftest import fetch, picture, send, upload
from tests.fakes.media import FakeMedia
from tests.support.door import Door
from tests.support.eventually import eventually

PLACE = b"12 Hidden Lane"


def service(door: Door) -> MediaService:
    return parts.build(door.assembly).service


async def test_a_picture_goes_to_the_homeserver_as_the_person(
    media_door: Door, media: FakeMedia
) -> None:
    alice = media_door.person("alice")
    answer = await upload(alice, picture((640, 480)), "holiday.png")
    assert answer.status == 201, answer.text
    told = answer.body
    assert (told["name"], told["mime_type"]) == ("holiday.png", "image/png")
    assert (told["width"], told["height"]) == (640, 480)
    assert len(told["blurhash"]) > 6
    assert told["url"] == f"/api/v1/media/{told['id']}/content"
    whole, small = media.files.values()
    assert (whole.owner, whole.kind, whole.name) == (alice.user_id, "image/png", "holiday.png")
    assert len(whole.body) == told["size"]
    assert (small.owner, small.kind) == (alice.user_id, "image/jpeg")

    content = await service(media_door).content(alice.user_id, UUID(told["id"]))
    assert content == {
        "msgtype": "m.image",
        "filename": "holiday.png",
        "url": "mxc://hs.test/media0",
        "info": {
            "mimetype": "image/png",
            "size": told["size"],
            "w": 640,
            "h": 480,
            "xyz.amorgan.blurhash": told["blurhash"],
            "thumbnail_url": "mxc://hs.test/media1",
            "thumbnail_info": {
                "mimetype": "image/jpeg",
                "size": len(small.body),
                "w": 640,
                "h": 480,
            },
        },
    }


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_nobody_learns_where_a_picture_was_taken(
    media_door: Door, media: FakeMedia, kind: str
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = PLACE.decode()
    alice = media_door.person("alice")
    body = picture((60, 40), kind, exif=exif)
    assert PLACE in body
    told = (await upload(alice, body + PLACE)).body
    (kept,) = media.files.values()
    assert PLACE not in kept.body
    assert (told["width"], told["height"]) == (40, 60)
    with Image.open(io.BytesIO(kept.body)) as seen:
        assert seen.getexif()[0x0112] == 6
        with Image.open(io.BytesIO(body)) as before:
            assert seen.tobytes() == before.tobytes()


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("cat.png", b"<html><script>alert(1)</script></html>", "text/plain"),
        ("cat.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain"),
        ("a.pdf", b"%PDF-1.7 and so on", "application/pdf"),
        ("a.txt", "grüße".encode(), "text/plain"),
        ("a.bin", b"\x00\x01\x02\xff", "application/octet-stream"),
    ],
)
async def test_the_content_says_what_it_is(
    media_door: Door, media: FakeMedia, name: str, body: bytes, kind: str
) -> None:
    alice = media_door.person("alice")
    answer = await upload(alice, body, name, content_type="image/png")
    assert answer.status == 201
    assert answer.body["mime_type"] == media.files["media0"].kind == kind
    assert answer.body["width"] is None
    content = await service(media_door).content(alice.user_id, UUID(answer.body["id"]))
    assert content["msgtype"] == "m.file"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\photo.txt", "photo.txt"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("two\r\nlines.txt", "two lines.txt"),
        (" .. ", "file"),
        ("n" * 300 + ".txt", "n" * 251 + ".txt"),
    ],
)
async def test_a_name_is_one_harmless_line(media_door: Door, given: str, kept: str) -> None:
    alice = media_door.person("alice")
    for name in (f'filename="{given}"', f"filename*=UTF-8''{quote(given, safe='')}"):
        if "\r" in name or "\\" in name:
            continue
        head = f'--x\r\nContent-Disposition: form-data; name="file"; {name}\r\n\r\n'
        body = head.encode() + b"text\r\n--x--\r\n"
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        assert (await send(alice, body, **kind)).body["name"] == kept


def gif_cut_short() -> bytes:
    return picture((64, 48), "GIF", "P")[:-200]


BROKEN = [
    picture(kind="PNG")[:-30],
    picture(kind="JPEG")[:-200],
    picture(kind="WEBP")[:-30],
    gif_cut_short(),
    b"\x89PNG\r\n\x1a\n" + b"<script>" * 20,
    b"\xff\xd8\xff\xe0 not at all",
    b"RIFF\xff\xff\xff\x7fWEBPVP8X",
    b"GIF89a" + b"\xff" * 400,
]


async def test_a_broken_picture_is_refused(media_door: Door, media: FakeMedia) -> None:
    alice = media_door.person("alice")
    for body in BROKEN:
        answer = await upload(alice, body)
        assert (answer.status, answer.code) == (400, "broken_image"), body[:40]
    assert not media.files


async def test_a_bomb_is_refused_before_it_is_decoded(media_door: Door, media: FakeMedia) -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 9_000)).save(out, "PNG")
    answer = await upload(media_door.person("alice"), out.getvalue())
    assert (answer.status, answer.code) == (413, "image_too_large")
    assert not media.files


async def test_what_is_too_large_is_refused(media_door: Door, media: FakeMedia) -> None:
    alice = media_door.person("alice")
    most = 1024 * 1024
    assert (await upload(alice, b"x" * most, "x.bin")).status == 201
    answer = await upload(alice, b"x" * (most + 1), "x.bin")
    assert (answer.status, answer.code) == (413, "too_large")
    assert answer.body["error"]["details"] == {"most_bytes": most}
    answer = await upload(alice, b"x" * (2 * most), "x.bin")
    assert (answer.status, answer.code) == (413, "too_large")
    media.refuse = (413, "M_TOO_LARGE")
    answer = await upload(alice, b"x", "x.bin")
    assert (answer.status, answer.code) == (413, "too_large")
    media.refuse = (403, "M_FORBIDDEN")
    answer = await upload(alice, b"x", "x.bin")
    assert (answer.status, answer.code) == (403, "homeserver_refused")
    media.refuse = (500, "M_UNKNOWN")
    answer = await upload(alice, b"x", "x.bin")
    assert (answer.status, answer.code) == (503, "homeserver_unavailable")


async def test_a_form_holds_one_file_and_nothing_else(media_door: Door, media: FakeMedia) -> None:
    alice = media_door.person("alice")
    two = FormData()
    two.add_field("file", b"one", filename="one")
    two.add_field("file", b"two", filename="two")
    text = FormData({"file": "no name"})
    other = FormData()
    other.add_field("picture", b"one", filename="one")
    empty = FormData()
    empty.add_field("file", b"", filename="one")
    for form in (two, text, other, empty):
        answer = await send(alice, form)
        assert answer.status in (400, 415), answer.text
    kind = "multipart/form-data; boundary=x"
    for raw in (b"", b"--x\r\n", b"--x\r\n\r\nnothing", b"\x00\xff" * 50, b"--x--"):
        answer = await send(alice, raw, **{"Content-Type": kind})
        assert (answer.status, answer.code) == (400, "invalid"), raw
    for kind in ("multipart/form-data", "application/json", "multipart/mixed; boundary=x"):
        answer = await send(alice, b"x", **{"Content-Type": kind})
        assert answer.status in (400, 415)
    assert not media.files


async def test_one_person_has_few_uploads_at_once(media_door: Door, media: FakeMedia) -> None:
    alice, bob = media_door.person("alice"), media_door.person("bob")
    media.gate = asyncio.Event()
    running = [asyncio.create_task(upload(alice, b"text", "x")) for _ in range(13)]
    await eventually(lambda: any(task.done() for task in running))
    (refused,) = [task.result() for task in running if task.done()]
    assert (refused.status, refused.code) == (429, "too_many_requests")
    assert refused.headers["Retry-After"] == "2"
    other = asyncio.create_task(upload(bob, b"text", "x"))
    media.gate.set()
    answers = await asyncio.gather(*running, other)
    assert sorted(answer.status for answer in answers) == [201] * 13 + [429]


async def test_an_upload_is_its_owners_and_ends(media_door: Door, media: FakeMedia) -> None:
    alice, bob = media_door.person("alice"), media_door.person("bob")
    body = picture()
    first = (await upload(alice, body)).body
    second = (await upload(alice, b"text", "t.txt")).body
    assert (await fetch(alice, first["url"]))[0] == 200
    assert (await fetch(bob, first["url"]))[0] == 404
    assert (await bob.delete(f"/api/v1/media/{first['id']}")).status == 404
    assert (await alice.delete(f"/api/v1/media/{first['id']}")).status == 204
    assert (await fetch(alice, first["url"]))[0] == 404

    media.administrator = True
    await service(media_door).content(alice.user_id, UUID(second["id"]))
    third = (await upload(alice, b"more", "m.txt")).body
    media_door.clock.advance(hours=25)
    assert (await fetch(alice, third["url"]))[0] == 404
    await service(media_door).sweep()
    assert media.deleted == ["media2"]
    assert await media_door.sql("SELECT count(*) FROM uploads") == [(0,)]
