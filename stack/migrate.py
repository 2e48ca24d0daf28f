# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kith migrate`: migrations alone, on a running instance or with only PostgreSQL started."""

import asyncio
import os

from stack import screen, settings
from stack.child import Child
from stack.credentials import Credentials
from stack.databases import ExternalDatabases
from stack.errors import StackError
from stack.layout import Layout
from stack.lock import DataLock
from stack.options import External
from stack.postgres import Postgres
from stack.python import run_module


def run(layout: Layout) -> None:
    """Apply what is missing.

    Raises:
        StackError: the database is newer than this code or cannot be reached.
    """
    lock = DataLock(layout.lock)
    if layout.lock.exists() and lock.holder() is not None:
        url = str(settings.read(layout.settings).get("database_url", ""))
        asyncio.run(_migrate(url))
        return
    layout.make()
    lock.take()
    try:
        asyncio.run(_alone(layout))
    finally:
        lock.free()


async def _alone(layout: Layout) -> None:
    external = External.of(os.environ)
    if external.database_url:
        databases = ExternalDatabases(external, Credentials(layout.secrets))
        databases.settle()
        await _migrate(databases.kith)
        return
    server = Postgres(layout.postgres, layout.logs / "postgres.log")
    server.prepare()
    child = Child(server.program())
    await child.start()
    try:
        server.settle()
        await _migrate(server.url("kith", "kith"))
    finally:
        await child.stop()


async def _migrate(url: str) -> None:
    if not url:
        raise StackError("The running instance has no settings yet; try again when it is up.")
    applied = await run_module("schema", "migrate", env={"KITH_DATABASE_URL": url})
    lines = applied.strip().splitlines()
    for line in lines or ["The database fits this version."]:
        screen.say(line)
