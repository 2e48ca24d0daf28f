# SPDX-License-Identifier: AGPL-3.0-or-later
from http.cookies import SimpleCookie

import pytest

from tests.fakes.small_homeserver import PASSWORD
from tests.support.databases import Database
from tests.support.door import Answer, Door, open_door


async def login(door: Door, user: str = "alice", password: str = PASSWORD, **more: str) -> Answer:
    body = {"user": user, "password": password, **more}
    return await door.ask("POST", "/api/auth/login", body)


def cookie_of(answer: Answer) -> str:
    return SimpleCookie(answer.headers["Set-Cookie"])["kith_session"].value


async def test_a_password_gives_a_cookie_and_leaves_no_device(door: Door) -> None:
    alice = door.homeserver.add("alice")
    entered = await login(door)
    assert entered.status == 200, entered.text
    assert entered.body["user"] == {
        "user_id": alice,
        "display_name": "Alice",
        "avatar_url": None,
        "local": True,
        "staff": None,
    }
    assert entered.body["session_token"] is None
    flags = entered.headers["Set-Cookie"]
    assert "HttpOnly" in flags
    assert "SameSite=Lax" in flags
    assert "Secure" not in flags
    assert len(door.homeserver.logged_out) == 1
    assert door.homeserver.tokens == {}
    headers = {"Cookie": f"kith_session={cookie_of(entered)}"}
    session = await door.ask("GET", "/api/auth/session", headers=headers)
    assert session.body["csrf_token"] == entered.body["csrf_token"]
    # Neither the token nor the CSRF token is in the database.
    stored = await door.sql("SELECT encode(token_hash, 'escape') FROM sessions")
    assert cookie_of(entered) not in str(stored)


async def test_the_cookie_is_secure_behind_https(database: Database) -> None:
    async with open_door(database.url, public_url="https://kith.test") as door:
        door.homeserver.add("alice")
        entered = await login(door)
        assert entered.headers["Set-Cookie"].endswith("; Secure")
        assert "max-age" in entered.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("alice", "wrong"),
        ("nobody", PASSWORD),
        ("@alice:far.test", PASSWORD),
        ("al ice", PASSWORD),
    ],
)
async def test_wrong_credentials_all_sound_the_same(door: Door, user: str, password: str) -> None:
    door.homeserver.add("alice")
    answer = await login(door, user, password)
    assert (answer.status, answer.code) == (401, "bad_credentials")
    assert "Set-Cookie" not in answer.headers


async def test_guessing_for_one_account_is_slowed(door: Door) -> None:
    door.homeserver.add("alice")
    answers = [await login(door, password="wrong") for _ in range(11)]
    assert [answer.status for answer in answers] == [401] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


async def test_a_cookie_alone_changes_nothing(door: Door) -> None:
    door.homeserver.add("alice")
    door.homeserver.add("bob")
    entered = await login(door)
    cookie = {"Cookie": f"kith_session={cookie_of(entered)}"}
    right = {"X-CSRF-Token": entered.body["csrf_token"]}
    path = "/api/profile/bob/follow"
    without = await door.ask("POST", path, headers=cookie)
    assert (without.status, without.code) == (403, "csrf")
    wrong = await door.ask("POST", path, headers={**cookie, "X-CSRF-Token": "no\udcff"})
    assert (wrong.status, wrong.code) == (403, "csrf")
    foreign = await door.ask("POST", path, headers={**cookie, **right, "Origin": "http://evil"})
    assert (foreign.status, foreign.code) == (403, "csrf")
    good = await door.ask("POST", path, headers={**cookie, **right, "Origin": "http://kith.test"})
    assert good.status == 204


async def test_another_sites_page_cannot_sign_anybody_in(door: Door) -> None:
    door.homeserver.add("alice")
    body = {"user": "alice", "password": PASSWORD}
    answer = await door.ask("POST", "/api/auth/login", body, headers={"Origin": "http://evil"})
    assert (answer.status, answer.code) == (403, "csrf")
    form = await door.ask("POST", "/api/auth/login", data="user=alice&password=x")
    assert (form.status, form.code) == (415, "unsupported_type")


async def test_a_session_token_works_as_bearer_and_ends(door: Door) -> None:
    door.homeserver.add("alice")
    entered = await login(door, session="token")
    assert "Set-Cookie" not in entered.headers
    assert entered.body["csrf_token"] is None
    headers = {"Authorization": f"Bearer {entered.body['session_token']}"}
    assert (await door.ask("GET", "/api/me", headers=headers)).status == 200
    assert (await door.ask("POST", "/api/auth/logout", headers=headers)).status == 204
    assert (await door.ask("GET", "/api/me", headers=headers)).status == 401


async def test_sessions_run_out(door: Door) -> None:
    door.homeserver.add("alice")
    entered = await login(door, session="token")
    headers = {"Authorization": f"Bearer {entered.body['session_token']}"}
    door.clock.advance(days=30, seconds=1)
    assert (await door.ask("GET", "/api/me", headers=headers)).status == 401


async def test_deactivated_people_are_out_at_once(door: Door) -> None:
    alice = door.person("alice")
    entered = await login(door, session="token")
    headers = {"Authorization": f"Bearer {entered.body['session_token']}"}
    assert (await alice.get("/api/me")).status == 200
    await door.sql("UPDATE people SET deactivated_at = now()")
    assert (await door.ask("GET", "/api/me", headers=headers)).status == 401
    assert (await alice.get("/api/me")).status == 401
    again = await login(door)
    assert (again.status, again.code) == (401, "bad_credentials")


async def test_matrix_tokens_are_asked_about_once_a_minute(door: Door) -> None:
    alice = door.person("alice")
    assert (await alice.get("/api/me")).status == 200
    door.homeserver.away = True
    assert (await alice.get("/api/me")).status == 200
    other = await door.ask("GET", "/api/me", headers={"Authorization": "Bearer syt_other"})
    assert (other.status, other.code) == (503, "homeserver_unavailable")
    door.homeserver.away = False
    other = await door.ask("GET", "/api/me", headers={"Authorization": "Bearer syt_other"})
    assert (other.status, other.code) == (401, "unauthenticated")


async def test_the_service_user_and_programs_do_not_sign_in(door: Door) -> None:
    door.homeserver.tokens["as-token"] = door.homeserver.service_user
    kith = await door.ask("GET", "/api/me", headers={"Authorization": "Bearer as-token"})
    assert kith.status == 401
    bot = door.person("bot")
    assert (await bot.get("/api/me")).status == 200
    await door.sql("UPDATE people SET kind = 'bot'")
    assert (await bot.get("/api/me")).status == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer \udcff", "x"])
async def test_broken_credentials_are_not_nobody(door: Door, header: str) -> None:
    answer = await door.ask("GET", "/api/me", headers={"Authorization": header})
    assert (answer.status, answer.code) == (401, "unauthenticated")
    assert (await door.ask("GET", "/healthz", headers={"Authorization": header})).status == 200
