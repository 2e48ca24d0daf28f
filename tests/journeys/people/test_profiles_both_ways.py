# SPDX-License-Identifier: AGPL-3.0-or-later
"""One profile in Kith's web, in Matrix clients, and as another homeserver sees it (P5)."""

import asyncio
import io
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import aiohttp
import nio
import pytest
from PIL import Image

from tests.journeys.people.world import Someone, World, photo, red
from tests.support.databases import connect
from tests.support.eventually import eventually, stretched
from tests.support.matrix import MatrixUser

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

QUICK = 2.0
"""Seconds after which a change is known on the other side (P5)."""
SQUARE = {"x": 20, "y": 10, "width": 512, "height": 512}


async def becomes(read: Callable[[], Awaitable[Any]], **fields: Any) -> float:
    """Wait until a profile has these fields (None is absent); the seconds it took."""
    began = time.monotonic()

    async def is_so() -> bool:
        seen = await read()
        wanted = {name.replace("__", "."): value for name, value in fields.items()}
        assert {name: seen.get(name) for name in wanted} == wanted
        return True

    await eventually(is_so)
    return time.monotonic() - began


async def test_from_kith_to_matrix_and_out_again(alice: Someone, bob: Someone) -> None:
    await alice.edit(display_name="Alice Moon", bio="I row.", timezone="Europe/Oslo")
    assert await becomes(lambda: bob.there(alice), displayname="Alice Moon") < 10
    seen = await bob.there(alice)
    assert set(seen) == {"displayname"}, "nothing else is public yet"
    await alice.edit(visibility_settings={"bio": "public", "timezone": "public"})
    await becomes(lambda: bob.there(alice), m__tz="Europe/Oslo")
    seen = await bob.there(alice)
    assert seen["gay.fomx.biography"]["m.text"][1] == {"body": "I row."}
    await alice.edit(hidden=True)
    await becomes(lambda: bob.there(alice), m__tz=None, gay__fomx__biography=None)
    assert (await bob.there(alice))["displayname"] == "Alice Moon"


async def test_from_a_matrix_client_to_kith(alice: Someone, bob: Someone) -> None:
    await alice.write("displayname", "Alice Sun")
    await becomes(alice.here, display_name="Alice Sun")
    await alice.write("m.tz", "Asia/Tokyo")
    await becomes(lambda: bob.here(alice), timezone="Asia/Tokyo")
    await becomes(alice.there, us__cloke__msc4175__tz="Asia/Tokyo")

    async def told() -> bool:
        return any("public now" in notice for notice in await alice.notices())

    await eventually(told)


async def test_an_everyday_client_and_kith_know_of_each_other_within_two_seconds(
    alice: Someone, bob: Someone
) -> None:
    """matrix-nio stands for every client that knows nothing of Kith.

    `--log-cli-level=INFO` shows how long it took.
    """
    async with everyday_client(alice) as client:

        async def in_the_client() -> Any:
            answer = await client.get_profile(alice.user_id)
            assert isinstance(answer, nio.ProfileGetResponse), answer
            return {"displayname": answer.displayname, "avatar_url": answer.avatar_url}

        named = await client.set_displayname("Alice Comet")
        assert isinstance(named, nio.ProfileSetDisplayNameResponse), named
        inwards = await becomes(lambda: bob.here(alice), display_name="Alice Comet")
        mxc = await avatar_set(client, photo((64, 48)))
        looked_at = await becomes(lambda: bob.here(alice), avatar_url=mxc)
        await alice.edit(display_name="Alice Nova")
        outwards = await becomes(in_the_client, displayname="Alice Nova", avatar_url=mxc)
        urls = (await bob.here(alice))["avatar"]["urls"]
        assert set(urls) == {"512", "256", "128", "64"}
        async with bob.matrix.http.get(alice.world.stack.public_url + urls["64"]) as answer:
            with Image.open(io.BytesIO(await answer.read())) as seen:
                assert seen.size == (48, 48)
        # What is taken away there is gone here, too.
        await avatar_set(client, None)
        await becomes(lambda: bob.here(alice), avatar_url=None, avatar=None)
    logging.getLogger(__name__).info(
        "%.2f s to Kith, %.2f s to Matrix, %.2f s for a picture", inwards, outwards, looked_at
    )
    assert max(inwards, outwards) < stretched(QUICK), (inwards, outwards)


