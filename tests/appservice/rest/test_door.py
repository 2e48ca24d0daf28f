# SPDX-License-Identifier: AGPL-3.0-or-later
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from appservice import logs
from appservice.rest.limits import Limits
from appservice.rest.route import Limit
from appservice.rest.shield import HEADERS
from appservice.settings import LogSettings
from tests.support.databases import Database
from tests.support.door import SECRETS, Door, open_door

HOSTILE = ["a\r\nb", "a\x00b", "a\u2028b", "a\u202eb", "a\x1b[2Jb", "a\x85b"]


@pytest.mark.parametrize("path", ["/", "/api/docs", "/api/me", "/nothing", "/api/nothing/"])
async def test_every_answer_has_safe_headers(door: Door, path: str) -> None:
    answer = await door.ask("GET", path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert len(answer.headers["X-Request-Id"]) == 32


async def test_errors_have_one_shape(door: Door) -> None:
    alice = door.person("alice")
    bearer = {"Authorization": f"Bearer {alice.token}"}
    path = "/api/me/settings"
    cases: list[tuple[int, str, str, str, dict[str, Any]]] = [
        (404, "not_found", "GET", "/api/nothing", {}),
        (405, "method_not_allowed", "PUT", path, {}),
        (401, "unauthenticated", "GET", path, {}),
        (415, "unsupported_type", "PATCH", path, {"headers": bearer, "data": "{}"}),
        (400, "invalid", "GET", "/api/me?x=1", {"headers": bearer}),
        (400, "invalid", "GET", "/api/me/friends?limit=0", {"headers": bearer}),
        (400, "invalid", "GET", "/api/me/friends?limit=1&limit=2", {"headers": bearer}),
        (404, "not_found", "POST", "/api/friends/no-uuid/cancel", {"headers": bearer}),
    ]
    for status, code, method, where, options in cases:
        answer = await door.ask(method, where, **options)
        assert (answer.status, answer.code) == (status, code), where
        assert set(answer.body["error"]) == {"code", "message", "details"}
    assert (await door.ask("PUT", path)).headers["Allow"] == "GET, PATCH"


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"{", 400, "bad_json"),
        (b"\xff\xfe", 400, "bad_json"),
        (b'{"dm_policy": "\\ud800"}', 400, "bad_json"),
        (b"[]", 400, "invalid"),
        (b"null", 400, "invalid"),
        (b'{"nope": 1}', 400, "invalid"),
        (b"[" * 5_000, 400, "bad_json"),
        (b" " * 70_000, 413, "too_large"),
    ],
)
async def test_bodies_that_cannot_be_used(door: Door, raw: bytes, status: int, code: str) -> None:
    alice = door.person("alice")
    headers = {"Authorization": f"Bearer {alice.token}", "Content-Type": "application/json"}
    answer = await door.ask("PATCH", "/api/me/settings", headers=headers, data=raw)
    assert (answer.status, answer.code) == (status, code)


async def test_a_trailing_slash_is_no_difference(door: Door) -> None:
    alice = door.person("alice")
    assert (await alice.get("/api/me/")).body == (await alice.get("/api/me")).body


async def test_people_in_paths_may_be_bare_or_whole(door: Door) -> None:
    alice, _ = door.person("alice"), door.person("bob")
    for name in ("bob", "BOB", "@bob", "@bob:hs.test", "%40bob%3Ahs.test"):
        answer = await alice.get(f"/api/profile/{name}/relationship")
        assert answer.body["person"]["user_id"] == "@bob:hs.test", name


@pytest.mark.parametrize("text", HOSTILE)
async def test_no_text_gets_through_with_controls(door: Door, text: str) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    made = await alice.post("/api/profile/bob/friend-request", {"message": text})
    assert made.status == 201
    assert made.body["message"] in ("a b", "ab", "a[2Jb")
    await bob.post(f"/api/friends/{made.body['id']}/respond", {"action": "accept"})
    carol = door.person("carol")
    await door.befriend(alice, carol)
    body = {"participants": ["bob", "carol"], "name": text}
    room = await alice.post("/api/dm/conversations", body)
    assert room.body["name"] in ("a b", "ab", "a[2Jb")
    quoted = "".join(f"%{byte:02x}" for byte in text.encode())
    assert (await alice.get(f"/api/profile/{quoted}/relationship")).status == 400
    assert (await alice.get(f"/api/dm/conversations/{quoted}")).status == 404
    assert (await alice.get(f"/api/me/friends?cursor={quoted}")).status == 400


async def test_notes_are_refused_when_too_long(door: Door) -> None:
    alice, _ = door.person("alice"), door.person("bob")
    long = await alice.post("/api/profile/bob/friend-request", {"message": "x" * 141})
    assert (long.status, long.code) == (400, "invalid")
    assert "x" * 141 not in long.text


