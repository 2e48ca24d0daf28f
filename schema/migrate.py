# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forward-only migrations: numbered SQL files, each applied once in a transaction of its own.

`VERSION` is the newest file here. A database newer than the code is refused: older code must not
guess at tables it has never seen (O6).
"""

import importlib.resources
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import psycopg

_FILE = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_INCLUDE = re.compile(r"^--! include ([a-z_]+)/([\w/]+\.sql)$", re.MULTILINE)
_LOCK = 7_205_771
"""Advisory lock key under which migrations run, one process at a time."""


class TooNewError(Exception):
    """The database was made by a newer Kith; the message says which versions meet."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    version: int
    name: str
    sql: str


def migrations() -> Iterator[Migration]:
    """All migrations of this code, oldest first, with their includes filled in."""
    folder = importlib.resources.files("schema") / "migrations"
    for entry in sorted(folder.iterdir(), key=_name):
        match = _FILE.fullmatch(entry.name)
        if match:
            sql = _INCLUDE.sub(_included, entry.read_text("utf-8"))
            yield Migration(int(match[1]), entry.name, sql)


def _name(entry: Traversable) -> str:
    return entry.name


def _included(match: re.Match[str]) -> str:
    return (importlib.resources.files(match[1]) / match[2]).read_text("utf-8")


def code_version() -> int:
    """The newest version this code knows."""
    return max(migration.version for migration in migrations())


def database_version(connection: psycopg.Connection) -> int:
    """The newest version applied; 0 for an empty database."""
    found = connection.execute("SELECT to_regclass('public.schema_versions')").fetchone()
    if found is None or found[0] is None:
        return 0
    row = connection.execute("SELECT coalesce(max(version), 0) FROM schema_versions").fetchone()
    return int(row[0]) if row else 0


def migrate(url: str) -> list[str]:
    """Bring the database up to this code.

    Args:
        url: PostgreSQL URL of Kith's own database, as its owner.

    Returns:
        Names of the files applied now; empty when nothing was to do.

    Raises:
        TooNewError: the database is newer than the code; nothing was changed.
        psycopg.Error: the database cannot be reached or a file failed; that file left nothing.
    """
    applied: list[str] = []
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        present, known = database_version(connection), code_version()
        if present > known:
            raise TooNewError(
                f"the database has schema version {present}, this Kith knows {known}: "
                "start the newer Kith, or restore a backup made by this one"
            )
        connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_versions ("
            "version integer PRIMARY KEY, name text NOT NULL,"
            " applied_at timestamptz NOT NULL DEFAULT now())"
        )
        for migration in migrations():
            if migration.version > present:
                _apply(connection, migration)
                applied.append(migration.name)
    return applied


def _apply(connection: psycopg.Connection, migration: Migration) -> None:
    with connection.transaction():
        # No parameters: the text goes as one simple query, which may hold many statements.
        connection.execute(migration.sql.encode())
        connection.execute(
            "INSERT INTO schema_versions (version, name) VALUES (%s, %s)",
            (migration.version, migration.name),
        )
