# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody said in a Matrix client is in their archive; what others said is not (G1)."""

import asyncio
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from stack.templates import ROOT
from tests.journeys.people.world import Someone, World
from tests.support.eventually import eventually

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


def opened(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


async def said(alice: Someone, bob: Someone) -> str:
    """Alice's and Bob's words in a room that both are in."""
    room = min(await alice.rooms() & await bob.rooms())
    await alice.matrix.send(room, "alice-said-this")
    _, removed = await alice.matrix.send(room, "alice-removed-this")
    path = f"/rooms/{room}/redact/{removed['event_id']}/once"
    status, told = await alice.matrix.request("PUT", path, {})
    assert status == 200, told
    await bob.matrix.send(room, "bob-said-that")
    return room


async def test_said_in_element_and_read_in_the_archive(
    world: World, alice: Someone, bob: Someone, tmp_path: Path
) -> None:
    room = await said(alice, bob)
    status, told = await alice.kith("PUT", f"/api/profile/{alice.user_id}", {"bio": "alice-bio"})
    assert status == 200, told
    status, asked = await alice.kith("POST", "/api/me/exports")
    assert status == 201, asked

    async def ready() -> Any:
        seen = (await alice.kith("GET", f"/api/me/exports/{asked['id']}"))[1]
        assert seen["state"] == "ready", seen
        return seen

    made = await eventually(ready)
    headers = {"Authorization": f"Bearer {alice.matrix.token}"}
    url = world.stack.public_url + made["download_url"]
    async with alice.matrix.http.get(url, headers=headers) as answer:
        files = opened(await answer.read())
    _holds(files, alice, room)
    await _by_hand(world, alice, tmp_path / "by-hand.zip", room)


def _holds(files: dict[str, bytes], alice: Someone, room: str) -> None:
    inside = b"\n".join(files.values())
    assert b"alice-said-this" in inside
    assert b"alice-bio" in inside
    for absent in (b"bob-said-that", b"alice-removed-this"):
        assert absent not in inside
    rooms = json.loads(files["synapse/rooms.json"])
    (place,) = [one for one in rooms if one["room_id"] == room]
    pages = [name for name in files if name.startswith(place["folder"]) and "json" in name]
    events = [event for name in pages for event in json.loads(files[name])]
    assert {event["sender"] for event in events} == {alice.user_id}
    assert len(events) == place["own_events"]
    assert [event for event in events if event.get("removed")]
    (account,) = json.loads(files["synapse/account.json"])
    assert account["user_id"] == alice.user_id
    assert json.loads(files["synapse/devices.json"])
    assert json.loads(files["missing.json"]) == []


async def _by_hand(world: World, alice: Someone, path: Path, room: str) -> None:
    """The operator's command writes the same."""
    words = ("appservice", "export", f"--to={path}", "--", alice.user_id)
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *words,
        cwd=ROOT,
        env=world.stack.env,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await child.communicate()
    assert child.returncode == 0
    assert str(path) in out.decode()
    _holds(opened(await asyncio.to_thread(path.read_bytes)), alice, room)
