# SPDX-License-Identifier: AGPL-3.0-or-later
"""Scans, quarantine, staff, kills between the steps, and what is left behind."""

import os
from pathlib import Path
from uuid import UUID

import pytest

from appservice.errors import Unavailable
from appservice.profile_media.folder import Folder
from appservice.profile_media.store import PictureStore
from tests.appservice.profile_media.conftest import SQUARE, Studio, picture
from tests.support.door import Person


async def cut(studio: Studio, person: Person) -> str:
    await person.get("/api/me")
    media_id = await studio.upload(person, picture())
    assert (await studio.crop(person, media_id, SQUARE)).status == 202
    return media_id


async def staff(studio: Studio) -> Person:
    person = studio.person("mod")
    await person.get("/api/me")
    await studio.door.sql(
        "INSERT INTO staff (user_id, role) VALUES (%(who)s, 'moderator')", who=person.user_id
    )
    return person


async def shown(studio: Studio, person: Person) -> str | None:
    rows = await studio.door.sql(
        "SELECT avatar_media FROM profiles WHERE user_id = %(who)s", who=person.user_id
    )
    return str(rows[0][0]) if rows and rows[0][0] else None


async def test_a_flagged_picture_waits_for_staff(studio: Studio) -> None:
    alice, bob, mod = studio.person("alice"), studio.person("bob"), await staff(studio)
    studio.scanner.verdict = {"verdict": "flagged", "labels": ["weapon\nx"]}
    media_id = await cut(studio, alice)
    await studio.parts.pipeline.process(media_id)
    ((token, kind, seen),) = studio.scanner.asked
    assert (token, kind) == ("Bearer scan-token", "image/jpeg")
    assert seen.startswith(b"\xff\xd8\xff")
    told = await studio.status(alice, media_id)
    assert (told["status"], told["reason"]) == ("review", "flagged")
    assert [step["state"] for step in told["steps"]] == ["done", "done", "done", "now", "todo"]
    assert await shown(studio, alice) is None
    url = f"/api/profile/media/{media_id}/512.webp"
    signed = told["urls"]["512"]
    for caller, address in ((None, url), (bob, url), (None, signed), (bob, signed)):
        assert (await studio.fetch(address, caller))[0] == 404
    for caller in (alice, mod):
        status, headers, _ = await studio.fetch(url, caller)
        assert (status, headers["Cache-Control"]) == (200, "private, max-age=600")

    for outsider in (alice, bob):
        assert (await outsider.get("/api/moderation/media")).status == 403
        decision = await outsider.post(f"/api/moderation/media/{media_id}", {"verdict": "approve"})
        assert decision.status == 403
    (one,) = (await mod.get("/api/moderation/media")).body["media"]
    assert (one["media_id"], one["labels"]) == (media_id, ["weapon x"])
    # The job that comes again does not ask the scanner again, and changes nothing.
    studio.scanner.verdict = {"verdict": "clean"}
    await studio.parts.pipeline.process(media_id)
    assert len(studio.scanner.asked) == 1
    answer = await mod.post(f"/api/moderation/media/{media_id}", {"verdict": "approve"})
    assert (answer.status, answer.body["status"]) == (200, "ready")
    assert await shown(studio, alice) == media_id
    assert (await studio.fetch(url))[0] == 200
    again = await mod.post(f"/api/moderation/media/{media_id}", {"verdict": "reject"})
    assert again.code == "picture_moved_on"
    acts = await studio.door.sql("SELECT actor, act, target, source FROM audit_log")
    assert list(acts) == [(mod.user_id, "picture_approved", alice.user_id, "admin")]


async def test_a_rejected_picture_says_why_and_is_gone(studio: Studio) -> None:
    alice, mod = studio.person("alice"), await staff(studio)
    studio.scanner.verdict = {"verdict": "flagged"}
    media_id = await cut(studio, alice)
    await studio.parts.pipeline.process(media_id)
    body = {"verdict": "reject", "reason": "No weapons, please."}
    answer = await mod.post(f"/api/moderation/media/{media_id}", body)
    assert answer.body["status"] == "rejected"
    told = await studio.status(alice, media_id)
    assert (told["status"], told["reason"], told["urls"]) == (
        "rejected",
        "No weapons, please.",
        {},
    )
    assert [step["state"] for step in told["steps"]][3] == "failed"
    assert (await studio.fetch(f"/api/profile/media/{media_id}/512.webp", alice))[0] == 404
    assert not studio.parts.folder.of(UUID(media_id)).exists()


async def test_without_its_scanner_a_picture_waits(studio: Studio) -> None:
    for answer in ("busy", "nonsense", "odd", "long"):
        await without(studio, studio.person(answer), answer)


async def without(studio: Studio, alice: Person, answer: str) -> None:
    scanner = studio.scanner
    scanner.status = 503 if answer == "busy" else 200
    scanner.verdict = {"busy": "", "nonsense": "<p>", "odd": {"verdict": "maybe"}}.get(
        answer, "x" * 100_000
    )
    media_id = await cut(studio, alice)
    with pytest.raises(Unavailable):
        await studio.parts.pipeline.process(media_id)
    told = await studio.status(alice, media_id)
    assert (told["status"], told["reason"]) == ("review", "scanner_unavailable")
    assert (await studio.fetch(f"/api/profile/media/{media_id}/512.webp"))[0] == 404
    # The job comes again by itself, when the scanner is back too.
    scanner.status, scanner.verdict = 200, {"verdict": "clean"}
    await studio.parts.pipeline.process(media_id)
    assert (await studio.status(alice, media_id))["status"] == "ready"


