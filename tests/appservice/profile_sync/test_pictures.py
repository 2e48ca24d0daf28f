# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures set in a Matrix client: fetched, cut, scanned and shown, or taken back and told."""

import asyncio
import io
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from appservice.errors import Unavailable
from appservice.profile_media.folder import Folder
from tests.appservice.profile_media.conftest import SQUARE, picture
from tests.appservice.profile_media.test_upload import bomb
from tests.appservice.profile_sync.conftest import MOST_BYTES, Both
from tests.support.door import Person

FLAGGED: Any = {"verdict": "flagged", "labels": ["weapon"]}
CLEAN: Any = {"verdict": "clean"}


def kept(both: Both, body: bytes | None = None) -> str:
    """A picture that was uploaded by a Matrix client; its address."""
    return both.studio.media.keep(body or picture((300, 200)), "image/jpeg")


async def set_in_element(both: Both, mxc: str) -> None:
    """Set an avatar there and see what becomes of it."""
    both.matrix["avatar_url"] = mxc
    await both.settle()
    await both.work()
    await both.settle()


async def staff(both: Both) -> Person:
    person = both.studio.person("mod")
    await person.get("/api/me")
    await both.door.sql(
        "INSERT INTO staff (user_id, role) VALUES (%(who)s, 'moderator')", who=person.user_id
    )
    return person


async def rows(both: Both, columns: str = "status") -> list[Any]:
    sql = f"SELECT {columns} FROM profile_media ORDER BY created_at, id"
    return [row[0] if len(row) == 1 else tuple(row) for row in await both.door.sql(sql)]


async def test_an_everyday_avatar_is_shown_as_large_as_it_is(both: Both) -> None:
    mxc = kept(both, picture((300, 200), "PNG", "RGBA"))
    both.matrix["avatar_url"] = mxc
    assert await both.settle() == 0
    assert "avatar" not in await both.read(), "nobody has looked at it"
    await both.work()
    assert await both.settle() == 0, "it keeps its owner's own address"
    told = await both.read()
    assert told["avatar_url"] == mxc
    urls = told["avatar"]["urls"]
    assert set(urls) == {"512", "256", "128", "64"}
    for name, side in (("512", 200), ("256", 200), ("128", 128), ("64", 64)):
        status, headers, body = await both.studio.fetch(urls[name])
        assert (status, headers["Cache-Control"].split(",")[0]) == (200, "public")
        with Image.open(io.BytesIO(body)) as seen:
            assert seen.size == (side, side)
    # The scanner has seen all of it, as Matrix clients do; nothing but variants is left of that.
    ((_, _, seen_by_scanner),) = both.studio.scanner.asked
    with Image.open(io.BytesIO(seen_by_scanner)) as whole:
        assert whole.size == (300, 200)
    media_id = UUID(told["avatar"]["media_id"])
    folder = both.studio.parts.folder.of(media_id)
    assert {entry.name for entry in folder.iterdir()} == {"variants"}
    assert len(list((folder / "variants").iterdir())) == 8
    assert not both.studio.media.reserved, "no file of ours in its place"
    acts = await both.door.sql("SELECT count(*) FROM profile_activity WHERE kind = %(k)s", k=ACT)
    assert acts[0][0] == 1

    await both.edit(visibility_settings={"avatar": "private"})
    await both.settle()
    assert "avatar_url" not in both.matrix
    await both.edit(visibility_settings={"avatar": "public"})
    await both.settle()
    assert both.matrix["avatar_url"] == mxc
    assert not both.studio.media.deleted, "the file is its owner's"


ACT = "changed_avatar"


async def test_a_flagged_one_is_taken_back_until_staff_say_yes(both: Both) -> None:
    studio = both.studio
    first = await studio.show(both.alice)
    await both.settle()
    before = both.matrix["avatar_url"]
    mxc = both.matrix["avatar_url"] = kept(both)
    assert await both.settle() == 0, "nobody knows what it is yet"
    assert (await both.read())["avatar_url"] == before
    studio.scanner.verdict = FLAGGED
    await both.work()
    assert await both.settle() == 1
    assert both.matrix["avatar_url"] == before
    assert (await both.read())["avatar"]["media_id"] == first
    assert await both.notes() == [("reverted", "avatar", "picture_held")]
    # Again: nobody is asked again.
    asked = len(studio.scanner.asked)
    await set_in_element(both, mxc)
    assert (both.matrix["avatar_url"], len(studio.scanner.asked)) == (before, asked)
    assert await both.notes() == [("reverted", "avatar", "picture_held")]

    mod, bob = await staff(both), studio.person("bob")
    (one,) = (await mod.get("/api/moderation/media")).body["media"]
    assert (one["user_id"], one["labels"]) == (both.alice.user_id, ["weapon"])
    for who, expected in ((mod, 200), (both.alice, 200), (bob, 404), (None, 404)):
        status, _, body = await studio.fetch(one["urls"]["whole"], who)
        assert status == expected
        if status == 200:
            assert Image.open(io.BytesIO(body)).size == (300, 200)
        assert (await studio.fetch(one["urls"]["512"], who))[0] == expected
    verdict = {"verdict": "approve"}
    answer = await mod.post(f"/api/moderation/media/{one['media_id']}", verdict)
    assert answer.body["status"] == "ready"
    assert await both.settle() == 1
    assert both.matrix["avatar_url"] == (await both.read())["avatar_url"] == mxc
    assert not await both.notes()


