# SPDX-License-Identifier: AGPL-3.0-or-later
"""The job: progress, repetition, whoever is away, and the broom."""

import asyncio
import errno
import hashlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from appservice.errors import Unavailable
from appservice.exports import parts
from appservice.exports.said import FromApi
from stack.templates import ROOT
from tests.appservice.exports.conftest import Office, Opened
from tests.support.eventually import eventually

# Only what the job itself needs, because it is waited for.
_DYING = """
import asyncio, pathlib, sys
from appservice.clock import SystemClock
from appservice.database import Database
from appservice.exports.folder import Folder
from appservice.exports.job import Making
from policy.limits import PrivacyRules
class Stuck:
    async def make(self, me, path, tell):
        path.write_bytes(b"PK, and no end")
        await tell("pictures", 0, None)
        await asyncio.Event().wait()
async def main():
    url, folder, export_id = sys.argv[1:]
    async with Database(url, size=2) as database:
        made = Folder(pathlib.Path(folder))
        await Making(database, SystemClock(), Stuck(), made, PrivacyRules()).make(export_id)
asyncio.run(main())
"""


class Held(FromApi):
    """Comes to nothing in the middle, until it is let go."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.reached, self.go = asyncio.Event(), asyncio.Event()

    async def rooms(self, me: str) -> AsyncIterator[list[tuple[str, str | None]]]:
        self.reached.set()
        await self.go.wait()
        async for some in super().rooms(me):
            yield some


def _held(office: Office) -> tuple[Held, parts.Parts]:
    held = Held(office.door.homeserver, office.door.database)
    return held, parts.build(office.door.assembly, held)


async def test_how_far_it_is_can_be_seen(office: Office) -> None:
    alice, bob = await office.person("alice"), await office.person("bob")
    export_id = await office.ask(alice)
    assert (await office.look(alice, export_id))["state"] == "waiting"
    refused = await alice.post("/api/me/exports")
    assert (refused.status, refused.code) == (409, "export_running")
    early = await alice.get(f"/api/me/exports/{export_id}/archive")
    assert (early.status, early.code) == (409, "export_not_ready")
    held, slow = _held(office)
    running = asyncio.create_task(slow.making.make(export_id))
    await held.reached.wait()
    seen = await office.look(alice, export_id)
    assert (seen["state"], seen["step"], seen["step_number"], seen["steps"]) == (
        "running",
        "pictures",
        3,
        6,
    )
    held.go.set()
    await running
    seen = await office.look(alice, export_id)
    assert (seen["state"], seen["missing"]) == ("ready", 1)
    body = office.whole(export_id).read_bytes()
    assert (seen["size"], seen["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
    assert office.whole(export_id).stat().st_mode & 0o077 == 0
    assert (await bob.get(f"/api/me/exports/{export_id}/archive")).status == 404
    assert (await bob.get("/api/me/exports")).body == {"exports": []}


async def test_an_archive_is_fetched_in_parts_by_its_owner(office: Office) -> None:
    alice = await office.person("alice")
    export_id = await office.ask(alice)
    await office.parts.making.make(export_id)
    body = office.whole(export_id).read_bytes()
    url = office.door.client.make_url(f"/api/me/exports/{export_id}/archive")
    headers = {"Authorization": f"Bearer {alice.token}", "Range": "bytes=10-19"}
    async with office.door.client.session.get(url, headers=headers) as answer:
        assert answer.status == 206
        assert await answer.read() == body[10:20]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"].startswith(
            "attachment; filename=kith-export-alice-"
        )
    gone = await alice.delete(f"/api/me/exports/{export_id}")
    assert gone.status == 204
    assert office.files() == set()
    assert (await alice.get(f"/api/me/exports/{export_id}")).status == 404


async def test_so_many_within_a_day(office: Office) -> None:
    alice = await office.person("alice")
    for _ in range(3):
        await alice.delete(f"/api/me/exports/{await office.ask(alice)}")
    refused = await alice.post("/api/me/exports")
    assert (refused.status, refused.code) == (429, "too_many_requests")
    office.door.clock.advance(hours=24, seconds=1)
    await office.ask(alice)


async def test_killed_in_the_middle_it_begins_anew(office: Office) -> None:
    alice = await office.person("alice")
    export_id = await office.ask(alice)
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _DYING,
        office.door.database.url,
        str(office.folder),
        export_id,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )

    async def under_way() -> bool:
        assert child.returncode is None
        return await office.door.sql("SELECT step FROM exports") == [("pictures",)]

    try:
        await eventually(under_way)
    finally:
        child.send_signal(signal.SIGKILL)
        await child.wait()
    (left,) = office.files()
    assert left.endswith(".part")
    await office.parts.making.make(export_id)
    assert (await office.look(alice, export_id))["state"] == "ready"
    Opened.of(office.whole(export_id).read_bytes())
    os.utime(office.folder / left, (0, 0))
    await office.parts.making.sweep()
    assert office.files() == {office.whole(export_id).name}


async def test_a_run_taken_for_dead_makes_no_second_archive(office: Office) -> None:
    alice = await office.person("alice")
    export_id = await office.ask(alice)
    held, slow = _held(office)
    running = asyncio.create_task(slow.making.make(export_id))
    await held.reached.wait()
    await office.parts.making.make(export_id)
    before = office.whole(export_id).read_bytes()
    held.go.set()
    await running
    await office.parts.making.make(export_id)
    assert office.whole(export_id).read_bytes() == before
    assert office.files() == {office.whole(export_id).name}


async def test_taken_back_while_it_is_made(office: Office) -> None:
    alice = await office.person("alice")
    export_id = await office.ask(alice)
    held, slow = _held(office)
    running = asyncio.create_task(slow.making.make(export_id))
    await held.reached.wait()
    await alice.delete(f"/api/me/exports/{export_id}")
    held.go.set()
    await running
    assert office.files() == set()
    assert (await alice.get("/api/me/exports")).body == {"exports": []}


async def test_it_waits_for_a_homeserver_that_is_away(office: Office) -> None:
    alice = await office.person("alice")
    export_id = await office.ask(alice)
    office.door.homeserver.away = True
    with pytest.raises(Unavailable):
        await office.parts.making.make(export_id)
    seen = await office.look(alice, export_id)
    assert (seen["state"], seen["reason"]) == ("running", "homeserver_unavailable")
    assert office.files() == set()
    office.door.homeserver.away = False
    await office.parts.making.make(export_id)
    assert (await office.look(alice, export_id))["state"] == "ready"


async def test_a_full_disk_is_told_and_left_alone(office: Office) -> None:
    alice = await office.person("alice")
    export_id = await office.ask(alice)
    settings = office.door.assembly.settings
    full = settings.exports.model_copy(update={"keep_free_bytes": 2**62})
    object.__setattr__(
        office.door.assembly, "settings", settings.model_copy(update={"exports": full})
    )
    await parts.build(office.door.assembly).making.make(export_id)
    seen = await office.look(alice, export_id)
    assert (seen["state"], seen["reason"]) == ("failed", "disk_full")
    assert office.files() == set()
    await office.ask(alice)


async def test_a_disk_that_runs_full_meanwhile(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = await office.person("alice")
    export_id = await office.ask(alice)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    with monkeypatch.context() as patch:
        patch.setattr("appservice.exports.archive.Entry.write", full)
        await office.parts.making.make(export_id)
    seen = await office.look(alice, export_id)
    assert (seen["state"], seen["reason"]) == ("failed", "disk_full")
    assert office.files() == set()


async def test_the_broom(office: Office) -> None:
    alice, bob = await office.person("alice"), await office.person("bob")
    export_id = await office.ask(alice)
    await office.parts.making.make(export_id)
    office.door.homeserver.away = True
    forgotten = await office.ask(bob)
    with pytest.raises(Unavailable):
        await office.parts.making.make(forgotten)
    office.door.homeserver.away = False
    carol = await office.person("carol")
    waiting = await office.ask(carol)
    nobodys = office.folder / f"{UUID(int=5)}.zip"
    nobodys.write_bytes(b"nobody's")
    os.utime(nobodys, (0, 0))
    os.utime(office.whole(export_id), (0, 0))
    await office.parts.making.sweep()
    assert office.files() == {office.whole(export_id).name}
    office.door.clock.advance(hours=2)
    await office.parts.making.sweep()
    seen = await office.look(bob, forgotten)
    assert (seen["state"], seen["reason"]) == ("failed", "homeserver_unavailable")
    assert (await office.look(carol, waiting))["state"] == "waiting"
    office.door.clock.advance(days=1)
    await office.parts.making.sweep()
    seen = await office.look(carol, waiting)
    assert (seen["state"], seen["reason"]) == ("failed", "interrupted")
    office.door.clock.advance(days=7)
    assert (await alice.get(f"/api/me/exports/{export_id}/archive")).status == 404
    await office.parts.making.sweep()
    assert office.files() == set()
    assert await office.door.sql("SELECT count(*) FROM exports") == [(0,)]
