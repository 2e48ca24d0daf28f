# SPDX-License-Identifier: AGPL-3.0-or-later

import stat
from pathlib import Path

import psycopg
import pytest
import yaml

from stack.postgres import Postgres
from stack.redis import Redis
from stack.synapse import MODULES
from tests.support.databases import connect
from tests.support.eventually import eventually
from tests.support.federation import Loopback
from tests.support.stack import BARE, TestStack, Wish

pytestmark = pytest.mark.journey


async def test_bare_synapse_runs_and_people_can_talk(
    migrated: Postgres, redis_server: Redis, tmp_path: Path
) -> None:
    async with TestStack(migrated, redis_server, tmp_path, BARE) as stack:
        alice, bob = await stack.register("alice"), await stack.register("bob")
        status, room = await alice.create_room(invite=[bob.user_id])
        assert status == 200, room
        assert (await bob.join(room["room_id"]))[0] == 200
        assert (await bob.send(room["room_id"], "hello"))[0] == 200
        assert [e for e in await alice.messages(room["room_id"]) if e["type"] == "m.room.message"]
        status, answer = await stack.matrix.anonymous().request("GET", "/profile/@alice:hs.test")
        assert status == 401, answer
        _reader_sees_events_but_no_secret(migrated, stack.synapse_database)
        for path in (tmp_path / "synapse").glob("*.*"):
            if path.suffix != ".pid":
                assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def _reader_sees_events_but_no_secret(postgres: Postgres, database: str) -> None:
    with connect(postgres.url(database, "kith_reader")) as reader:
        row = reader.execute("SELECT count(*) FROM events WHERE type = 'm.room.message'")
        assert row.fetchone() == (1,)
        assert len(reader.execute("SELECT name, admin FROM users").fetchall()) == 2
        for secret in ("SELECT password_hash FROM users", "SELECT token FROM access_tokens"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(secret)


async def test_two_servers_federate_under_names_without_port(
    migrated: Postgres, redis_server: Redis, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    async with Loopback(tmp_path, "a.test", "b.test") as net:
        wishes = [
            Wish(
                server_name=name,
                modules=(),
                appservice=False,
                worker=False,
                federation=net.federation(name),
            )
            for name in ("a.test", "b.test")
        ]
        async with (
            TestStack(migrated, redis_server, tmp_path / "a", wishes[0]) as here,
            TestStack(migrated, redis_server, tmp_path / "b", wishes[1]) as there,
        ):
            alice, bob = await here.register("alice"), await there.register("bob")
            status, room = await alice.create_room(invite=[bob.user_id])
            assert status == 200, room
            await eventually(bob.invites)
            assert (await bob.join(room["room_id"]))[0] == 200


async def test_a_worker_serves_what_the_main_process_knows(
    migrated: Postgres, redis_server: Redis, tmp_path: Path
) -> None:
    wish = Wish(modules=(), appservice=False, worker=False, synapse_workers=1)
    async with TestStack(migrated, redis_server, tmp_path, wish) as stack:
        alice = await stack.register("alice")
        base = f"http://127.0.0.1:{stack.synapse.worker_ports[0]}"
        through_worker = stack.matrix.as_user(alice.user_id, alice.token, base)
        _, room = await alice.create_room()
        assert (await through_worker.send(room["room_id"], "hi"))[0] == 200


def test_generated_configuration_keeps_the_promises(
    migrated: Postgres, redis_server: Redis, tmp_path: Path
) -> None:
    stack = TestStack(migrated, redis_server, tmp_path)
    stack.describe(database="kith_x", synapse_database="synapse_x")
    found = yaml.safe_load((tmp_path / "synapse" / "homeserver.yaml").read_text())
    assert found["allow_per_room_profiles"] is False
    assert found["require_auth_for_profile_requests"] is True
    assert found["encryption_enabled_by_default_for_room_type"] == "off"
    assert found["enable_registration"] is False
    assert found["report_stats"] is False
    assert found["url_preview_enabled"] is False
    assert found["trusted_key_servers"] == []
    assert [entry["module"] for entry in found["modules"]] == list(MODULES)
    assert {names for entry in found["listeners"] for r in entry["resources"]
            for names in r["names"]} == {"client", "federation"}  # fmt: skip
    registration = yaml.safe_load((tmp_path / "synapse" / "registration.yaml").read_text())
    assert registration["rate_limited"] is False
    assert registration["receive_ephemeral"] is True
    assert registration["namespaces"]["users"] == [{"regex": r"@.*:hs\.test", "exclusive": False}]