async def test_no_frame_of_an_animation_hides_from_the_scanner(both: Both) -> None:
    colours = [(0, 40 * one, 255) for one in range(6)]
    colours[4] = (255, 0, 0)
    made = [Image.new("RGB", (200, 200), one) for one in colours]
    out = io.BytesIO()
    made[0].save(out, "GIF", save_all=True, append_images=made[1:], duration=60)

    def verdict(seen: bytes) -> Any:
        with Image.open(io.BytesIO(seen)) as frame:
            red, _, blue = frame.convert("RGB").getpixel((100, 100))
        return FLAGGED if red > 200 > blue else CLEAN

    both.studio.scanner.verdict = verdict
    await set_in_element(both, both.studio.media.keep(out.getvalue(), "image/gif"))
    assert "avatar_url" not in both.matrix
    assert len(both.studio.scanner.asked) == 5
    assert await rows(both) == ["review"]
    # Staff see all of it at once; what they approve leaves nothing but variants behind.
    mod = await staff(both)
    (one,) = (await mod.get("/api/moderation/media")).body["media"]
    _, _, whole = await both.studio.fetch(one["urls"]["whole"], mod)
    with Image.open(io.BytesIO(whole)) as seen:
        assert seen.size == (800, 400)
    await mod.post(f"/api/moderation/media/{one['media_id']}", {"verdict": "approve"})
    folder = both.studio.parts.folder.of(UUID(one["media_id"]))
    assert len(list((folder / "variants").iterdir())) == 8


async def test_a_file_that_says_where_it_was_taken_is_replaced(both: Both) -> None:
    top = Image.radial_gradient("L").resize((300, 300)).convert("RGB")
    for number, kind in enumerate(("JPEG", "PNG", "WEBP")):
        exif, out = Image.Exif(), io.BytesIO()
        exif[0x010F] = "A camera"
        exif.get_ifd(0x8825).update({1: "N", 2: (59.0, 54.0, 0.0)})
        top.save(out, kind, exif=exif)
        mxc = both.studio.media.keep(out.getvalue(), f"image/{kind.lower()}", f"placed{number}")
        both.matrix["avatar_url"] = mxc
        assert await both.settle() == 0
        await both.work()
        assert await both.settle() == 1, "Kith's own copy, once"
        shown = both.matrix["avatar_url"]
        assert shown == (await both.read())["avatar_url"] != mxc
        clean = both.studio.media.files[shown.rpartition("/")[2]]
        with Image.open(io.BytesIO(clean.body)) as seen:
            assert (seen.size, dict(seen.getexif())) == ((300, 300), {})
        assert await both.notes() == [("placed", "avatar", None)]
    # What says nothing of the kind stays as its owner set it.
    await set_in_element(both, plain := kept(both))
    assert both.matrix["avatar_url"] == plain
    assert not await both.notes()


async def test_what_staff_refused_stays_away(both: Both) -> None:
    mod, mxc = await staff(both), kept(both)
    both.studio.scanner.verdict = FLAGGED
    await set_in_element(both, mxc)
    assert "avatar_url" not in both.matrix
    await both.notes()
    (media_id,) = await rows(both, "id")
    body = {"verdict": "reject", "reason": "No weapons, please."}
    assert (await mod.post(f"/api/moderation/media/{media_id}", body)).status == 200
    assert await both.notes() == [("reverted", "avatar", "picture_refused")]
    both.door.clock.advance(hours=48)
    await both.studio.parts.pipeline.sweep()
    await set_in_element(both, mxc)
    assert "avatar_url" not in both.matrix
    assert await both.notes() == [("reverted", "avatar", "picture_refused")]
    assert await rows(both) == ["rejected"]


WRONG = {
    "a page": (b"<html>", "picture_unreadable"),
    "cut off": (picture()[:-3000], "picture_unreadable"),
    "no file": (None, "picture_unreadable"),
    "many pixels": (bomb(8_000), "picture_too_large"),
    "many bytes": (picture() + bytes(MOST_BYTES), "picture_too_large"),
}


