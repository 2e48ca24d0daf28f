# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
from urllib.parse import parse_qs, urlencode, urlsplit

from appservice.setup_link import make_link
from tests.support.door import Answer, Door

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://kith.test"}


async def link(door: Door) -> str:
    made = urlsplit(await make_link(door.database, door.clock, "http://kith.test"))
    assert made.path == "/setup"
    return parse_qs(made.query)["token"][0]


async def fill(door: Door, token: str, **fields: str) -> Answer:
    form = {"name": "root", "password": "long enough", "repeat": "long enough", **fields}
    return await door.ask("POST", "/setup", data=urlencode({"token": token, **form}), headers=FORM)


async def test_the_form_makes_one_administrator(door: Door) -> None:
    token = await link(door)
    shown = await door.ask("GET", f"/setup?token={token}")
    assert shown.status == 200
    assert "<form" in shown.text
    assert "<script" not in shown.text
    done = await fill(door, token)
    assert done.status == 200
    assert "@root:hs.test" in done.text
    cookie = done.headers["Set-Cookie"].partition(";")[0]
    session = await door.ask("GET", "/api/auth/session", headers={"Cookie": cookie})
    assert session.body["user"]["staff"] == "admin"
    assert (await fill(door, token, name="second")).status == 403
    assert (await door.ask("GET", f"/setup?token={token}")).status == 403
    assert list(door.homeserver.passwords) == ["@root:hs.test"]


async def test_mistakes_leave_the_link_good(door: Door) -> None:
    token = await link(door)
    door.homeserver.add("taken")
    for fields in (
        {"name": "Not Good"},
        {"password": "short", "repeat": "short"},
        {"repeat": "something else"},
        {"name": "taken"},
        {"name": '"><script>alert(1)</script>'},
    ):
        answer = await fill(door, token, **fields)
        assert answer.status == 400, fields
        assert 'role="alert"' in answer.text
        assert "long enough" not in answer.text
        assert "<script" not in answer.text
    assert (await fill(door, token)).status == 200


async def test_old_and_unknown_links_open_nothing(door: Door) -> None:
    token = await link(door)
    door.clock.advance(hours=25)
    for wrong in (token, "x", ""):
        assert (await door.ask("GET", f"/setup?token={wrong}")).status == 403
        assert (await fill(door, wrong)).status in (400, 403)
        body = {"token": wrong or "y", "name": "root", "password": "long enough"}
        answer = await door.ask("POST", "/api/auth/setup", body)
        assert (answer.status, answer.code) == (403, "link_used")
    assert door.homeserver.passwords == {}


async def test_a_link_works_once_under_a_race(door: Door) -> None:
    token = await link(door)
    answers = await asyncio.gather(
        *(
            door.ask(
                "POST",
                "/api/auth/setup",
                {"token": token, "name": f"root{n}", "password": "long enough"},
            )
            for n in range(6)
        )
    )
    assert sorted(answer.status for answer in answers) == [201] + [403] * 5
    assert len(door.homeserver.passwords) == 1


async def test_another_sites_form_is_refused(door: Door) -> None:
    token = await link(door)
    data = urlencode({"token": token, "name": "root", "password": "long enough"})
    headers = {**FORM, "Origin": "http://evil"}
    answer = await door.ask("POST", "/setup", data=data, headers=headers)
    assert (answer.status, answer.code) == (403, "csrf")