async def test_a_bad_picture_is_seen_nowhere_until_staff_say_yes(
    world: World, alice: Someone, bob: Someone
) -> None:
    async with everyday_client(alice) as client:
        good = await avatar_set(client, photo((64, 64)))
        await becomes(lambda: bob.here(alice), avatar_url=good)
        bad = await avatar_set(client, red())

        async def told() -> bool:
            return any("Staff have to look" in notice for notice in await alice.notices())

        await eventually(told)
        await becomes(lambda: bob.there(alice), avatar_url=good)
        assert (await bob.here(alice))["avatar_url"] == good
    with connect(world.stack.database.url) as connection:
        connection.execute(
            "INSERT INTO staff (user_id, role) VALUES (%s, 'moderator')", (bob.user_id,)
        )
    _, page = await bob.kith("GET", "/api/moderation/media")
    (waits,) = (one for one in page["media"] if one["user_id"] == alice.user_id)
    path = f"/api/moderation/media/{waits['media_id']}"
    assert (await bob.kith("POST", path, {"verdict": "approve"}))[0] == 200
    await becomes(lambda: bob.there(alice), avatar_url=bad)
    await becomes(lambda: bob.here(alice), avatar_url=bad)


@asynccontextmanager
async def everyday_client(person: Someone) -> AsyncIterator[nio.AsyncClient]:
    """A Matrix client that knows nothing of Kith."""
    client = nio.AsyncClient(person.world.stack.public_url, person.user_id)
    client.restore_login(person.user_id, "TEST", person.matrix.token)
    try:
        yield client
    finally:
        await client.close()


async def avatar_set(client: nio.AsyncClient, body: bytes | None) -> str:
    """Upload a picture and set it, or take it away; its address."""
    mxc = ""
    if body is not None:
        sent, _ = await client.upload(
            lambda *_: io.BytesIO(body), "image/png", "me.png", filesize=len(body)
        )
        assert isinstance(sent, nio.UploadResponse), sent
        mxc = str(sent.content_uri)
    answer = await client.set_avatar(mxc)
    assert isinstance(answer, nio.ProfileSetAvatarResponse), answer
    return mxc


async def test_a_name_nobody_may_have_is_set_back_and_told(alice: Someone) -> None:
    before = (await alice.there())["displayname"]
    await alice.write("displayname", "Kith Administrator")

    async def told() -> bool:
        return any("could not stay" in notice for notice in await alice.notices())

    await eventually(told)
    await becomes(alice.there, displayname=before)
    assert (await alice.here())["display_name"] == before


async def test_both_at_once_end_alike(alice: Someone) -> None:
    async def from_a_client(name: str) -> bool:
        # Synapse 1.163 answers 500 ("Expected at most one task to cancel") to a name that comes
        # while it tells rooms of two others. Whoever typed it presses once more.
        path, body = f"/profile/{alice.user_id}/displayname", {"displayname": name}
        status, told = await alice.matrix.request("PUT", path, body)
        assert status in (200, 500), told
        return bool(status == 200)

    for number in range(5):
        await asyncio.gather(
            alice.edit(display_name=f"From Kith {number}"),
            eventually(partial(from_a_client, f"From Element {number}")),
        )

        async def alike(number: int = number) -> bool:
            here, there = await alice.here(), await alice.there()
            assert here["display_name"] == there["displayname"]
            return bool(here["display_name"].endswith(str(number)))

        await eventually(alike)