async def test_what_is_no_picture_is_taken_back(both: Both) -> None:
    before = kept(both)
    await set_in_element(both, before)
    for name, (body, reason) in WRONG.items():
        mxc = both.studio.media.keep(body, "image/png") if body else "mxc://hs.test/nothing"
        await set_in_element(both, mxc)
        assert await both.notes() == [("reverted", "avatar", reason)], name
        assert both.matrix["avatar_url"] == (await both.read())["avatar_url"] == before
    asked = len(both.studio.media.asked)
    await set_in_element(both, "mxc://hs.test/../../secret?x=1")
    assert await both.notes() == [("reverted", "avatar", "picture_unreadable")]
    assert len(both.studio.media.asked) == asked, "the homeserver is not asked for such"


async def test_the_last_one_wins(both: Both) -> None:
    studio, (first, second) = both.studio, (kept(both), kept(both))
    both.matrix["avatar_url"] = first
    await both.settle()
    await set_in_element(both, second)
    assert (await both.read())["avatar_url"] == second
    assert await rows(both, "source_mxc") == [second]
    # Taken away before anybody has looked.
    both.matrix["avatar_url"] = first
    await both.settle()
    del both.matrix["avatar_url"]
    await both.settle()
    await both.work()
    assert "avatar" not in await both.read()
    assert await rows(both) == []
    # Back to what is shown: it is there already.
    await set_in_element(both, second)
    both.matrix["avatar_url"] = first
    await both.settle()
    asked = len(studio.scanner.asked)
    await set_in_element(both, second)
    assert (len(studio.scanner.asked), await rows(both)) == (asked, ["ready"])
    # Turned back in the very moment in which there is a newer one.
    both.matrix["avatar_url"] = first
    await both.settle()
    studio.scanner.verdict = FLAGGED
    await both.work()
    studio.scanner.verdict = CLEAN
    third = kept(both)
    await set_in_element(both, third)
    assert both.matrix["avatar_url"] == (await both.read())["avatar_url"] == third


async def test_a_picture_of_the_web_and_one_of_a_client(both: Both) -> None:
    studio = both.studio
    await both.alice.get("/api/me")
    both.matrix["avatar_url"] = kept(both)
    await both.settle()
    both.door.clock.advance(seconds=1)
    made = await studio.upload(both.alice, picture())
    await studio.crop(both.alice, made, SQUARE)
    await studio.parts.pipeline.process(made)
    await both.settle()
    assert (await both.read())["avatar"]["media_id"] == made
    assert await rows(both) == ["ready"], "what was set before is given up"
    assert both.matrix["avatar_url"] == (await both.read())["avatar_url"]
    both.door.clock.advance(seconds=1)
    mxc = kept(both)
    await set_in_element(both, mxc)
    assert (await both.read())["avatar_url"] == mxc
    both.matrix["avatar_url"] = kept(both)
    await both.settle()
    assert (await both.alice.delete("/api/profile/media/avatar")).status == 204
    await both.settle()
    await both.work()
    assert "avatar_url" not in both.matrix
    assert "avatar" not in await both.read()


async def test_what_was_for_friends_does_not_become_public(both: Both) -> None:
    studio = both.studio
    await both.edit(visibility_settings={"avatar": "connections"})
    made = await studio.show(both.alice)
    await both.settle()
    mxc = both.matrix["avatar_url"] = kept(both)
    studio.scanner.verdict = FLAGGED
    await both.settle()
    assert (await studio.fetch(f"/api/profile/media/{made}/512.webp"))[0] == 404
    await both.work()
    await both.settle()
    assert "avatar_url" not in both.matrix
    assert set(studio.media.files) == {mxc.rpartition("/")[2]}, "nothing of ours went out"
    assert sorted(await both.notes()) == [
        ("opened", "avatar", None),
        ("reverted", "avatar", "picture_held"),
    ]


async def test_while_nobody_can_look_kith_shows_none_of_it(both: Both) -> None:
    studio, mxc = both.studio, kept(both)
    studio.scanner.status = 503
    both.matrix["avatar_url"] = mxc
    await both.settle()
    (job,) = await studio.jobs("profile_media.process")
    with pytest.raises(Unavailable):
        await studio.parts.pipeline.process(**job)
    assert await both.settle() == 0
    assert "avatar" not in await both.read()
    studio.scanner.status = 200
    await studio.parts.pipeline.process(**job)
    await both.settle()
    assert (await both.read())["avatar_url"] == mxc
    assert not await both.notes()


