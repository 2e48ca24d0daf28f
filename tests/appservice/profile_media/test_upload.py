# SPDX-License-Identifier: AGPL-3.0-or-later
import io
import struct
import zlib
from uuid import UUID

from PIL import Image

from appservice.profile_media.for_listings import ListingPictures
from tests.appservice.profile_media.conftest import SQUARE, WIDE, Studio, picture
from tests.support.door import Person

PLACE = b"12 Hidden Lane"


async def test_a_picture_goes_all_the_way(studio: Studio) -> None:
    alice = studio.person("alice")
    await alice.get("/api/me")
    signed = await studio.sign(alice)
    media_id = signed["media_id"]
    assert signed["final_url"] == f"/api/profile/media/{media_id}/512.webp"
    told = await studio.status(alice, media_id)
    assert (told["status"], told["urls"]) == ("waiting", {})

    put = await studio.put(alice, signed["upload_url"], picture((700, 600)))
    assert put.status == 200, put.text
    assert (put.body["width"], put.body["height"], put.body["status"]) == (700, 600, "received")
    states = [step["state"] for step in put.body["steps"]]
    assert states == ["done", "now", "todo", "todo", "todo"]

    cut = await studio.crop(alice, media_id, {"x": 50, "y": 40, "width": 512, "height": 512})
    assert (cut.status, cut.body["status"]) == (202, "processing")
    assert await studio.jobs("profile_media.process") == [{"media_id": media_id}]
    await studio.parts.pipeline.process(media_id)

    told = await studio.status(alice, media_id)
    assert told["status"] == "ready"
    assert {step["state"] for step in told["steps"]} == {"done"}
    assert list(told["urls"]) == ["512", "256", "128", "64"]
    assert len(told["blurhash"]) > 6
    # The homeserver gets it by the sync of profiles, which was told.
    assert [job["user_id"] for job in await studio.jobs("profiles.sync")] == [alice.user_id]
    for side in (512, 256, 128, 64):
        for ending, kind in (("webp", "image/webp"), ("jpg", "image/jpeg")):
            url = f"/api/profile/media/{media_id}/{side}.{ending}"
            status, headers, body = await studio.fetch(url)
            assert (status, headers["Content-Type"]) == (200, kind)
            assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
            with Image.open(io.BytesIO(body)) as seen:
                assert seen.size == (side, side)
    assert not studio.parts.folder.original(UUID(media_id)).exists()


async def test_a_banner_is_three_times_as_wide(studio: Studio) -> None:
    alice = studio.person("alice")
    await alice.get("/api/me")
    media_id = await studio.upload(alice, picture(), "banner")
    assert (await studio.crop(alice, media_id, SQUARE)).code == "invalid"
    assert (await studio.crop(alice, media_id, WIDE)).status == 202
    await studio.parts.pipeline.process(media_id)
    urls = (await studio.status(alice, media_id))["urls"]
    assert list(urls) == ["1500x500"]
    _, _, body = await studio.fetch(urls["1500x500"], alice)
    with Image.open(io.BytesIO(body)) as seen:
        assert seen.size == (1500, 500)


async def test_place_and_way_up(studio: Studio) -> None:
    """What says where a picture was taken is gone, and it stands upright (EXIF)."""
    for kind in ("JPEG", "PNG", "WEBP"):
        await turned(studio, studio.person(kind.lower()), kind)