async def test_a_picture_takes_the_place_of_the_one_before(studio: Studio) -> None:
    alice = studio.person("alice")
    first = await studio.show(alice)
    await studio.door.sql(
        "UPDATE profile_media SET mxc = 'mxc://hs.test/first' WHERE id = %(id)s", id=UUID(first)
    )
    second = await studio.show(alice)
    assert await shown(studio, alice) == second
    assert (await alice.get(f"/api/profile/media/{first}")).status == 404
    (job,) = await studio.jobs("profile_media.forget")
    assert job == {"media_id": first, "mxc": "mxc://hs.test/first"}
    assert studio.parts.folder.of(UUID(first)).exists()
    studio.media.administrator = True
    for _ in range(2):
        await studio.parts.pipeline.forget(**job)
    assert not studio.parts.folder.of(UUID(first)).exists()
    assert studio.media.deleted[0] == "first"
    assert (await studio.fetch(f"/api/profile/media/{first}/512.webp"))[0] == 404

    assert (await alice.delete("/api/profile/media/avatar")).status == 204
    assert await shown(studio, alice) is None
    assert (await studio.fetch(f"/api/profile/media/{second}/512.webp"))[0] == 404
    assert (await alice.delete("/api/profile/media/avatar")).status == 204
    assert (await alice.delete("/api/profile/media/face")).status == 404


class KilledError(BaseException):
    """As `kill -9`: nothing of ours runs any more."""


async def test_a_job_that_was_killed_goes_on(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in ("cut", "kept", "scanned", "shown"):
        await killed(studio, studio.person(step), step, monkeypatch)


async def killed(
    studio: Studio, alice: Person, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    media_id = await cut(studio, alice)

    def die(*_: object, **__: object) -> None:
        raise KilledError

    place = {
        "cut": (Folder, "keep_variants"),
        "kept": (type(studio.parts.pipeline), "_scan"),
        "scanned": (type(studio.parts.pipeline), "finish"),
        "shown": (Folder, "drop_original"),
    }[step]
    with monkeypatch.context() as broken:
        broken.setattr(*place, die)
        with pytest.raises(KilledError):
            await studio.parts.pipeline.process(media_id)
    await studio.parts.pipeline.process(media_id)
    assert (await studio.status(alice, media_id))["status"] == "ready"
    assert (await studio.fetch(f"/api/profile/media/{media_id}/512.webp"))[0] == 200
    assert await shown(studio, alice) == media_id
    await studio.parts.pipeline.sweep()
    left = {entry.name for entry in studio.parts.folder.of(UUID(media_id)).iterdir()}
    assert left == {"variants"}, "nothing lies about"


async def test_what_came_to_nothing_is_swept(studio: Studio) -> None:
    alice = studio.person("alice")
    kept = await studio.show(alice)
    given_up = await studio.upload(alice, picture())
    stuck = await studio.upload(alice, picture())
    await studio.crop(alice, stuck, SQUARE)
    await studio.jobs("profile_media.process")
    orphan = UUID(int=5)
    folder = studio.parts.folder
    folder.incoming(orphan, "x").write_bytes(b"x")
    studio.door.clock.advance(hours=25)
    old = studio.door.clock.now().timestamp() - 100_000
    for one in (orphan, UUID(given_up), UUID(kept)):
        os.utime(folder.of(one), (old, old))
    await studio.parts.pipeline.sweep()
    assert not folder.of(orphan).exists()
    assert not folder.of(UUID(given_up)).exists()
    assert folder.of(UUID(kept)).exists()
    assert (await alice.get(f"/api/profile/media/{given_up}")).status == 404
    # One whose job was lost has a new one.
    assert await studio.jobs("profile_media.process") == [{"media_id": stuck}]


async def test_pictures_not_everybody_may_see_need_a_link(studio: Studio) -> None:
    alice, bob = studio.person("alice"), studio.person("bob")
    media_id = await studio.show(alice)
    await studio.door.sql(
        'UPDATE profiles SET visibility = \'{"avatar": "connections"}\' WHERE user_id = %(w)s',
        w=alice.user_id,
    )
    url = f"/api/profile/media/{media_id}/256.webp"
    for caller in (None, bob, await staff(studio)):
        assert (await studio.fetch(url, caller))[0] == 404
    now = studio.door.clock.now()
    link = studio.parts.signer.urls(UUID(media_id), "avatar", public=False, now=now)["256"]
    status, headers, _ = await studio.fetch(link)
    assert (status, headers["Cache-Control"]) == (200, "private, max-age=600")
    assert (await studio.fetch(link + "0"))[0] == 400
    assert (await studio.fetch(link[:-1] + ("0" if link[-1] != "0" else "1")))[0] == 404
    banner = await studio.show(alice, "banner")
    assert (await studio.fetch(link.replace(media_id, banner)))[0] == 404
    assert (await studio.fetch(link.replace("256.webp", "1500x500.webp")))[0] == 404
    studio.door.clock.advance(minutes=10)
    assert (await studio.fetch(link))[0] == 404
    # A banner is for friends until its owner says otherwise, and hidden with the profile.
    assert (await studio.fetch(f"/api/profile/media/{banner}/1500x500.webp"))[0] == 404


async def test_names_of_files_lead_nowhere_else(studio: Studio, tmp_path: Path) -> None:
    alice = studio.person("alice")
    media_id = await studio.show(alice)
    (tmp_path / "secret.webp").write_bytes(b"secret")
    for file in (
        "original",
        "512.png",
        "..%2Fsecret.webp",
        "%2e%2e%2fsecret.webp",
        "512.webp.part",
    ):
        assert (await studio.fetch(f"/api/profile/media/{media_id}/{file}", alice))[0] == 404
    assert isinstance(studio.parts.pictures, PictureStore)
