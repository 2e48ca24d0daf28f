# SPDX-License-Identifier: AGPL-3.0-or-later
"""Debian's PostgreSQL 15 and Redis 7, started by the test, serve in place of the embedded ones."""

import asyncio
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import yaml
from redis.asyncio import Redis as Client

from stack.child import Child
from stack.credentials import Credentials
from stack.databases import ExternalDatabases
from stack.errors import StackError
from stack.options import External
from stack.ports import free_port
from stack.postgres import ADMIN, Postgres
from stack.programs import find_postgres
from stack.python import run_module
from stack.redis import Redis
from stack.synapse import Synapse, SynapseOptions
from tests.support.databases import connect
from tests.support.instance import Instance
from tests.support.matrix import Matrix


@pytest.fixture
async def debian(tmp_path: Path) -> AsyncIterator[Postgres]:
    try:
        programs = find_postgres(15)
    except StackError:
        pytest.skip("PostgreSQL 15 is not installed")
    folder = tmp_path / "pg15"
    server = Postgres(folder, tmp_path / "pg15.log", durable=False, programs=programs)
    server.prepare()
    child = Child(server.program())
    await child.start()
    try:
        yield server
    finally:
        await child.stop()


def operator(server: Postgres, rights: str) -> str:
    """An operator's own account and database; gives KITH_DATABASE_URL."""
    with connect(server.url("postgres", ADMIN)) as connection:
        connection.execute(f"CREATE ROLE operator LOGIN PASSWORD 'its own' {rights}".encode())
        connection.execute("CREATE DATABASE community OWNER operator")
    return f"postgresql://operator:its%20own@127.0.0.1:{server.port}/community"


async def test_postgres_15_serves_kith_and_synapse(debian: Postgres, tmp_path: Path) -> None:
    url = operator(debian, "CREATEROLE CREATEDB")
    external = External(database_url=url)
    databases = ExternalDatabases(external, Credentials(tmp_path / "secrets.json"))
    databases.settle()
    databases.settle()
    await run_module("schema", "migrate", env={"KITH_DATABASE_URL": databases.kith})
    with connect(databases.module) as module:
        assert module.execute("SELECT count(*) FROM friendships").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            module.execute("DELETE FROM friendships")
    port = free_port()
    synapse = Synapse(
        tmp_path / "synapse",
        tmp_path,
        SynapseOptions(
            server_name="hs.test",
            port=port,
            public_url=f"http://127.0.0.1:{port}",
            database_url=databases.synapse,
        ),
    )
    synapse.prepare()
    child = Child(synapse.program())
    await child.start()
    await child.stop()
    databases.grant_reader()
    with connect(databases.reader) as reader:
        assert reader.execute("SELECT count(*) FROM events").fetchone() == (0,)


def test_an_account_without_rights_is_told_what_it_needs(debian: Postgres, tmp_path: Path) -> None:
    external = External(database_url=operator(debian, "NOCREATEROLE NOCREATEDB"))
    secrets = Credentials(tmp_path / "secrets.json")
    with pytest.raises(StackError, match="give it CREATEROLE and CREATEDB") as caught:
        ExternalDatabases(external, secrets).settle()
    assert secrets.get("database_kith_module") not in str(caught.value)


def test_a_database_that_is_away_is_one_clear_line(tmp_path: Path) -> None:
    url = f"postgresql://kith:secret@127.0.0.1:{free_port()}/kith"
    databases = ExternalDatabases(
        External(database_url=url), Credentials(tmp_path / "secrets.json")
    )
    with pytest.raises(StackError, match="KITH_DATABASE_URL cannot be reached") as caught:
        databases.settle()
    assert "secret" not in str(caught.value)


def _system_redis() -> tuple[Path, str]:
    found = shutil.which("redis-server")
    if not found:
        pytest.skip("redis-server is not installed")
    said = subprocess.run(
        [found, "--version"], capture_output=True, text=True, timeout=10, check=True
    )
    version = re.search(r"v=([\d.]+)", said.stdout)
    assert version
    return Path(found), version.group(1)


async def test_the_systems_redis_serves_too(tmp_path: Path) -> None:
    program, version = _system_redis()
    server = Redis(tmp_path / "redis", tmp_path / "redis.log", program=program)
    server.prepare()
    child = Child(server.program())
    await child.start()
    async with Client.from_url(server.url()) as client:
        info = await client.info("server")
    await child.stop()
    assert info["redis_version"] == version


