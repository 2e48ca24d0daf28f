# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door over a real PostgreSQL and a homeserver in memory, for one test."""

import json
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis
from yarl import URL

from appservice.assembly import Assembly
from appservice.clock import SystemClock
from appservice.database import Database, Rows
from appservice.friends.frames import Frames
from appservice.friends.service import FriendService
from appservice.homeserver.port import Homeserver
from appservice.outward import Outward
from appservice.people.directory import Directory
from appservice.people.service import PeopleService
from appservice.realtime.gateway import Gateway
from appservice.realtime.replay import Bodies
from appservice.rest.app import GATEWAY, ROUTES, make_app
from appservice.rest.limits import Limits
from appservice.rest.route import AnyRoute, Limit
from appservice.settings import Settings
from tests.fakes.clock import FrozenClock
from tests.fakes.small_homeserver import SmallHomeserver

SECRETS = {
    "as_token": "as-token-that-nobody-may-see",
    "hs_token": "hs-token-that-nobody-may-see",
    "secret_key": "secret-key-that-nobody-may-see",
    "metrics_token": "metrics-token-that-nobody-may-see",
}
PUBLIC_URL = "http://kith.test"
WIDE = Limits(Limit(10**9), Limit(10**9), Limit(10**9), scale=10**6)


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text) if self.text else None

    @property
    def code(self) -> str:
        return str(self.body["error"]["code"])


@dataclass
class Door:
    """One running door and its surroundings."""

    client: "TestClient[web.Request, web.Application]"
    homeserver: SmallHomeserver
    clock: FrozenClock
    assembly: Assembly

    @property
    def database(self) -> Database:
        return self.assembly.database

    @property
    def routes(self) -> list[AnyRoute]:
        return self.client.app[ROUTES]  # type: ignore[index, no-any-return]

    @property
    def gateway(self) -> Gateway:
        return self.client.app[GATEWAY]  # type: ignore[index, no-any-return]

    def person(self, name: str, server: str | None = None) -> "Person":
        """Somebody with an account and a Matrix access token."""
        user_id = self.homeserver.add(name, server=server)
        return Person(self, user_id, self.homeserver.token_of(user_id))

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        data: bytes | str | None = None,
    ) -> Answer:
        """Send one request, with nobody's credentials unless `headers` hold some."""
        options: dict[str, Any] = {"headers": dict(headers or {}), "allow_redirects": False}
        if data is not None:
            options["data"] = data
        elif body is not None:
            options["json"] = body
        url = URL(str(self.client.make_url("")).rstrip("/") + path, encoded=True)
        async with self.client.session.request(method, url, **options) as response:
            return Answer(response.status, response.headers.copy(), await response.text())

    async def sql(self, statement: str, **values: Any) -> Rows:
        """Run SQL as the owner, committed."""
        async with self.database.transaction() as tx:
            return await tx.read(statement, values)

    async def befriend(self, one: "Person", other: "Person") -> None:
        """Make two people friends by the API."""
        asked = await one.post(f"/api/profile/{other.user_id}/friend-request")
        assert asked.status == 201, asked.text
        answered = await other.post(
            f"/api/friends/{asked.body['id']}/respond", {"action": "accept"}
        )
        assert answered.status == 200, answered.text


@dataclass(frozen=True)
class Person:
    """Somebody who sends requests with a Matrix access token."""

    door: Door
    user_id: str
    token: str

    async def ask(self, method: str, path: str, body: object = None) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self.door.ask(method, path, body, headers=headers)

    async def get(self, path: str) -> Answer:
        return await self.ask("GET", path)

    async def post(self, path: str, body: object = None) -> Answer:
        return await self.ask("POST", path, body)

    async def patch(self, path: str, body: object) -> Answer:
        return await self.ask("PATCH", path, body)

    async def delete(self, path: str) -> Answer:
        return await self.ask("DELETE", path)


def settings(database_url: str, **changes: Any) -> Settings:
    """Settings of a test."""
    values: dict[str, Any] = {
        "server_name": "hs.test",
        "public_url": PUBLIC_URL,
        "database_url": database_url,
        "synapse": {"url": "http://127.0.0.1:9"},
        "appservice": {"as_token": SECRETS["as_token"], "hs_token": SECRETS["hs_token"]},
        "secret_key": SECRETS["secret_key"],
        "metrics_token": SECRETS["metrics_token"],
        "profile_media": {"folder": Path(tempfile.gettempdir()) / "kith-test-media"},
        "exports": {"folder": Path(tempfile.gettempdir()) / "kith-test-exports"},
    }
    return Settings(**{**values, **changes})


@asynccontextmanager
async def open_door(
    database_url: str,
    *,
    redis: Redis | None = None,
    limits: Limits | None = None,
    outward: Outward | None = None,
    built: Path | None = None,
    bodies: Bodies | None = None,
    visits: Outward | None = None,
    seed: int = 7,
    **changes: Any,
) -> AsyncIterator[Door]:
    """A door; `built` is a folder of a built web app, `changes` are settings.

    All ids follow from `seed`.
    """
    chosen = settings(database_url, **changes)
    homeserver = SmallHomeserver()
    # Facts compare with the database's own clock, so a test's time starts at the present.
    clock = FrozenClock(SystemClock().now(), seed)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(database_url))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        as_port = cast(Homeserver, homeserver)  # noqa: TC006 - the name is used
        directory = Directory(database, as_port, chosen.server_name)
        friends = FriendService(database, clock, chosen.rules, directory, Frames(database, redis))
        assembly = Assembly(
            settings=chosen,
            clock=clock,
            database=database,
            homeserver=as_port,
            redis=redis,
            session=session,
            stream=None,
            directory=directory,
            friends=friends,
            people=PeopleService(database, clock, directory, friends),
        )
        app = make_app(
            assembly,
            limits=limits or WIDE,
            outward=outward,
            bodies=bodies,
            visits=visits,
            built=built,
        )
        server = TestServer(app)
        # As `appservice.server` does: its own log line names no query.
        await server.start_server(access_log=None)
        client = await stack.enter_async_context(
            TestClient(server, cookie_jar=aiohttp.DummyCookieJar())
        )
        yield Door(client, homeserver, clock, assembly)
