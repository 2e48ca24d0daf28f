# SPDX-License-Identifier: AGPL-3.0-or-later
import ipaddress
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from appservice.outward import Address, Outward, OutwardError, is_public
from tests.fakes.synapse_doors import FakeSynapseDoors
from tests.support.databases import Database
from tests.support.door import Answer, Door, open_door
from tests.support.federation import Loopback


class Recorded(Outward):
    """Foreign hosts with prepared answers."""

    def __init__(self, answers: Mapping[str, dict[str, Any]]) -> None:
        super().__init__()
        self.answers = answers
        self.asked: list[str] = []

    async def get(
        self, url: URL, headers: Mapping[str, str] | None = None, redirects: int = 3
    ) -> dict[str, Any]:
        assert redirects >= 0
        self.asked.append(f"{url.with_query(None)} {(headers or {}).get('Host', '')}".strip())
        found = self.answers.get(str(url.with_query(None)))
        if found is None:
            raise OutwardError("nothing there")
        return found


@asynccontextmanager
async def doors(
    database: Database, outward: Outward | None = None, **changes: Any
) -> AsyncIterator[tuple[Door, FakeSynapseDoors]]:
    synapse = FakeSynapseDoors()
    async with TestServer(synapse.app) as server:
        url = {"url": str(server.make_url("/"))}
        async with open_door(database.url, synapse=url, outward=outward, **changes) as door:
            yield door, synapse


async def openid(door: Door, server: str, token: str = "tok") -> Answer:  # noqa: S107
    body = {"access_token": token, "matrix_server_name": server, "session": "token"}
    return await door.ask("POST", "/api/auth/openid", body)


async def test_a_local_openid_token_lets_in(database: Database) -> None:
    async with doors(database) as (door, synapse):
        synapse.subjects["tok"] = door.homeserver.add("alice")
        entered = await openid(door, "hs.test")
        assert entered.status == 200, entered.text
        assert entered.body["user"]["user_id"] == "@alice:hs.test"
        unknown = await openid(door, "hs.test", "other")
        assert (unknown.status, unknown.code) == (401, "bad_credentials")
        synapse.subjects["tok"] = "@eve:far.test"
        assert (await openid(door, "hs.test")).code == "bad_credentials"


USERINFO = "/_matrix/federation/v1/openid/userinfo"


async def test_a_remote_openid_token_lets_in_the_servers_own_people_only(
    database: Database,
) -> None:
    answers = {
        "https://far.test/.well-known/matrix/server": {"m.server": "matrix.far.test:443"},
        f"https://matrix.far.test{USERINFO}": {"sub": "@rita:far.test"},
        f"https://evil.test:8448{USERINFO}": {"sub": "@alice:hs.test"},
        f"https://odd.test:8448{USERINFO}": {"sub": 7},
    }
    outward = Recorded(answers)
    async with doors(database, outward) as (door, _):
        door.homeserver.add("rita", server="far.test")
        entered = await openid(door, "far.test")
        assert entered.status == 200, entered.text
        assert entered.body["user"] | {"display_name": None} == {
            "user_id": "@rita:far.test",
            "display_name": None,
            "avatar_url": None,
            "local": False,
            "staff": None,
        }
        assert outward.asked[-1] == f"https://matrix.far.test{USERINFO} matrix.far.test:443"
        for server in ("evil.test", "odd.test", "gone.test", "a b", "x/../y", "far.test:0"):
            refused = await openid(door, server)
            assert (refused.status, refused.code) == (401, "bad_credentials"), server


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1",  # noqa: S104
        "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1",
        "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::",
        "2002:a00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2001:0:4136:e378:8000:63bf::",
        "192.0.0.1", "198.18.0.1", "2001:db8::1",
    ],
)  # fmt: skip
async def test_addresses_inside_are_never_asked(inside: str) -> None:
    assert not is_public(ipaddress.ip_address(inside))
    host = f"[{inside}]" if ":" in inside else inside
    with pytest.raises(OutwardError):
        await Outward().get(URL(f"https://{host}:1/"))


