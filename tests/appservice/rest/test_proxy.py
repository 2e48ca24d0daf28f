# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
import gzip
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from appservice.rest.proxy import Proxy
from tests.support.databases import Database
from tests.support.door import Door, open_door


class Upstream:
    """A homeserver that shows what reached it."""

    def __init__(self) -> None:
        self.seen: list[web.Request] = []
        self.bodies: list[bytes] = []
        self.release = asyncio.Event()
        self.app = web.Application(client_max_size=2**30)
        self.app.router.add_get("/_matrix/client/v3/sync", self._slow)
        self.app.router.add_get("/_matrix/client/v3/packed", self._packed)
        self.app.router.add_get("/_matrix/client/v3/broken", self._broken)
        self.app.router.add_route("*", "/{tail:.*}", self._echo)

    async def _echo(self, request: web.Request) -> web.Response:
        self.seen.append(request)
        self.bodies.append(await request.read())
        answer = web.Response(body=b"echo", status=418 if "teapot" in request.path else 200)
        answer.headers.update({"X-From": "upstream", "Access-Control-Allow-Origin": "*"})
        return answer

    async def _slow(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"first ")
        await self.release.wait()
        await answer.write(b"second")
        return answer

    async def _packed(self, _: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(b"packed"), headers={"Content-Encoding": "gzip"})

    async def _broken(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "100"})
        await answer.prepare(request)
        await answer.write(b"half")
        assert request.transport is not None
        request.transport.abort()
        return answer


@pytest.fixture
async def upstream() -> Upstream:
    return Upstream()


@pytest.fixture
async def through(database: Database, upstream: Upstream) -> AsyncIterator[Door]:
    server = TestServer(upstream.app)
    await server.start_server(access_log=None)
    synapse = {"url": str(server.make_url("/"))}
    async with open_door(database.url, synapse=synapse) as door:
        yield door
    await server.close()


async def test_everything_passes_untouched(through: Door, upstream: Upstream) -> None:
    path = "/_matrix/client/v3/rooms/%21a%2Fb/send?user_id=%40a%3Ab&x=1%202"
    answer = await through.ask(
        "PUT",
        path,
        data=b"\x00\xff raw",
        headers={"Authorization": "Bearer t", "Connection": "X-Hop", "X-Hop": "1", "Host": "m.x"},
    )
    assert (answer.status, answer.text) == (200, "echo")
    assert answer.headers["X-From"] == "upstream"
    assert "Content-Security-Policy" not in answer.headers
    seen = upstream.seen[-1]
    assert seen.raw_path == path
    assert upstream.bodies[-1] == b"\x00\xff raw"
    assert seen.headers["Authorization"] == "Bearer t"
    assert seen.headers["Host"] == "m.x"
    assert seen.headers["X-Forwarded-For"] == "127.0.0.1"
    assert seen.headers["X-Forwarded-Proto"] == "http"
    assert "X-Hop" not in seen.headers
    assert (await through.ask("GET", "/_matrix/teapot")).status == 418
    assert (await through.ask("GET", "/_synapse/client/x")).status == 200
    assert (await through.ask("OPTIONS", "/_matrix/client/v3/login")).status == 200


async def test_the_session_stays_here(through: Door, upstream: Upstream) -> None:
    headers = {"Cookie": "sso=1; kith_session=kith_secret; other=2"}
    answer = await through.ask("GET", "/_matrix/x", headers=headers)
    assert upstream.seen[-1].headers["Cookie"] == "sso=1; other=2"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    await through.ask("GET", "/_matrix/x", headers={"Cookie": "kith_session=kith_secret"})
    assert "Cookie" not in upstream.seen[-1].headers


async def test_an_invented_address_is_not_handed_on(through: Door, upstream: Upstream) -> None:
    headers = {"X-Forwarded-For": "1.1.1.1, 203.0.113.7", "X-Real-IP": "1.1.1.1"}
    await through.ask("GET", "/_matrix/x", headers=headers)
    assert upstream.seen[-1].headers["X-Forwarded-For"] == "203.0.113.7"
    assert "X-Real-IP" not in upstream.seen[-1].headers


@pytest.mark.parametrize(
    "path",
    [
        "/_matrix/app/v1/transactions/1",
        "/_matrix//app/v1/ping",
        "/_matrix/%61pp/v1/ping",
        "/_matrix/app",
        "/_matrix/client/%2e%2e/%2e%2e/_synapse/admin/v1/register",
        "/_synapse/admin/v1/register",
        "/_synapse/client/%2e%2e/admin/v1/register",
    ],
)
async def test_what_is_not_for_clients_is_not_reached(
    through: Door, upstream: Upstream, path: str
) -> None:
    assert (await through.ask("GET", path)).status == 404
    assert upstream.seen == []


async def test_answers_stream_as_they_come(through: Door, upstream: Upstream) -> None:
    async with through.client.get("/_matrix/client/v3/sync") as answer:
        assert await answer.content.readany() == b"first "
        upstream.release.set()
        assert await answer.content.read() == b"second"


async def test_packed_answers_stay_packed(through: Door) -> None:
    async with through.client.get("/_matrix/client/v3/packed") as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert await answer.read() == b"packed"


async def test_half_an_answer_does_not_look_whole(through: Door) -> None:
    with pytest.raises(aiohttp.ClientError):
        async with through.client.get("/_matrix/client/v3/broken") as answer:
            await answer.read()


async def test_a_homeserver_that_is_away_is_a_matrix_error(door: Door) -> None:
    answer = await door.ask("GET", "/_matrix/client/versions")
    assert answer.status == 502
    assert answer.body["errcode"] == "M_UNKNOWN"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_bodies_have_a_limit_told_or_not(upstream: Upstream) -> None:
    server = TestServer(upstream.app)
    await server.start_server(access_log=None)
    proxy = Proxy(str(server.make_url("/")), 1_000, secure=False)
    app = web.Application()
    app.cleanup_ctx.append(proxy.lifespan)
    app.router.add_route("*", "/_matrix/{tail:.*}", proxy.handle)
    front = TestServer(app)
    await front.start_server(access_log=None)

    async def drip() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 100

    async with aiohttp.ClientSession() as session:
        url = front.make_url("/_matrix/media")
        for data in (b"x" * 3_000, drip()):
            async with session.post(url, data=data) as answer:
                assert answer.status == 413
                assert (await answer.json())["errcode"] == "M_TOO_LARGE"
        async with session.post(url, data=b"x" * 1_000) as answer:
            assert answer.status == 200
    await front.close()
    await server.close()
