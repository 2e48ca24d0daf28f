# SPDX-License-Identifier: AGPL-3.0-or-later
"""Session-wide servers and a fresh database for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from stack.child import Child
from stack.postgres import Postgres
from stack.redis import Redis
from tests.support import databases, order
from tests.support.background import Background
from tests.support.folders import quick_folder

# Machines differ in speed; what is drawn does not matter from one run to the next.
settings.register_profile(
    "kith", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("kith")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=order.rank)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> order.Order | None:
    return order.Order(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def background() -> Iterator[Background]:
    loop = Background()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    with quick_folder() as folder:
        yield folder


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
