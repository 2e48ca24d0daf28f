# SPDX-License-Identifier: AGPL-3.0-or-later
"""One Synapse with everything of Kith around it, and a plain one elsewhere, for profiles."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer

from stack.postgres import Postgres
from stack.redis import Redis
from tests.journeys.people.world import Someone, World, scanner
from tests.support.federation import Loopback
from tests.support.matrix import MatrixUser
from tests.support.stack import TestStack, Wish

HERE, THERE = "here.test", "there.test"
_NUMBERS = itertools.count(1)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def net(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Loopback]:
    async with Loopback(tmp_path_factory.mktemp("people-net"), HERE, THERE) as made:
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(
    migrated: Postgres,
    redis_server: Redis,
    tmp_path_factory: pytest.TempPathFactory,
    net: Loopback,
) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("people")
    async with TestServer(scanner()) as scans:
        wish = Wish(
            server_name=HERE,
            federation=net.federation(HERE),
            settings={"profile_media": {"scanner_url": str(scans.make_url("/scan"))}},
        )
        async with TestStack(migrated, redis_server, folder, wish) as stack:
            yield World(stack)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def elsewhere(
    migrated: Postgres,
    redis_server: Redis,
    tmp_path_factory: pytest.TempPathFactory,
    net: Loopback,
) -> AsyncIterator[MatrixUser]:
    """Somebody of another homeserver, which knows nothing of Kith."""
    wish = Wish(
        server_name=THERE,
        modules=(),
        appservice=False,
        worker=False,
        federation=net.federation(THERE),
    )
    folder = tmp_path_factory.mktemp("people-there")
    async with TestStack(migrated, redis_server, folder, wish) as stack:
        yield await stack.register("rupert")


@pytest_asyncio.fixture(loop_scope="session")
async def couple(world: World) -> tuple[Someone, Someone]:
    """Two newcomers at once: Kith looks for such every few seconds only."""
    number = next(_NUMBERS)
    one, other = world.someone(f"alice{number}"), world.someone(f"bob{number}")
    return await asyncio.gather(one, other)


@pytest.fixture
def alice(couple: tuple[Someone, Someone]) -> Someone:
    """Somebody who uses both Kith's web and a Matrix client."""
    return couple[0]


@pytest.fixture
def bob(couple: tuple[Someone, Someone]) -> Someone:
    """Somebody else here."""
    return couple[1]
