# SPDX-License-Identifier: AGPL-3.0-or-later
"""One Synapse with the modules for all journeys here; facts are written into Kith's tables."""

import itertools
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from stack.postgres import Postgres
from stack.redis import Redis
from tests.journeys.enforcement.types import People
from tests.journeys.enforcement.world import World
from tests.support.matrix import MatrixUser
from tests.support.stack import TestStack, Wish

RATES = {
    "messages_per_minute": 200,
    "messages_per_hour": 1000,
    "reactions_per_minute": 4,
    "edits_per_minute": 3,
    "redactions_per_minute": 50,
}
"""Wide for messages, so that tests may ask again and again; the narrow ones are tested."""

_NAMES = itertools.count(1)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(
    migrated: Postgres, redis_server: Redis, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    wish = Wish(appservice=False, worker=False, rules={"rates": RATES})
    folder = tmp_path_factory.mktemp("enforcement")
    async with TestStack(migrated, redis_server, folder, wish) as stack:
        yield World(stack)


@pytest.fixture
def people(world: World) -> People:
    """Makes fresh accounts, one for each word."""

    async def make(*stems: str, admin: bool = False) -> list[MatrixUser]:
        return [await world.stack.register(f"{stem}{next(_NAMES)}", admin=admin) for stem in stems]

    return make
