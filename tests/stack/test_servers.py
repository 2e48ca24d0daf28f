# SPDX-License-Identifier: AGPL-3.0-or-later

from pathlib import Path

import psycopg
import pytest
from redis.asyncio import Redis as Client

from stack.postgres import Postgres
from stack.redis import Redis
from tests.support.databases import Database, connect


def test_database_is_migrated_and_its_owner_is_kith(database: Database) -> None:
    with connect(database.url) as connection:
        row = connection.execute("SELECT current_user, max(version) FROM schema_versions")
        user, version = row.fetchone() or ("", 0)
    assert user == "kith"
    assert version


def test_synapse_database_has_the_c_locale(postgres: Postgres) -> None:
    with connect(postgres.url("synapse", "synapse")) as connection:
        row = connection.execute(
            "SELECT datcollate, datctype, pg_encoding_to_char(encoding)"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert row == ("C", "C", "UTF8")


def test_kith_database_knows_letters_beyond_ascii(postgres: Postgres) -> None:
    with connect(postgres.url("kith", "kith")) as connection:
        assert connection.execute("SELECT lower('ÄÖÉ')").fetchone() == ("äöé",)


def test_port_and_socket_lead_to_the_same_server(postgres: Postgres) -> None:
    with connect(postgres.url("kith", "kith", tcp=True)) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("kith",)


def test_commits_are_synchronous(postgres: Postgres) -> None:
    with connect(postgres.url("kith", "kith")) as connection:
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)


def test_a_wrong_password_is_refused(postgres: Postgres) -> None:
    url = postgres.url("kith", "kith").replace("kith:", "kith:x", 1)
    with pytest.raises(psycopg.OperationalError), connect(url):
        pass


@pytest.mark.parametrize("role", ["kith_module", "kith_reader"])
def test_readers_cannot_make_tables(database: Database, role: str) -> None:
    with (
        connect(database.url_as(role)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE public.mine (n int)")


def test_settle_can_be_repeated(postgres: Postgres) -> None:
    postgres.settle()
    with connect(postgres.url("kith", "kith")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_server_never_runs_as_root(postgres: Postgres) -> None:
    pid = int((postgres.folder / "cluster" / "postmaster.pid").read_text().splitlines()[0])
    assert Path(f"/proc/{pid}").stat().st_uid != 0


def test_secrets_are_private_files(postgres: Postgres) -> None:
    assert postgres.folder.stat().st_mode & 0o777 == 0o700
    assert (postgres.folder / "passwords.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("tcp", [True, False])
async def test_redis_answers_with_its_password_only(redis_server: Redis, tcp: bool) -> None:
    async with Client.from_url(redis_server.url(tcp=tcp)) as client:
        assert await client.ping()
