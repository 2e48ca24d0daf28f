# SPDX-License-Identifier: AGPL-3.0-or-later
"""Session-wide servers and a fresh database for each test that asks for one."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from stack.child import Child
from stack.postgres import Postgres
from stack.redis import Redis
from tests.support import databases
from tests.support.background import Background

# Machines differ in speed; what is drawn does not matter from one run to the next.
settings.register_profile(
    "kith", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("kith")


@pytest.fixture(scope="session")
def background() -> Iterator[Background]:
    loop = Background()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    # Not pytest's own folder: a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="kith-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(background: Background, server_folder: Path) -> Iterator[Postgres]:
    server = Postgres(server_folder / "pg", server_folder / "postgres.log", durable=False)
    server.prepare()
    child = Child(server.program())
    background.run(child.start())
    try:
        server.settle()
        yield server
    finally:
        background.run(child.stop())


@pytest.fixture(scope="session")
def redis_server(background: Background, server_folder: Path) -> Iterator[Redis]:
    server = Redis(server_folder / "redis", server_folder / "redis.log")
    server.prepare()
    child = Child(server.program())
    background.run(child.start())
    yield server
    background.run(child.stop())


@pytest.fixture(scope="session")
def migrated(postgres: Postgres) -> Postgres:
    """PostgreSQL with the template of Kith's database."""
    databases.make_template(postgres)
    return postgres


@pytest.fixture
def database(migrated: Postgres) -> Iterator[databases.Database]:
    """A Kith database of this test alone."""
    fresh = databases.fresh_kith(migrated)
    yield fresh
    migrated.drop_database(fresh.name)