async def turned(studio: Studio, alice: Person, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = PLACE.decode()
    exif.get_ifd(0x8825)[1] = "N"
    top = Image.new("RGB", (600, 800), (255, 0, 0))
    top.paste((0, 0, 255), (0, 400, 600, 800))
    out = io.BytesIO()
    # Turned a quarter to the right when it is shown: what was below comes to the left.
    top.save(out, kind, exif=exif)
    await alice.get("/api/me")
    media_id = await studio.upload(alice, out.getvalue(), kind=f"image/{kind.lower()}")
    told = await studio.status(alice, media_id)
    assert (told["width"], told["height"]) == (800, 600)
    await studio.crop(alice, media_id, {"x": 0, "y": 0, "width": 600, "height": 600})
    await studio.parts.pipeline.process(media_id)
    _, _, body = await studio.fetch(f"/api/profile/media/{media_id}/256.jpg")
    assert PLACE not in body
    with Image.open(io.BytesIO(body)) as seen:
        assert not dict(seen.getexif())
        left, right = seen.getpixel((10, 128)), seen.getpixel((245, 128))
    assert left[2] > 200 and right[0] > 200  # type: ignore[index] # noqa: PT018


def bomb(side: int) -> bytes:
    """A PNG of so many pixels on each side in less than a kilobyte."""

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


HOSTILE = {
    "a bomb": (bomb(30_000), "broken_image"),
    "a small bomb": (bomb(8_000), "image_too_large"),
    "cut off": (picture()[:-3000], "broken_image"),
    "too many pixels": (picture((2100, 2000)), "image_too_large"),
    "too small": (picture((511, 900)), "image_too_small"),
    "a page": (b"<html><script>alert(1)</script>", "not_a_picture"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not_a_picture"),
    "nothing": (b"", "not_a_picture"),
    "a gif's head": (b"GIF89a" + bytes(50), "broken_image"),
}


async def test_what_is_no_good_picture_says_why(studio: Studio) -> None:
    for name, (body, code) in HOSTILE.items():
        await refused(studio, studio.person(name.replace(" ", "")), body, code)


async def refused(studio: Studio, alice: Person, body: bytes, code: str) -> None:
    signed = await studio.sign(alice)
    answer = await studio.put(alice, signed["upload_url"], body)
    assert (answer.status in (400, 413), answer.code) == (True, code), answer.text
    told = await studio.status(alice, signed["media_id"])
    assert (told["status"], told["reason"]) == ("failed", code)
    assert told["steps"][0]["state"] == "failed"
    folder = studio.parts.folder.of(UUID(signed["media_id"]))
    assert not list(folder.iterdir()), "nothing of it is kept"
    # A better one goes to the same place.
    assert (await studio.put(alice, signed["upload_url"], picture())).status == 200


async def test_of_an_animation_the_first_picture_is_shown(studio: Studio) -> None:
    frames = [Image.new("RGB", (512, 512), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    alice = studio.person("alice")
    await alice.get("/api/me")
    media_id = await studio.upload(alice, out.getvalue(), kind="image/gif")
    await studio.crop(alice, media_id, SQUARE)
    await studio.parts.pipeline.process(media_id)
    _, _, body = await studio.fetch(f"/api/profile/media/{media_id}/64.webp")
    with Image.open(io.BytesIO(body)) as seen:
        assert getattr(seen, "n_frames", 1) == 1
        red, _, blue = seen.convert("RGB").getpixel((32, 32))  # type: ignore[misc]
    assert red > 200 > blue


async def test_what_hangs_behind_a_picture_is_not_in_its_variants(studio: Studio) -> None:
    """A polyglot: a picture that is a page, or an archive, too."""
    behind = b"PK\x03\x04<script>alert(1)</script>"
    alice = studio.person("alice")
    await alice.get("/api/me")
    media_id = await studio.upload(alice, picture() + behind)
    await studio.crop(alice, media_id, SQUARE)
    await studio.parts.pipeline.process(media_id)
    for ending in ("webp", "jpg"):
        _, headers, body = await studio.fetch(f"/api/profile/media/{media_id}/512.{ending}")
        assert b"script" not in body
        assert b"PK\x03\x04" not in body
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]


async def test_a_place_is_for_one_person_one_picture_and_ten_minutes(studio: Studio) -> None:
    alice, bob = studio.person("alice"), studio.person("bob")
    signed = await studio.sign(alice)
    url = signed["upload_url"]
    assert (await studio.put(bob, url, picture())).status == 404
    assert (
        await studio.put(alice, url.replace("signature=", "signature=0")[:-1], picture())
    ).status == 404
    other = await studio.sign(alice)
    swapped = url.replace(signed["media_id"], other["media_id"])
    assert (await studio.put(alice, swapped, picture())).status == 404
    assert (await studio.put(alice, url, picture(), "text/html")).code == "unsupported_type"
    big = await studio.put(alice, url, picture() + bytes(2 * 1024 * 1024))
    assert (big.status, big.code) == (413, "too_large")
    studio.door.clock.advance(minutes=11)
    assert (await studio.put(alice, url, picture())).status == 404
    for path in (f"/api/profile/media/{signed['media_id']}",):
        assert (await bob.get(path)).status == 404
    assert (await studio.crop(bob, signed["media_id"], SQUARE)).status == 404
    assert (await studio.crop(alice, signed["media_id"], SQUARE)).code == "picture_moved_on"
    answer = await alice.post(
        "/api/profile/media/sign",
        {"purpose": "avatar", "mime_type": "image/png", "size": 2 * 1024 * 1024 + 1},
    )
    assert answer.code == "too_large"


async def test_a_crop_that_does_not_fit_is_refused(studio: Studio) -> None:
    alice = studio.person("alice")
    media_id = await studio.upload(alice, picture((640, 600)))
    for crop in ((200, 0, 512, 512), (0, 0, 255, 255), (0, 0, 600, 500)):
        named = dict(zip(("x", "y", "width", "height"), crop, strict=True))
        answer = await studio.crop(alice, media_id, named)
        assert answer.code == "invalid"
        assert answer.body["error"]["details"]["fields"][0]["field"] == "crop"
    assert (await studio.crop(alice, media_id, SQUARE)).status == 202


async def test_many_under_way_wait(studio: Studio) -> None:
    alice = studio.person("alice")
    for _ in range(12):
        await studio.sign(alice)
    body = {"purpose": "avatar", "mime_type": "image/png", "size": 10}
    assert (await alice.post("/api/profile/media/sign", body)).code == "too_many_requests"


async def test_pictures_of_listings_keep_their_shape(studio: Studio) -> None:
    alice, bob = studio.person("alice"), studio.person("bob")
    await alice.get("/api/me")
    media_id = await studio.upload(alice, picture((640, 600)), "listing")
    await studio.crop(alice, media_id, {"x": 0, "y": 0, "width": 640, "height": 320})
    listings = ListingPictures(studio.door.database, studio.parts.signer, studio.door.clock)

    async def ready(owner: str, *ids: str) -> bool:
        async with studio.door.database.transaction() as tx:
            return await listings.ready(tx, owner, ids)

    assert not await ready(alice.user_id, media_id)
    assert not await listings.shown([media_id])
    await studio.parts.pipeline.process(media_id)
    assert await ready(alice.user_id, media_id)
    assert not await ready(bob.user_id, media_id)
    assert not await ready(alice.user_id, media_id, "no-id")
    urls = (await listings.shown([media_id]))[media_id]
    status, _, body = await studio.fetch(urls["320"], bob)
    assert status == 200
    with Image.open(io.BytesIO(body)) as seen:
        assert seen.size == (320, 160)
    assert (await studio.fetch(urls["320"].partition("?")[0], bob))[0] == 404