async def test_a_homeserver_that_cannot_give_it_is_asked_for_a_day(both: Both) -> None:
    mxc = both.matrix["avatar_url"] = kept(both)
    both.studio.media.broken.add(mxc.rpartition("/")[2])
    await both.settle()
    (job,) = await both.studio.jobs("profile_media.process")
    with pytest.raises(Unavailable):
        await both.studio.parts.pipeline.process(**job)
    assert await both.settle() == 0
    both.door.clock.advance(hours=25)
    await both.studio.parts.pipeline.sweep()
    assert await both.studio.jobs("profile_media.process") == [job], "woken"
    await both.studio.parts.pipeline.process(**job)
    assert await both.settle() == 1
    assert "avatar_url" not in both.matrix
    assert await both.notes() == [("reverted", "avatar", "picture_unreadable")]


async def test_pictures_from_before_kith_are_looked_at_too(both: Both) -> None:
    door, studio = both.door, both.studio

    async def avatar(person: Person) -> Any:
        return (await person.get(f"/api/profile/{person.user_id}")).body.get("avatar")

    async def old(name: str, mxc: str, *, judge: bool = False) -> Person:
        person = door.person(name)
        door.homeserver.profiles[person.user_id] = {"displayname": name, "avatar_url": mxc}
        await person.get("/api/me")
        for _ in range(2):
            await both.sync.sync(person.user_id, judge=judge)
        return person

    good = kept(both)
    carol = await old("carol", good)
    (at,) = (
        await door.sql("SELECT scheduled_at FROM procrastinate_jobs WHERE args ? 'media_id'")
    )[0]
    assert 0 <= (at - door.clock.now()).total_seconds() < 300, "not all at once"
    assert (await carol.get(f"/api/profile/{carol.user_id}")).body["avatar_url"] == good
    await both.work()
    assert set((await avatar(carol))["urls"]) == {"512", "256", "128", "64"}

    lost = "mxc://hs.test/lost"
    dora = await old("dora", lost)
    await both.work()
    for _ in range(2):
        await both.sync.sync(dora.user_id)
    assert await avatar(dora) is None
    assert door.homeserver.profiles[dora.user_id]["avatar_url"] == lost, "not ours to take"
    door.clock.advance(hours=48)
    await studio.parts.pipeline.sweep()
    await both.sync.sync(dora.user_id)
    assert not await studio.jobs("profile_media.process"), "once is enough"
    assert not await both.notes()

    studio.scanner.verdict = FLAGGED
    erin = await old("erin", kept(both), judge=True)
    told = (await erin.get(f"/api/profile/{erin.user_id}")).body
    assert "avatar_url" not in told or told["avatar_url"] is None, "may have been set just now"
    await both.work()
    await both.sync.sync(erin.user_id)
    assert "avatar_url" not in door.homeserver.profiles[erin.user_id]
    assert await both.notes() == [("reverted", "avatar", "picture_held")]


async def test_a_banner_comes_the_same_way(both: Both) -> None:
    mxc = both.matrix["chat.commet.profile_banner"] = kept(both, picture((900, 200)))
    await both.settle()
    await both.work()
    await both.settle()
    told = await both.read()
    _, _, body = await both.studio.fetch(told["banner"]["urls"]["1500x500"])
    with Image.open(io.BytesIO(body)) as seen:
        assert seen.size == (600, 200)
    assert told["banner_url"] == mxc


class KilledError(BaseException):
    """As `kill -9`."""


async def test_a_fetch_that_was_killed_begins_again(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.matrix["avatar_url"] = kept(both)
    await both.settle()
    (job,) = await both.studio.jobs("profile_media.process")

    def die(*_: object) -> None:
        raise KilledError

    for place in ("keep_original", "keep_variants"):
        with monkeypatch.context() as broken:
            broken.setattr(Folder, place, die)
            with pytest.raises(KilledError):
                await both.studio.parts.pipeline.process(**job)
    await both.studio.parts.pipeline.process(**job)
    assert await rows(both) == ["ready"]
    assert len(both.studio.media.asked) == 2, "what was here already is not fetched again"


async def test_whatever_comes_together_ends_alike(both: Both) -> None:
    studio = both.studio
    await both.alice.get("/api/me")
    for number in range(6):
        both.matrix["avatar_url"] = kept(both)
        await both.settle()
        made = await studio.upload(both.alice, picture())
        await studio.crop(both.alice, made, SQUARE)
        jobs = await studio.jobs("profile_media.process")
        assert len(jobs) == 2
        both.matrix["avatar_url"] = kept(both)
        more: list[Any] = [both.sync.sync(both.alice.user_id)]
        if number % 2:
            more.append(both.alice.delete("/api/profile/media/avatar"))
        await asyncio.gather(*(studio.parts.pipeline.process(**job) for job in jobs), *more)
        await both.work()
        await both.settle()
        told = await both.read()
        assert both.matrix.get("avatar_url") == told.get("avatar_url")
        assert set(await rows(both)) <= {"ready"}
        assert len(await rows(both)) == int("avatar" in told)
