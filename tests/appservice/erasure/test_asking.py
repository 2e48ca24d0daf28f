# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking for the deletion of one's account, and thinking better of it (G1, D32)."""

import hashlib
from datetime import timedelta
from uuid import UUID

import pytest

from appservice.erasure import command
from appservice.erasure.command import ErasureError
from appservice.erasure.service import NOTE
from appservice.errors import Unavailable
from tests.appservice.erasure.conftest import House
from tests.fakes.small_homeserver import PASSWORD


async def test_a_password_is_asked_for_again(house: House) -> None:
    eve = await house.person("eve")
    for body, code in (
        ({}, "not_confirmed"),
        ({"password": None, "confirm": None}, "not_confirmed"),
        ({"password": "no"}, "wrong_password"),
        # A Matrix token does not say when somebody signed in.
        ({"confirm": eve.user_id}, "not_confirmed"),
    ):
        refused = await eve.post("/api/me/erasure", body)
        assert (refused.status, refused.code) == (403, code)
    assert (await eve.get("/api/me/erasure")).body["state"] == "none"
    asked = await house.ask(eve)
    assert (asked.status, asked.body["state"]) == (202, "waiting")
    due = house.door.clock.now() + timedelta(days=14)
    assert asked.body["erase_at"] == due.isoformat().replace("+00:00", "Z")
    assert (await eve.get("/api/me/erasure")).body["state"] == "waiting"
    # The link shows it to whoever holds it, without signing in; a second one takes its place.
    assert (await house.door.ask("GET", asked.body["proof_url"])).body["state"] == "waiting"
    again = await house.ask(eve)
    assert again.body["erase_at"] == asked.body["erase_at"]
    assert (await house.door.ask("GET", asked.body["proof_url"])).status == 404
    assert (await house.door.ask("GET", again.body["proof_url"])).status == 200
    # The check leaves no device behind.
    assert len(house.door.homeserver.logged_out) == 2


async def test_without_a_password_a_fresh_sign_in_and_ones_id_do(house: House) -> None:
    eve = await house.person("eve")
    signed_in = await house.door.ask(
        "POST", "/api/auth/login", {"user": "eve", "password": PASSWORD, "session": "token"}
    )
    headers = {"Authorization": f"Bearer {signed_in.body['session_token']}"}

    async def confirm(text: str) -> int:
        answer = await house.door.ask(
            "POST", "/api/me/erasure", {"confirm": text}, headers=headers
        )
        return answer.status

    assert await confirm("@bob:hs.test") == 403
    house.door.clock.advance(minutes=11)
    assert await confirm(eve.user_id) == 403
    house.door.clock.advance(minutes=-2)
    assert await confirm(eve.user_id) == 202


async def test_meanwhile_the_profile_is_hidden_and_cancelling_brings_all_back(
    house: House,
) -> None:
    eve, bob = await house.person("eve"), await house.person("bob")
    await eve.ask(
        "PUT", "/api/profile/eve", {"bio": "I row.", "visibility_settings": {"bio": "public"}}
    )
    await eve.patch("/api/me/settings", {"request_policy": "shared_space"})
    before = [
        (await bob.get("/api/profile/eve")).body,
        (await eve.get("/api/me/settings")).body,
    ]
    await house.ask(eve)
    assert "bio" not in (await bob.get("/api/profile/eve")).body
    asked = await bob.post("/api/profile/eve/friend-request")
    assert (asked.status, asked.code) == (403, "requests_closed")
    # They are signed in still, and may look and cancel until the last moment.
    house.door.clock.advance(days=13, hours=23)
    assert (await eve.delete("/api/me/erasure")).status == 204
    after = [
        (await bob.get("/api/profile/eve")).body,
        (await eve.get("/api/me/settings")).body,
    ]
    assert after == before
    assert (await eve.get("/api/me/erasure")).body["state"] == "none"
    assert [one["note"] for one in await house.jobs(NOTE)] == ["asked", "cancelled"]
    assert (await eve.delete("/api/me/erasure")).status == 204


async def test_what_was_hidden_before_stays_hidden(house: House) -> None:
    eve = await house.person("eve")
    await eve.ask("PUT", "/api/profile/eve", {"hidden": True})
    await house.ask(eve)
    await eve.delete("/api/me/erasure")
    assert (await eve.get("/api/profile/eve")).body["mine"]["hidden"] is True


async def test_nothing_happens_before_its_time_nor_after_a_cancellation(house: House) -> None:
    eve = await house.person("eve")
    await house.ask(eve)
    erasure = await house.erasure_of(eve)
    await house.runner.run(str(erasure.id))
    assert (await eve.get("/api/me/erasure")).body["state"] == "waiting"
    await eve.delete("/api/me/erasure")
    house.door.clock.advance(days=15)
    await house.runner.run(str(erasure.id))
    assert house.door.homeserver.deactivated == []


async def test_once_it_has_begun_nothing_stops_it(house: House) -> None:
    eve, bob, carol = [await house.person(name) for name in ("eve", "bob", "carol")]
    house.door.homeserver.away = True
    asked = await house.ask(eve)
    # The password cannot be checked.
    assert asked.code == "homeserver_unavailable"
    house.door.homeserver.away = False
    await house.door.befriend(eve, bob)
    await carol.post("/api/profile/eve/friend-request")
    signed_in = await house.door.ask(
        "POST", "/api/auth/login", {"user": "eve", "password": PASSWORD, "session": "token"}
    )
    web = {"Authorization": f"Bearer {signed_in.body['session_token']}"}
    await house.ask(eve)
    erasure = await house.erasure_of(eve)
    house.door.clock.advance(days=14)
    house.door.homeserver.away = True
    with pytest.raises(Unavailable):
        await house.runner.run(str(erasure.id))
    assert (await house.erasure_of(eve)).state == "running"
    assert (await eve.get("/api/me/erasure")).status == 401, "they are signed out"
    assert (await house.door.ask("GET", "/api/me", headers=web)).status == 401
    assert await house.door.sql("SELECT 1 FROM sessions") == []
    # Others see them no more, although the homeserver has heard of nothing yet.
    friends = (await bob.get("/api/me/friends")).body
    assert (friends["friends"], friends["total"]) == ([], 0)
    sent = (await carol.get("/api/me/friend-requests?direction=outgoing")).body
    assert sent["requests"] == []
    house.door.homeserver.away = False
    await house.runner.wake()
    assert await house.jobs("erasure.run")


async def test_an_operator_asks_looks_and_thinks_better_of_it(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    eve = await house.person("eve")
    chosen = house.door.assembly.settings
    await command.parsed(["eve"])(chosen)
    assert "will be deleted on" in capsys.readouterr().err
    erasure = await house.erasure_of(eve)
    assert erasure.source == "operator"
    assert [one["note"] for one in await house.jobs(NOTE)] == ["operator"]
    for words, problem in (
        ([str(erasure.id), "--proof"], "not done yet: waiting"),
        (["eve", "--proof"], "not the id of a proof"),
        ([str(UUID(int=9)), "--proof"], "no proof with this id"),
        (["@eve:elsewhere.test"], "nobody of hs.test"),
    ):
        with pytest.raises(ErasureError, match=problem):
            await command.parsed(words)(chosen)
    await command.parsed([eve.user_id, "--cancel"])(chosen)
    assert (await eve.get("/api/me/erasure")).body["state"] == "none"
    proof_id = (await house.gone(eve))["report"]["report"]
    capsys.readouterr()
    await command.parsed([proof_id, "--proof"])(chosen)
    printed = capsys.readouterr()
    assert hashlib.sha256(printed.out.encode()).hexdigest() in printed.err
