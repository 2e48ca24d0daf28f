# SPDX-License-Identifier: AGPL-3.0-or-later
"""The servers a benchmark needs, in a temporary folder, gone afterwards."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from stack.child import Child, Program
from stack.postgres import Postgres


@contextmanager
def folder() -> Iterator[Path]:
    """A short-named temporary folder that other accounts may pass through."""
    made = Path(tempfile.mkdtemp(prefix="kith-bench-"))
    made.chmod(0o711)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@asynccontextmanager
async def running(program: Program) -> AsyncIterator[Child]:
    """The program, ready; stopped afterwards."""
    child = Child(program)
    await child.start()
    try:
        yield child
    finally:
        await child.stop()


@asynccontextmanager
async def postgres(place: Path) -> AsyncIterator[Postgres]:
    """A PostgreSQL with fsync on, as the product runs it, with roles and databases."""
    server = Postgres(place / "pg", place / "postgres.log")
    server.prepare()
    async with running(server.program()):
        server.settle()
        yield server


def migrate(url: str) -> None:
    """Run the migrations as `kith up` runs them."""
    env = {**os.environ, "KITH_DATABASE_URL": url}
    words = [sys.executable, "-m", "schema", "migrate"]
    subprocess.run(words, env=env, check=True, stdout=subprocess.DEVNULL, timeout=120)
