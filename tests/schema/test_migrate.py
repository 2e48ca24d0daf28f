# SPDX-License-Identifier: AGPL-3.0-or-later
import os
import subprocess
import sys

import psycopg
import pytest

from schema import migrate
from stack.postgres import Postgres
from tests.support.databases import Database


def _command(url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "schema", "migrate"],
        env={**os.environ, "KITH_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_migrating_again_changes_nothing(database: Database) -> None:
    assert migrate.migrate(database.url) == []


def test_numbers_rise_without_a_hole() -> None:
    numbers = [migration.version for migration in migrate.migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_newer_database_is_refused_with_one_line(database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute("INSERT INTO schema_versions (version, name) VALUES (9999, 'future')")
    done = _command(database.url)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "9999" in done.stderr


def test_an_unreachable_database_is_one_line_without_the_password() -> None:
    done = _command("postgresql://kith:hidden-secret@127.0.0.1:1/kith")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "hidden-secret" not in done.stderr


def test_a_failing_file_leaves_nothing_behind(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.create_database("half_migrated", owner="kith")
    url = postgres.url("half_migrated", "kith")
    good, *_ = migrate.migrations()
    bad = migrate.Migration(2, "0002_bad.sql", "CREATE TABLE half (a int); SELECT nonsense")
    monkeypatch.setattr(migrate, "migrations", lambda: iter([good, bad]))
    try:
        with pytest.raises(psycopg.errors.UndefinedColumn):
            migrate.migrate(url)
        with psycopg.connect(url) as connection:
            assert migrate.database_version(connection) == 1
            found = connection.execute("SELECT to_regclass('half')").fetchone()
            assert found == (None,)
    finally:
        postgres.drop_database("half_migrated")


def test_the_module_role_reads_facts_and_writes_only_counters(database: Database) -> None:
    with psycopg.connect(database.module_url, autocommit=True) as connection:
        connection.execute("SELECT 1 FROM people, friendships, blocks, rooms LIMIT 1")
        connection.execute(
            "INSERT INTO rate_counters (key, stamps, expires_at) VALUES ('k', '{1}', now())"
        )
        for statement in (
            "INSERT INTO people (user_id, local) VALUES ('@a:b', true)",
            "DELETE FROM friendships",
            "SELECT 1 FROM sessions",
            "SELECT 1 FROM inbox",
            "CREATE TABLE mine (a int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
