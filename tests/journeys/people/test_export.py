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


async def upload(person: Someone, name: str) -> str:
    """A file whose content is its name; its address."""
    matrix = person.matrix
    url = f"{matrix.base}/_matrix/media/v3/upload?filename={name}.txt"
    headers = {"Authorization": f"Bearer {matrix.token}", "Content-Type": "text/plain"}
    async with matrix.http.post(url, data=name.encode(), headers=headers) as answer:
        return str((await answer.json())["content_uri"])


async def said(alice: Someone, bob: Someone) -> str:
    """Alice's and Bob's words in a room that both are in."""

    async def open_to_both() -> str | None:
        # The Lounge itself takes no messages, the forum in it does.
        for room in await alice.rooms() & await bob.rooms():
            if (await alice.matrix.send(room, "alice-said-this"))[0] == 200:
                return room
        return None

    room = str(await eventually(open_to_both))
    status, removed = await alice.matrix.send(room, "alice-removed-this")
    assert status == 200, removed
    path = f"/rooms/{room}/redact/{removed['event_id']}/once"
    status, told = await alice.matrix.request("PUT", path, {})
    assert status == 200, told
    await bob.matrix.send(room, "bob-said-that")
    return room


async def test_said_in_element_and_read_in_the_archive(
    world: World, alice: Someone, bob: Someone, tmp_path: Path
) -> None:
    room = await said(alice, bob)
    sent, unsent = [await upload(alice, name) for name in ("alice-sent", "alice-kept")]
    picture = {"msgtype": "m.file", "body": "sent.txt", "url": sent}
    assert (await alice.matrix.send(room, picture))[0] == 200
    await alice.matrix.request("PUT", f"/user/{alice.user_id}/account_data/m.direct", {"a": ["b"]})
    tags = f"/user/{alice.user_id}/rooms/{room}/account_data/test.colour"
    await alice.matrix.request("PUT", tags, {"colour": "green"})
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
    assert json.loads(files["missing.json"]) == []
    assert b"alice-kept" in b"".join(files.values()), f"{unsent} was uploaded"
    data = {one["type"]: one["content"] for one in json.loads(files["synapse/account_data.json"])}
    assert data["test.colour"] == {"colour": "green"}
    await _by_hand(world, alice, tmp_path / "by-hand.zip", room)


def _holds(files: dict[str, bytes], alice: Someone, room: str) -> None:
    inside = b"\n".join(files.values())
    assert b"alice-said-this" in inside
    assert b"alice-bio" in inside
    assert b"alice-sent" in inside
    data = json.loads(files["synapse/account_data.json"])
    assert {"type": "m.direct", "content": {"a": ["b"]}} in data
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


async def _by_hand(world: World, alice: Someone, path: Path, room: str) -> None:
    """The operator's command writes the same, here beside a Synapse that lets nobody read."""
    words = ("appservice", "export", f"--to={path}", "--", alice.user_id)
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *words,
        cwd=ROOT,
        env={**world.stack.env, "KITH_SYNAPSE__DATABASE_URL": ""},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await child.communicate()
    assert child.returncode == 0
    assert str(path) in out.decode()
    _holds(opened(await asyncio.to_thread(path.read_bytes)), alice, room)