async def test_limits_for_people_and_addresses(database: Database) -> None:
    limits = Limits(reads=Limit(3), writes=Limit(2), address=Limit(12))
    async with open_door(database.url, limits=limits) as door:
        alice, bob = door.person("alice"), door.person("bob")
        assert [(await alice.get("/api/me")).status for _ in range(4)] == [200] * 3 + [429]
        assert [(await bob.post("/api/profile/alice/mute")).status for _ in range(3)] == [
            204,
            204,
            429,
        ]
        refused = await alice.get("/api/me")
        assert refused.code == "too_many_requests"
        assert 0 < int(refused.headers["Retry-After"]) <= 60
        # Ten so far from this address; other people on it share what is left.
        statuses = [(await door.ask("GET", "/healthz")).status for _ in range(6)]
        assert statuses[-1] == 429
        elsewhere = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
        assert (await door.ask("GET", "/healthz", headers=elsewhere)).status == 200


async def test_health_says_which_part_is_away(door: Door) -> None:
    assert (await door.ask("GET", "/healthz")).body == {"status": "ok"}
    ready = await door.ask("GET", "/readyz")
    assert ready.status == 503
    assert ready.body == {
        "status": "not_ready",
        "parts": {"database": True, "homeserver": False},
    }


async def test_metrics_are_for_this_machine_or_the_token(door: Door) -> None:
    near = await door.ask("GET", "/metrics")
    assert "kith_http_requests_total" in near.text
    proxied = {"X-Forwarded-For": "203.0.113.7"}
    assert (await door.ask("GET", "/metrics", headers=proxied)).status == 403
    token = {"Authorization": f"Bearer {SECRETS['metrics_token']}", **proxied}
    assert (await door.ask("GET", "/metrics", headers=token)).status == 200
    wrong = {"Authorization": "Bearer ", **proxied}
    assert (await door.ask("GET", "/metrics", headers=wrong)).status == 403


async def test_well_known_points_here_and_keeps_conversations_plain(door: Door) -> None:
    client = await door.ask("GET", "/.well-known/matrix/client")
    assert client.body["m.homeserver"] == {"base_url": "http://kith.test"}
    assert client.body["io.element.e2ee"] == {"default": False}
    server = await door.ask("GET", "/.well-known/matrix/server")
    assert server.body == {"m.server": "kith.test:80"}
    for path in ("client", "server"):
        preflight = await door.ask("OPTIONS", f"/.well-known/matrix/{path}")
        assert preflight.status == 204
        assert preflight.headers["Access-Control-Allow-Origin"] == "*"


async def test_pages_ask_nobody_else_and_run_nothing(door: Door) -> None:
    for path in ("/", "/about", "/api/docs"):
        text = (await door.ask("GET", path)).text
        assert "<script" not in text
        assert "style=" not in text
        assert "//" not in text.replace("http://kith.test", "").replace("mxc://", "")
        style = text.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert (await door.ask("GET", style)).headers["Content-Type"].startswith("text/css")
    home = (await door.ask("GET", "/")).text
    assert "http://kith.test" in home
    assert "@kith:hs.test" in home


@pytest.fixture(params=["json", "console"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What the processes write, in both their forms."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure(LogSettings(format=request.param, level="debug"))
    written = io.StringIO()
    for handler in root.handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def test_no_secret_is_in_any_log(log: io.StringIO, door: Door) -> None:
    alice = door.person("alice")
    await alice.get("/api/me?secret=query-that-nobody-may-see")
    await alice.post("/api/profile/alice/friend-request", {"message": "note-nobody-may-see"})
    await door.ask("GET", "/setup?token=link-that-nobody-may-see")
    body = {"user": "alice", "password": "password-nobody-may-see"}
    await door.ask("POST", "/api/auth/login", body)
    await door.ask("POST", "/api/auth/login", {**body, "password": ["list-nobody-may-see"]})
    await door.sql("DROP TABLE sessions")
    broken = await door.ask("GET", "/api/me", headers={"Cookie": "kith_session=cookie-secret"})
    assert broken.status == 500
    assert "sessions" not in broken.text
    assert "UndefinedTable" in log.getvalue()
    for secret in (alice.token, "may-see", "cookie-secret", *SECRETS.values()):
        assert secret not in log.getvalue()


async def test_the_description_names_every_route_and_is_valid_json(door: Door) -> None:
    document = (await door.ask("GET", "/api/openapi.json")).body
    assert document["openapi"] == "3.1.0"
    described = {
        (method.upper(), path) for path, item in document["paths"].items() for method in item
    }
    assert described == {(route.method, route.path) for route in door.routes if route.tag}
    names = [op["operationId"] for item in document["paths"].values() for op in item.values()]
    assert len(names) == len(set(names))
    text = json.dumps(document)
    for reference in set(text.split('"$ref": "')[1:]):
        name = reference.partition('"')[0].removeprefix("#/components/schemas/")
        assert name in document["components"]["schemas"]