def test_addresses_outside_may_be_asked() -> None:
    for outside in ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"):
        assert is_public(ipaddress.ip_address(outside))


@pytest.mark.parametrize(
    "url",
    ["http://far.test/", "https://user@far.test/", "https://localhost:1/", "ftp://far.test/"],
)
async def test_only_plain_https_addresses_are_asked(url: str) -> None:
    with pytest.raises(OutwardError):
        await Outward().get(URL(url))


async def test_foreign_answers_are_bounded(tmp_path: Path) -> None:
    loopback = Loopback(tmp_path, "localhost")
    tls = loopback.federation("localhost")
    own = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    own.load_cert_chain(tls.certificate, tls.key)
    trust = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    asked: list[Address] = []

    def permits(address: Address) -> bool:
        asked.append(address)
        return True

    app = web.Application()

    async def small(_: web.Request) -> web.Response:
        return web.json_response({"sub": "@a:b"})

    async def large(_: web.Request) -> web.Response:
        return web.json_response({"sub": "x" * 100_000})

    async def inward(_: web.Request) -> web.Response:
        raise web.HTTPFound("http://127.0.0.1/")

    async def around(request: web.Request) -> web.Response:
        raise web.HTTPFound(str(request.url))

    async def nested(_: web.Request) -> web.Response:
        return web.Response(text="[" * 60_000, content_type="application/json")

    for handler in (small, large, inward, around, nested):
        app.router.add_get(f"/{handler.__name__}", handler)
    server = TestServer(app, scheme="https", host="localhost")
    await server.start_server(ssl=own)
    try:
        base = URL(f"https://localhost:{server.port}")
        outward = Outward(permits, trust)
        assert await outward.get(base / "small") == {"sub": "@a:b"}
        assert asked
        for name in ("large", "inward", "around", "nested"):
            with pytest.raises(OutwardError):
                await outward.get(base / name)
        with pytest.raises(OutwardError):
            await Outward(trust=trust).get(base / "small")
    finally:
        await server.close()


@pytest.mark.parametrize(
    ("policy", "flows", "token", "status", "code"),
    [
        ("closed", [["m.login.dummy"]], None, 403, "registration_closed"),
        ("open", [["m.login.dummy"]], None, 201, ""),
        ("open", [], None, 403, "registration_closed"),
        ("open", [["m.login.recaptcha"]], None, 403, "registration_closed"),
        ("token", [["m.login.registration_token"]], None, 403, "token_required"),
        ("token", [["m.login.registration_token"]], "bad", 403, "token_required"),
        ("token", [["m.login.registration_token"]], "good", 201, ""),
    ],
)
async def test_signing_up(  # noqa: PLR0917 - pytest passes them by name
    database: Database,
    policy: str,
    flows: list[list[str]],
    token: str | None,
    status: int,
    code: str,
) -> None:
    async with doors(database, registration=policy) as (door, synapse):
        synapse.flows = flows
        door.homeserver.add("new")
        assert (await door.ask("GET", "/api/auth/registration")).body == {"policy": policy}
        body = {"name": "new", "password": "long enough"} | ({"token": token} if token else {})
        answer = await door.ask(
            "POST", "/api/auth/register", body, headers={"X-Forwarded-For": "203.0.113.9"}
        )
        assert answer.status == status, answer.text
        if status == 201:
            assert answer.body["user"]["user_id"] == "@new:hs.test"
            assert "kith_session=" in answer.headers["Set-Cookie"]
            assert set(synapse.forwarded) == {"203.0.113.9"}
            again = await door.ask("POST", "/api/auth/register", body)
            assert (again.status, again.code) == (409, "name_taken")
        else:
            assert answer.code == code


async def test_a_weak_or_odd_sign_up_is_refused_before_the_homeserver(database: Database) -> None:
    async with doors(database, registration="open") as (door, synapse):
        for name, password in (("Big", "long enough"), ("ok", "short"), ("a b", "long enough")):
            answer = await door.ask(
                "POST", "/api/auth/register", {"name": name, "password": password}
            )
            assert (answer.status, answer.code) == (400, "invalid")
            assert password not in answer.text
        assert synapse.forwarded == []
