# SPDX-License-Identifier: AGPL-3.0-or-later

from collections.abc import Awaitable, Callable

import pytest

from appservice.database import Database
from appservice.homeserver.event import Event
from appservice.registry.projector import Projector
from tests.fakes.clock import FrozenClock
from tests.fakes.events import Timeline

Apply = Callable[..., Awaitable[list[Event]]]


@pytest.fixture
def timeline(clock: FrozenClock) -> Timeline:
    return Timeline(clock)


@pytest.fixture
def apply(store: Database, clock: FrozenClock) -> Apply:
    """Applies events in one run, as the consumer does."""
    projector = Projector("hs.test", "@kith:hs.test", clock)

    async def run(*events: Event) -> list[Event]:
        async with store.transaction() as tx:
            return await projector.apply(tx, events)

    return run
