# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every way `kith up` cannot start is one clear line and exit code 2."""

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from stack.child import Child
from stack.identity import servant, wrapped
from stack.layout import Layout
from stack.lock import DataLock, end_holder
from stack.ports import free_port
from stack.postgres import Postgres
from stack.templates import ROOT
from tests.support.databases import connect


def kith(*arguments: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stack", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def up(data: Path, *more: str) -> subprocess.CompletedProcess[str]:
    ports = ("--port", str(free_port()), "--matrix-port", str(free_port()))
    return kith("up", "--data", str(data), *ports, *more)


def refused(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 2, done
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("kith: ")
    assert sentence in lines[0]


def test_a_second_up_on_the_same_folder(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.make()
    lock = DataLock(layout.lock)
    lock.take()
    try:
        refused(up(tmp_path), f"already runs on {tmp_path} (process {os.getpid()})")
    finally:
        lock.free()


@pytest.mark.parametrize(
    "words", [("search", "rebuild"), ("export", "@alice"), ("erase", "@alice")]
)
def test_what_needs_a_running_instance_where_nothing_runs(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    Layout(tmp_path).make()
    refused(kith(*words, "--data", str(tmp_path)), "Nothing runs on this data folder")


def test_a_taken_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = kith("up", "--data", str(tmp_path), "--port", str(port))
    refused(done, f"Port {port} is taken")


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused(up(tmp_path / "file" / "data"), "cannot be written to")
    # Even root may not make folders here.
    refused(up(Path("/proc/kith-data")), "cannot be written to")


def test_a_read_only_folder(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o500)
    # Root may write everywhere: then somebody else is who asks.
    words = (sys.executable, "-m", "stack", "up", "--data", str(data))
    done = subprocess.run(
        wrapped(words, servant()),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    refused(done, f"The data folder {data} cannot be written to")


async def test_a_database_newer_than_the_code(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.make()
    server = Postgres(layout.postgres, layout.logs / "postgres.log", durable=False)
    server.prepare()
    child = Child(server.program())
    await child.start()
    server.settle()
    with connect(server.url("kith", "kith")) as connection:
        connection.execute(
            "CREATE TABLE schema_versions (version integer PRIMARY KEY, name text NOT NULL,"
            " applied_at timestamptz NOT NULL DEFAULT now())"
        )
        connection.execute("INSERT INTO schema_versions VALUES (9999, 'future')")
    await child.stop()
    refused(await asyncio.to_thread(up, tmp_path), "schema version 9999")
    assert DataLock(layout.lock).holder() is None
    done = await asyncio.to_thread(kith, "migrate", "--data", str(tmp_path))
    refused(done, "schema version 9999")


def test_migrate_works_without_a_running_instance(tmp_path: Path) -> None:
    first = kith("migrate", "--data", str(tmp_path))
    assert first.returncode == 0, first
    assert "0001" in first.stdout
    again = kith("migrate", "--data", str(tmp_path))
    assert "fits this version" in again.stdout, again


def test_down_without_anything_running_is_no_fault(tmp_path: Path) -> None:
    done = kith("down", "--data", str(tmp_path))
    assert done.returncode == 0
    assert "Nothing runs" in done.stdout


def test_down_ends_the_holder_of_the_lock(tmp_path: Path) -> None:
    code = (
        "import sys, signal; from pathlib import Path; from stack.lock import DataLock; "
        "lock = DataLock(Path(sys.argv[1])); lock.take(); print('held', flush=True); "
        "signal.pause()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "kith.lock")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        assert DataLock(tmp_path / "kith.lock").holder() == holder.pid
        assert end_holder(DataLock(tmp_path / "kith.lock"))


def test_doctor_says_how_to_mend(tmp_path: Path) -> None:
    done = kith("doctor", "--data", str(tmp_path / "absent"))
    assert done.returncode == 1
    assert "kith up" in done.stdout
    (tmp_path / "secrets.json").write_text("{}")
    (tmp_path / "secrets.json").chmod(0o644)
    assert "chmod 600" in kith("doctor", "--data", str(tmp_path)).stdout


def test_user_create_wants_the_password_on_standard_input(tmp_path: Path) -> None:
    refused(kith("user", "create", "zoe", "--data", str(tmp_path)), "--password-stdin")


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("Zoë", "long enough", "is not a user name"),
        ("zoe", "short", "at least 8 characters"),
        ("zoe", "long enough", "run `kith up` first"),
    ],
)
def test_user_create_says_what_is_wrong(
    tmp_path: Path, name: str, password: str, sentence: str
) -> None:
    more = ("--data", str(tmp_path), "--password-stdin")
    refused(kith("user", "create", name, *more, stdin=password + "\n"), sentence)


def test_config_synapse_needs_a_database_both_can_reach(tmp_path: Path) -> None:
    refused(kith("config", "synapse", "--data", str(tmp_path)), "KITH_DATABASE_URL")
    url = "postgresql://kith:secret@db.test/kith"
    done = kith("config", "synapse", "--data", str(tmp_path), KITH_DATABASE_URL=url)
    assert done.returncode == 0, done
    assert "synapse_modules.friendship.FriendshipModule" in done.stdout
    assert "kith_module" in done.stdout
    assert (tmp_path / "registration.yaml").stat().st_mode & 0o777 == 0o600


def test_an_unknown_registration_policy(tmp_path: Path) -> None:
    refused(up(tmp_path, "--registration", "maybe"), "closed, token, open")


def test_adopting_knows_three_ways(tmp_path: Path) -> None:
    refused(
        kith("adopt", "--dms", "forget", "--data", str(tmp_path)),
        "--dms takes one of: befriend, keep, freeze",
    )
