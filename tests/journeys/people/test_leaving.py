# SPDX-License-Identifier: AGPL-3.0-or-later
"""An account is to go, and stays after all; another one goes for good (G1, D32)."""

import asyncio
import hashlib
import json
import os
import sys
from typing import Any
from urllib.parse import quote

import pytest

from tests.journeys.people.world import Someone, World, photo
from tests.support.databases import connect
from tests.support.eventually import eventually
from tests.support.live import Socket
from tests.support.matrix import PASSWORD, MatrixUser

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
_LONG = 120.0
"""Seconds that what a deletion leads to may take to be heard on a busy machine."""


async def erase(world: World, *words: str) -> tuple[str, str]:
    """`kith erase`, as the launcher runs it; standard output and error."""
    done = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "appservice", "erase", *words),
        env={**os.environ, **world.stack.env},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await done.communicate()
    assert done.returncode == 0, err.decode()
    return out.decode(), err.decode()


async def socket(person: Someone) -> Socket:
    """What the web app of somebody has open."""
    status, told = await person.kith("POST", "/api/v1/auth/ws-connection-token/")
    assert status == 200, told
    url = f"{person.world.stack.public_url}/ws/community/"
    opened = Socket(
        await person.matrix.http.ws_connect(f"{url}?connection_token={told['connection_token']}")
    )
    await opened.until("ready")
    return opened


async def befriend(one: Someone, other: Someone) -> None:
    status, asked = await one.kith("POST", f"/api/profile/{other.user_id}/friend-request")
    assert status == 201, asked
    status, told = await other.kith(
        "POST", f"/api/friends/{asked['id']}/respond", {"action": "accept"}
    )
    assert status == 200, told


async def forum(*people: Someone) -> str:
    """The room everybody is brought into, as soon as these are: it comes after its space."""
    status, told = await people[0].kith("GET", "/api/v1/lounge")
    assert status == 200, told
    room = str(told["forums"][0]["room_id"])

    async def together() -> bool:
        return all([room in await person.rooms() for person in people])

    await eventually(together)
    return room


async def upload(person: Someone) -> str:
    headers = {"Authorization": f"Bearer {person.matrix.token}", "Content-Type": "image/jpeg"}
    url = f"{person.matrix.base}/_matrix/media/v3/upload"
    async with person.matrix.http.post(url, data=photo(), headers=headers) as answer:
        assert answer.status == 200
        return str((await answer.json())["content_uri"])


async def media(reader: Someone, mxc: str) -> int:
    path = f"/_matrix/client/v1/media/download/{mxc.removeprefix('mxc://')}"
    headers = {"Authorization": f"Bearer {reader.matrix.token}"}
    async with reader.matrix.http.get(reader.matrix.base + path, headers=headers) as answer:
        return answer.status


async def test_asked_for_and_cancelled(alice: Someone, bob: Someone) -> None:
    await alice.edit(
        bio="I row.", timezone="Europe/Oslo", visibility_settings={"timezone": "public"}
    )

    async def public() -> bool:
        return (await bob.there(alice)).get("m.tz") == "Europe/Oslo"

    await eventually(public)
    before = await bob.here(alice)
    status, told = await alice.kith("POST", "/api/me/erasure", {"password": "wrong"})
    assert (status, told["error"]["code"]) == (403, "wrong_password")
    status, told = await alice.kith("POST", "/api/me/erasure", {"password": PASSWORD})
    assert (status, told["state"]) == (202, "waiting")

    async def hidden() -> bool:
        return "m.tz" not in await bob.there(alice)

    await eventually(hidden)
    assert "timezone" not in await bob.here(alice)

    async def warned() -> bool:
        return any("asked for your account" in one for one in await alice.notices())

    await eventually(warned)
    assert (await alice.kith("DELETE", "/api/me/erasure"))[0] == 204
    await eventually(public)
    assert await bob.here(alice) == before
    assert (await alice.kith("GET", "/api/me/erasure"))[1]["state"] == "none"


