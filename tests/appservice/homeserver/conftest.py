# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bare Synapse whose pushes come to an intake in this very process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from appservice.assembly import Assembly, assemble
from appservice.homeserver.intake import Intake
from appservice.listening import Listening
from appservice.settings import Settings
from stack.postgres import Postgres
from stack.redis import Redis
from tests.support.stack import BARE, TestStack


@asynccontextmanager
async def intake_of(settings: Settings) -> AsyncIterator[tuple[Intake, Assembly]]:
    """Run an intake as `serve` does."""
    async with assemble(settings) as assembly:
        intake = Intake(
            settings, assembly.database, assembly.homeserver, assembly.clock, assembly.stream
        )
        own = settings.appservice
        async with intake.running(), Listening(intake.app(), "127.0.0.1", own.internal_port):
            yield intake, assembly


@pytest.fixture
async def bare(
    migrated: Postgres, redis_server: Redis, tmp_path: Path
) -> AsyncIterator[TestStack]:
    """A Synapse without modules; nothing of Kith runs yet."""
    async with TestStack(migrated, redis_server, tmp_path, BARE) as stack:
        yield stack
