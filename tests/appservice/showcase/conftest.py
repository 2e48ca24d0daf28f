# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import AsyncIterator

import pytest

from appservice.clock import SystemClock
from tests.fakes.bodies import FakeBodies
from tests.fakes.clock import FrozenClock
from tests.fakes.events import Timeline
from tests.support.databases import Database
from tests.support.live import Live, open_live


@pytest.fixture
async def live(database: Database) -> AsyncIterator[Live]:
    """A process without Redis, over real tables and pretended events."""
    timeline = Timeline(FrozenClock(SystemClock().now()))
    async with open_live(database.url, None, FakeBodies(), timeline) as opened:
        yield opened