@pytest.mark.journey
@pytest.mark.timeout(300)
async def test_up_starts_nothing_of_what_runs_elsewhere_and_opens_federation(
    debian: Postgres, redis_server: Redis, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    services = {
        "KITH_DATABASE_URL": operator(debian, "CREATEROLE CREATEDB"),
        "KITH_REDIS_URL": redis_server.url(15, tcp=True),
        "KITH_PUBLIC_URL": "https://kith.test",
    }
    port = free_port()
    options = ("--server-name", "kith.test", "--federation-port", str(port))

    def run() -> None:
        with Instance(data, *options, **services) as instance:
            context = ssl.create_default_context(cafile=str(data / "tls" / "fullchain.pem"))
            with (
                socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
                context.wrap_socket(plain, server_hostname="kith.test") as secure,
            ):
                secure.sendall(b"GET /_matrix/federation/v1/version HTTP/1.0\r\n\r\n")
                assert b" 200 " in secure.recv(100)
            assert "PostgreSQL: ready" not in instance.text
            assert "Redis: ready" not in instance.text
            health = instance.command("doctor")
            assert health.returncode == 0, health
            assert "PostgreSQL 15" in health.stdout

    # The server of this test lives on this loop, which must go on turning.
    await asyncio.to_thread(run)
    assert not (data / "postgres").exists()
    assert not (data / "redis").exists()


@pytest.mark.journey
@pytest.mark.timeout(300)
async def test_a_synapse_that_runs_already_is_adopted(
    debian: Postgres, redis_server: Redis, tmp_path: Path
) -> None:
    data, port = tmp_path / "data", free_port()
    services = {
        "KITH_DATABASE_URL": operator(debian, "CREATEROLE CREATEDB"),
        "KITH_REDIS_URL": redis_server.url(14, tcp=True),
        "KITH_SYNAPSE__URL": f"http://127.0.0.1:{port}",
        "KITH_APPSERVICE__INTERNAL_PORT": str(free_port()),
    }
    instance = Instance(data, "--server-name", "old.test", **services)
    data.mkdir()
    (data / "kith.yaml").write_text("server_name: old.test\n")
    printed = await asyncio.to_thread(instance.command, "config", "synapse")
    assert printed.returncode == 0, printed
    with connect(debian.url("postgres", ADMIN)) as connection:
        connection.execute("CREATE DATABASE synapse_old OWNER operator TEMPLATE template0")
        connection.execute("CREATE ROLE kith_reader LOGIN PASSWORD 'reads'")
    options = SynapseOptions(
        server_name="old.test",
        port=port,
        public_url=instance.url,
        database_url=services["KITH_DATABASE_URL"].replace("/community", "/synapse_old"),
    )
    async with _running(tmp_path, options) as synapse:
        secret = synapse.registration_shared_secret
        async with Matrix(synapse.url, "old.test", secret) as matrix:
            await (await matrix.register("ann")).create_room(preset="public_chat")
    missing = await asyncio.to_thread(instance.command, "adopt")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "Set KITH_SYNAPSE__DATABASE_URL" in missing.stderr
    reader = f"postgresql://kith_reader:reads@127.0.0.1:{debian.port}/synapse_old"
    services["KITH_SYNAPSE__DATABASE_URL"] = reader
    instance = Instance(data, "--server-name", "old.test", **services)
    blind = await asyncio.to_thread(instance.command, "adopt")
    assert blind.returncode == 2, blind
    assert "run reader.sql" in blind.stderr.replace("\n", " ")
    with connect(debian.url("synapse_old", ADMIN)) as connection:
        connection.execute((data / "reader.sql").read_bytes())
    with pytest.raises(AssertionError, match="run `kith adopt` first"):
        await asyncio.to_thread(instance.__enter__)
    adopted = await asyncio.to_thread(instance.command, "adopt")
    assert adopted.returncode == 0, adopted
    assert "people: 1 of this server" in adopted.stdout
    assert "forums: 1" in adopted.stdout
    instance = Instance(data, "--server-name", "old.test", **services)

    def run() -> None:
        with instance:
            assert "Synapse: ready" not in instance.text

    async with _running(tmp_path, replace(options, extra=yaml.safe_load(printed.stdout))):
        await asyncio.to_thread(run)


@asynccontextmanager
async def _running(folder: Path, options: SynapseOptions) -> AsyncIterator[Synapse]:
    synapse = Synapse(folder / "synapse", folder, options)
    synapse.prepare()
    child = Child(synapse.program())
    await child.start()
    try:
        yield synapse
    finally:
        await child.stop()
