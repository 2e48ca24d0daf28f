# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every test of the appservice starts from."""

from collections.abc import AsyncIterator

import pytest

from appservice.database import Database
from tests.fakes.clock import FrozenClock
from tests.support import databases
from tests.support.door import Door, open_door


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
async def store(database: databases.Database) -> AsyncIterator[Database]:
    """Kith's database as the appservice opens it."""
    async with Database(database.url, size=4) as opened:
        yield opened


@pytest.fixture
async def door(database: databases.Database) -> AsyncIterator[Door]:
    """The REST door over a fresh database and a homeserver in memory."""
    async with open_door(database.url) as opened:
        yield opened