async def test_an_account_goes_and_threads_keep_their_shape(
    world: World, alice: Someone, bob: Someone
) -> None:
    await befriend(alice, bob)
    await alice.edit(display_name="Zenobia Quagga", bio="I collect barometers.")
    room, mxc = await forum(alice, bob), await upload(alice)
    root = (await alice.matrix.send(room, "Who rows?"))[1]["event_id"]
    picture = {"msgtype": "m.image", "body": "boat.jpg", "url": mxc}
    await alice.matrix.send(room, picture)
    in_thread = {"m.relates_to": {"rel_type": "m.thread", "event_id": root}}
    await bob.matrix.send(room, {"msgtype": "m.text", "body": "I do", **in_thread})
    await alice.matrix.send(room, {"msgtype": "m.text", "body": "Good", **in_thread})
    liked = {"m.relates_to": {"rel_type": "m.annotation", "event_id": root, "key": "👍"}}
    for person in (alice, bob):
        assert (await person.matrix.send(room, liked, "m.reaction"))[0] == 200
    before = await shape(bob, room, root)
    assert before["sender_name"] == "Zenobia Quagga"
    assert (before["thread"]["count"], before["reactions"][0]["count"]) == (2, 2)
    assert await media(bob, mxc) == 200
    root_admin = await world.stack.register(
        f"root{alice.matrix.user_id[6:].partition(':')[0]}", admin=True
    )
    await administrator(world, root_admin, is_one=True)
    try:
        # What both have open meanwhile is heard in it: hers ends at once, his loses a friend.
        hers, his = await socket(alice), await socket(bob)
        (out, err), refused, closed, lost = await asyncio.gather(
            erase(world, alice.user_id, "--now"),
            busy(alice, room),
            hers.closed(within=_LONG),
            his.until("friend:removed", within=_LONG),
        )
    finally:
        await administrator(world, root_admin, is_one=False)
    assert refused
    assert closed == 4001
    assert (lost["user_id"], lost["pending"]) == (alice.user_id, {"incoming": 0, "outgoing": 0})
    proof = json.loads(out)
    assert alice.user_id not in out
    assert "Zenobia" not in out
    assert hashlib.sha256(out.encode()).hexdigest() in err
    places = {one["place"]: one for one in proof["places"]}
    assert places["synapse_media"]["removed"] >= 1
    assert proof["for_the_operator"] == []
    # Nobody can sign in, in no way.
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": alice.user_id},
        "password": PASSWORD,
    }
    assert (await world.stack.matrix.anonymous().request("POST", "/login", body))[0] == 403
    assert (await alice.kith("GET", "/api/me"))[0] == 401
    # Nobody is there.
    path = f"/profile/{alice.user_id}"
    assert (await bob.matrix.request("GET", path))[0] == 404
    assert (await bob.kith("GET", f"/api{path}"))[0] == 404
    assert (await bob.kith("GET", "/api/me/friends"))[1]["friends"] == []
    for words in ("zenobia", "barometers"):
        assert (await bob.kith("GET", f"/api/people/search?q={words}"))[1]["people"] == []
    # What was said keeps its shape.
    after = await shape(bob, room, root)
    assert (after["sender"], after["sender_name"]) == (alice.user_id, "Deleted user")
    for part in ("body", "event_id"):
        assert after[part] == before[part]
    assert after["thread"]["count"] == 2
    assert after["reactions"][0]["count"] == 2
    assert {one["name"] for one in after["reactions"][0]["people"]} >= {"Deleted user"}
    assert await media(bob, mxc) == 404


async def test_deactivated_in_a_matrix_client_leads_to_the_same(
    world: World, alice: Someone
) -> None:
    auth = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": alice.user_id},
        "password": PASSWORD,
    }
    status, told = await alice.matrix.request("POST", "/account/deactivate", {})
    assert status == 401, told
    body = {"auth": {**auth, "session": told["session"]}}
    status, told = await alice.matrix.request("POST", "/account/deactivate", body)
    assert status == 200, told

    def waiting() -> Any:
        with connect(world.stack.database.url) as connection:
            return connection.execute(
                "SELECT source FROM erasures WHERE user_id = %s", (alice.user_id,)
            ).fetchone()

    assert await eventually(waiting) == ("homeserver",)
    out, _ = await erase(world, alice.user_id, "--now")
    assert json.loads(out)["asked_by"] == "homeserver"
    assert not waiting()


async def shape(reader: Someone, room: str, event_id: str) -> Any:
    """A message as the reader's history has it."""
    path = f"/api/v1/rooms/{quote(room)}/messages/{quote(event_id)}"

    async def known() -> Any:
        status, told = await reader.kith("GET", path)
        return told if status == 200 and len(told["reactions"]) == 1 else None

    return await eventually(known)


async def busy(person: Someone, room: str) -> bool:
    """Do one thing after another until it is no longer let; nothing may break."""

    async def refused() -> bool:
        for method, path, body in (
            ("POST", f"/api/v1/rooms/{quote(room)}/messages", {"text": "x", "txn_id": "one"}),
            ("POST", "/api/saved-searches", {"name": "x", "query": {}}),
            ("PUT", f"/api/profile/{person.user_id}", {"pronouns": "she/her"}),
        ):
            status, told = await person.kith(method, path, body)
            assert status < 500, told
            if status == 401:
                return True
        return False

    return await eventually(refused)


async def administrator(world: World, by: MatrixUser, *, is_one: bool) -> None:
    """Make Kith's service user a server administrator, or not."""
    path = f"/_synapse/admin/v1/users/@kith:{world.stack.wish.server_name}/admin"
    status, told = await by.request("PUT", path, {"admin": is_one})
    assert status == 200, told
