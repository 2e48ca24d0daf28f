# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kith up` as a person meets it: start, look, break, stop, start again."""

import json
import os
import signal
import zipfile
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from stack import settings
from stack.demo.cast import FRIENDS, PENDING, PEOPLE
from stack.demo.talk import CONVERSATIONS, GROUPS, TALK
from stack.health import answers
from stack.layout import Layout
from stack.lock import DataLock
from stack.ports import port_taken
from tests.support.databases import connect
from tests.support.eventually import eventually
from tests.support.instance import CHEAP_PASSWORDS, Instance

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]


async def ask(method: str, url: str, body: Any = None, token: str = "") -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as http,
        http.request(method, url, json=body, headers=headers) as answer,
    ):
        return answer.status, await answer.json(content_type=None)


async def login(instance: Instance, name: str, password: str) -> tuple[int, Any]:
    """Through the one port people need."""
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": name},
        "password": password,
    }
    return await ask("POST", f"{instance.url}/_matrix/client/v3/login", body)


def children(parent: int) -> dict[str, int]:
    """Direct children of a process by what they run."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found[words] = int(entry.name)
    return found


def child(parent: int, part: str) -> int:
    return next(pid for words, pid in children(parent).items() if part in words)


async def test_a_first_day(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Instance(data) as first:
        assert "/setup?token=" in first.row("Administrator")
        assert first.row("Data") == str(data)
        assert await answers(f"{first.url}/readyz")
        assert (await ask("GET", f"{first.url}/_matrix/client/versions"))[0] == 200
        _everything_secret_is_private(data)

        again = first.command("up")
        assert again.returncode == 2
        assert "already runs" in again.stderr

        made = first.command("user", "create", "zoe", "--password-stdin", stdin="a good one\n")
        assert made.returncode == 0, made
        taken = first.command("user", "create", "zoe", "--password-stdin", stdin="another1\n")
        assert taken.returncode == 2, taken
        root = first.command(
            "user", "create", "root", "--admin", "--password-stdin", stdin="the best one\n"
        )
        assert root.returncode == 0, root
        assert (await login(first, "zoe", "a good one"))[0] == 200

        archive = tmp_path / "zoe.zip"
        wrote = first.command("export", "@zoe", "--to", str(archive))
        assert wrote.returncode == 0, wrote
        assert zipfile.is_zipfile(archive)
        assert archive.stat().st_mode & 0o077 == 0

        health = first.command("doctor")
        assert health.returncode == 0, health
        assert "Unwanted files" in health.stdout
        assert "stay in Synapse" in health.stdout

        parts = ("synapse.app.homeserver", "appservice serve", "redis-server", "postgres -D")
        for part in parts:
            os.kill(child(first.pid, part), signal.SIGKILL)
        await eventually(lambda: first.text.count("is back") >= len(parts), within=90)
        await eventually(lambda: answers(f"{first.url}/readyz"), within=60)

        started = set(children(first.pid).values())
        down = first.command("down")
        assert down.returncode == 0, down
        assert first.wait() == 0
        assert "Stopped." in first.text
        await eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))
        assert not port_taken(first.port)
        assert not port_taken(first.matrix_port)

    with Instance(data) as second:
        assert "exists" in second.row("Administrator")
        status, zoe = await login(second, "zoe", "a good one")
        assert status == 200, zoe
        started = set(children(second.pid).values())
        second.end(signal.SIGKILL)
        # Nobody is left to stop them: they go by themselves, and the folder is free again.
        await eventually(
            lambda: not any(Path(f"/proc/{pid}").exists() for pid in started), within=60
        )
        assert DataLock(Layout(data).lock).holder() is None


def _everything_secret_is_private(data: Path) -> None:
    for pattern in ("*.json", "*.yaml", "run/*", "logs/*", "synapse/*.yaml", "synapse/*.key"):
        for path in data.glob(pattern):
            assert path.stat().st_mode & 0o077 == 0, path
    secrets = json.loads(Layout(data).secrets.read_text()).values()
    for log in (data / "logs").iterdir():
        for secret in secrets:
            assert secret not in log.read_text(), log


async def test_the_demo_can_be_made_twice(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "data")
    layout.make()
    layout.extra_homeserver.write_text(CHEAP_PASSWORDS)
    data = layout.data
    counts = []
    for _ in range(2):
        with Instance(data, "--demo") as instance:
            counts.append(_counted(settings.read(layout.settings)))
            status, dave = await login(instance, "dave", "kith-demo")
            assert status == 200, dave
            api = f"{instance.url}/_matrix/client/v3"
            body = {"invite": ["@alice:localhost"], "is_direct": True}
            status, answer = await ask("POST", f"{api}/createRoom", body, dave["access_token"])
            assert status == 403, answer
            assert answer["social.kith.reason"] == "friendship_required"
    assert counts[0] == counts[1]
    assert counts[0]["friendships"] == 2 * len(FRIENDS)
    lines = [*TALK, *(one for _, some in CONVERSATIONS for one in some)]
    lines += [one for group in GROUPS for one in group.lines]
    # A change of a message is a message too.
    assert counts[0]["said"] == len(lines) + sum(bool(one.better) for one in lines)
    assert counts[0]["requests"] == len(FRIENDS) + len(PENDING)
    assert counts[0]["people"] > len(PEOPLE) >= 12
    assert counts[0]["pictures"] >= len(PEOPLE)


def _one(url: str, query: str) -> int:
    with connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row
    return int(str(row[0]))


def _counted(found: settings.Settings) -> dict[str, int]:
    kith, synapse = str(found["database_url"]), str(found["synapse"]["database_url"])
    said = (
        "SELECT count(*) FROM events WHERE type = 'm.room.message' AND sender <> '@kith:localhost'"
    )
    return {
        "friendships": _one(kith, "SELECT count(*) FROM friendships"),
        "requests": _one(kith, "SELECT count(*) FROM friend_requests"),
        "people": _one(synapse, "SELECT count(*) FROM users"),
        "said": _one(synapse, said),
        "pictures": _one(synapse, "SELECT count(DISTINCT avatar_url) FROM profiles"),
    }
