# SPDX-License-Identifier: AGPL-3.0-or-later
"""One Synapse with everything of Kith around it, for all conversations here."""

import itertools
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from stack.postgres import Postgres
from stack.redis import Redis
from tests.journeys.conversation.world import Element, Web, World
from tests.support.stack import TestStack, Wish

WIDE = dict.fromkeys(
    (
        "messages_per_minute",
        "messages_per_hour",
        "reactions_per_minute",
        "edits_per_minute",
        "redactions_per_minute",
    ),
    10_000,
)
_NUMBERS = itertools.count(1)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(
    migrated: Postgres, redis_server: Redis, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("conversation")
    wish = Wish(worker=False, rules={"rates": WIDE})
    async with TestStack(migrated, redis_server, folder, wish) as stack, World(stack) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def alice(world: World) -> Web:
    """Somebody with Kith's web app only."""
    return await world.web(f"alice{next(_NUMBERS)}")


@pytest_asyncio.fixture(loop_scope="session")
async def bob(world: World) -> Element:
    """Somebody with a Matrix client only."""
    return await world.element(f"bob{next(_NUMBERS)}")