async def test_a_change_is_told_once(world: World, alice: Someone, bob: Someone) -> None:
    """No loop: rooms see one new name, and not another again."""
    room = min(await alice.rooms() & await bob.rooms())
    await alice.edit(display_name="Once Only")
    await becomes(lambda: bob.there(alice), displayname="Once Only")
    # What follows from the change comes before what follows from this one.
    await alice.write("m.tz", "Europe/Paris")
    await becomes(alice.here, timezone="Europe/Paris")

    async def times() -> int:
        names = [
            event["content"].get("displayname")
            for event in await bob.matrix.messages(room)
            if event["type"] == "m.room.member" and event["state_key"] == alice.user_id
        ]
        return names.count("Once Only")

    await eventually(times)

    def quiet() -> bool:
        with connect(world.stack.database.url) as connection:
            found = connection.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'profiles.sync'"
                " AND status IN ('todo', 'doing')"
            ).fetchone()
            return found is not None and found[0] == 0

    await eventually(quiet)
    assert await times() == 1


async def test_a_picture_is_shown_in_both_and_taken_back(alice: Someone, bob: Someone) -> None:
    media_id = await alice.picture("avatar", SQUARE)

    async def published() -> Any:
        return (await bob.there(alice)).get("avatar_url")

    mxc = await eventually(published)
    assert (await bob.here(alice))["avatar_url"] == mxc
    server, _, name = mxc.removeprefix("mxc://").partition("/")
    path = f"/_matrix/client/v1/media/download/{server}/{name}"
    headers = {"Authorization": f"Bearer {bob.matrix.token}"}
    async with bob.matrix.http.get(bob.matrix.base + path, headers=headers) as answer:
        body = await answer.read()
    with Image.open(io.BytesIO(body)) as seen:
        assert seen.size == (512, 512)
    url = (await bob.here(alice))["avatar"]["urls"]["128"]
    async with bob.matrix.http.get(alice.world.stack.public_url + url) as answer:
        assert (answer.status, answer.content_type) == (200, "image/webp")
        assert "immutable" in answer.headers["Cache-Control"]
    await alice.edit(visibility_settings={"avatar": "connections"})
    await becomes(lambda: bob.there(alice), avatar_url=None)
    async with bob.matrix.http.get(alice.world.stack.public_url + url) as answer:
        assert answer.status == 404
    # Everybody again: it is the same picture.
    await alice.edit(visibility_settings={"avatar": "public"})
    await eventually(published)
    assert (await alice.here())["avatar"]["media_id"] == media_id


async def test_what_happened_while_kith_was_away_is_caught_up(
    world: World, alice: Someone, bob: Someone
) -> None:
    await alice.rooms()
    await bob.edit(pronouns="they/them", visibility_settings={"pronouns": "public"})

    async def compared() -> bool:
        return "io.fsky.nyx.pronouns" in await alice.there(bob)

    await eventually(compared)
    world.stack.children["appservice"].kill()
    await alice.write("displayname", "In The Dark")
    # No event tells of a custom field, and nobody hears the signal.
    await bob.write("m.tz", "Pacific/Auckland")

    async def known(who: Someone, field: str, value: str) -> bool:
        try:
            status, told = await who.kith("GET", f"/api/profile/{who.user_id}")
        except aiohttp.ClientError:
            return False
        return status == 200 and told[field] == value

    await eventually(lambda: known(alice, "display_name", "In The Dark"), within=60)
    await eventually(lambda: known(bob, "timezone", "Pacific/Auckland"), within=60)


@pytest.mark.federation
async def test_another_homeserver_fetches_only_what_is_public(
    alice: Someone, elsewhere: MatrixUser
) -> None:
    async def far() -> Any:
        status, told = await elsewhere.request("GET", f"/profile/{alice.user_id}")
        assert status == 200, told
        return told

    await alice.edit(
        bio="For friends.",
        pronouns="she/her",
        gender="woman",
        timezone="Europe/Oslo",
        visibility_settings={"pronouns": "public", "gender": "private"},
    )
    await becomes(far, io__fsky__nyx__pronouns=[{"language": "en", "summary": "she/her"}])
    assert set(await far()) == {"displayname", "io.fsky.nyx.pronouns"}
    await alice.edit(visibility_settings={"pronouns": "connections"})
    await becomes(far, io__fsky__nyx__pronouns=None)
    assert set(await far()) == {"displayname"}
