# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kith comes to a Synapse with a history: what is open, what is closed, what never happens."""

import asyncio
import contextlib
import io
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from appservice import settings
from appservice.adoption import command
from appservice.database import Database
from stack.postgres import Postgres
from stack.redis import Redis
from stack.synapse import MODULES
from stack.templates import ROOT
from tests.journeys.adoption.past import Past, lived
from tests.support.eventually import eventually
from tests.support.stack import BARE, TestStack

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
TABLES = (
    *("people", "rooms", "memberships", "friendships", "blocks", "ignore_mirror"),
    *("positions", "events", "cases", "audit_log", "procrastinate_jobs"),
)


@pytest.fixture
async def stack(
    migrated: Postgres, redis_server: Redis, tmp_path: Path
) -> AsyncIterator[TestStack]:
    async with TestStack(migrated, redis_server, tmp_path, BARE) as running:
        yield running


@pytest.fixture
async def kith(stack: TestStack) -> AsyncIterator[Database]:
    async with Database(stack.database.url, size=2) as opened:
        yield opened


async def run(stack: TestStack, *words: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "appservice", *words],
        cwd=ROOT,
        env={**os.environ, **stack.env},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


async def adopt(stack: TestStack, *words: str) -> dict[str, str]:
    """The report, line by line."""
    printed = io.StringIO()
    # In this process: starting Python eight times would be most of what the test costs.
    with mock.patch.dict(os.environ, stack.env), contextlib.redirect_stdout(printed):
        await command.parsed(words)(settings.load())
    lines = (line.strip().partition(": ") for line in printed.getvalue().splitlines())
    return {name: number for name, _, number in lines if number}


async def counts(kith: Database) -> dict[str, int]:
    found = {}
    for table in TABLES:
        rows = await kith.read(f"SELECT count(*) FROM {table}")
        found[table] = rows[0][0]
    return found


async def kinds(kith: Database, past: Past) -> dict[str, Any]:
    rows = await kith.read("SELECT room_id, kind, visibility, cardinality(people) FROM rooms")
    names = {room_id: name for name, room_id in past.rooms.items()}
    return {names[room_id]: tuple(rest) for room_id, *rest in rows}


async def with_modules(stack: TestStack, past: Past) -> None:
    """Start Synapse again, with the modules."""
    await stack.children["Synapse"].stop()
    stack.wish = replace(stack.wish, modules=MODULES)
    stack.describe(stack.database.name, stack.synapse_database)
    await stack.run(stack.synapse.program(stack.env))
    for person in past.people.values():
        person.base = stack.synapse.url


async def test_a_synapse_is_taken_over(stack: TestStack, kith: Database) -> None:
    past = await lived(stack)

    refused = await run(stack, "serve")
    assert refused.returncode == 2, refused
    assert "run `kith adopt` first" in refused.stderr.splitlines()[-1]

    await kith.run("ALTER TABLE rooms ADD CONSTRAINT made_for_this_test CHECK (name <> 'poison')")
    before = await counts(kith)
    foreseen = await adopt(stack, "--dry-run")
    assert await counts(kith) == before
    assert foreseen["friendships made"] == "3"

    await frozen(stack, kith, past)
    await kith.run("ALTER TABLE rooms DROP CONSTRAINT made_for_this_test")
    await kept(stack, kith, past)
    assert (await kinds(kith, past))["broken"] == ("forum", "unlisted", 0)
    assert (await adopt(stack))["friendships made"] == "2"
    await befriended(stack, kith, past)
    await served(stack, kith, past)


async def frozen(stack: TestStack, kith: Database, past: Past) -> None:
    report = await adopt(stack, "--dms", "freeze")
    # One room that cannot be written stops no other, and may come later.
    assert report["rooms that could not be taken over, see the log"] == "1"
    assert report["1:1s that are read-only"] == "5"
    assert report["of these with a block"] == "1"
    assert report["of these in which not both ever wrote"] == "1"
    assert report["blocks made from ignore lists"] == "1"
    assert report["people"] == "12 of this server, 0 of others"
    assert await kinds(kith, past) == {
        "mutual": ("dm", "private", 2),
        "one-sided": ("dm", "private", 2),
        "ignored": ("dm", "private", 2),
        "left behind": ("dm", "private", 2),
        "group": ("dm", "private", 3),
        "encrypted": ("dm", "private", 2),
        "old": ("dm", "private", 2),
        "new": ("dm", "private", 2),
        "private": ("dm", "private", 1),
        "forum": ("forum", "public", 0),
        "unlisted": ("forum", "unlisted", 0),
        "server": ("server", "private", 0),
    }
    rows = await kith.read(
        "SELECT r.encrypted, n.room_id, n.id = o.id, i.membership, i.sender, b.membership"
        " FROM rooms r, rooms o JOIN rooms n ON n.room_id = o.successor,"
        " memberships i, memberships b"
        " WHERE r.room_id = %(encrypted)s AND o.room_id = %(old)s"
        " AND i.room_id = %(private)s AND i.user_id = %(frank)s"
        " AND b.room_id = %(private)s AND b.user_id = %(eve)s",
        {**past.rooms, "frank": past.id("frank"), "eve": past.id("eve")},
    )
    assert rows == [(True, past.rooms["new"], True, "invite", past.id("dave"), "ban")]
    once = await counts(kith)
    await adopt(stack, "--dms", "freeze")
    assert await counts(kith) == once
    await with_modules(stack, past)
    assert await past.says("alice", "mutual") == 403
    for room in ("group", "forum", "unlisted"):
        assert await past.says("alice", room) == 200, room


async def kept(stack: TestStack, kith: Database, past: Past) -> None:
    report = await adopt(stack, "--dms", "keep")
    assert report["1:1s open without friendship"] == "3"
    assert report["friendships made"] == "0"

    async def open_again() -> bool:
        return await past.says("alice", "mutual") == 200

    await eventually(open_again, within=30)
    assert await past.says("nina", "new") == 200
    assert await past.says("carol", "one-sided") == 403
    assert await past.says("grace", "ignored") == 403
    assert await past.says("heidi", "ignored") == 403
    pair = {"me": past.id("erin"), "them": past.id("frank")}
    async with kith.transaction() as tx:
        await tx.read("INSERT INTO blocks (blocker, blocked) VALUES (%(me)s, %(them)s)", pair)
    assert await past.says("frank", "encrypted") == 403
    # A block ends it for good.
    async with kith.transaction() as tx:
        await tx.read("DELETE FROM blocks WHERE blocker = %(me)s", pair)
    assert await past.says("frank", "encrypted") == 403
    async with kith.transaction() as tx:
        await tx.read("INSERT INTO blocks (blocker, blocked) VALUES (%(me)s, %(them)s)", pair)


async def befriended(stack: TestStack, kith: Database, past: Past) -> None:
    rows = await kith.read("SELECT user_id, friend_id FROM friendships WHERE user_id < friend_id")
    pairs = (("alice", "bob"), ("mike", "nina"))
    assert sorted(rows) == [(past.id(one), past.id(other)) for one, other in pairs]
    assert await kith.read("SELECT 1 FROM rooms WHERE kept") == []
    assert await past.says("bob", "mutual") == 200
    assert await past.says("nina", "new") == 200
    assert await past.says("carol", "one-sided") == 403
    # Once friends, the usual rule holds: whoever unfriends closes the conversation.
    async with kith.transaction() as tx:
        await tx.read("DELETE FROM friendships WHERE user_id = %(m)s", {"m": past.id("mike")})
        await tx.read(
            "INSERT INTO friendship_ends VALUES (%(m)s, %(n)s, now())",
            {"m": past.id("mike"), "n": past.id("nina")},
        )

    async def closed() -> bool:
        return await past.says("nina", "new") == 403

    await eventually(closed, within=30)
    for mode in ("befriend", "keep"):
        assert (await adopt(stack, "--dms", mode))["friendships made"] == "0"
    assert await past.says("nina", "new") == 403


async def served(stack: TestStack, kith: Database, past: Past) -> None:
    """The intake begins behind the past: nothing of it has an effect."""
    ready = f"{stack.public_url}/readyz"
    await stack.run(stack.python("appservice", "appservice", "serve", ready=ready))
    assert await past.says("bob", "mutual") == 200

    async def caught_up() -> bool:
        rows = await kith.read(
            "SELECT 1 FROM events WHERE sender = %(bob)s AND room_id = %(room)s"
            " AND stream_ordering > (SELECT position FROM positions WHERE stream = 'adopted')",
            {"bob": past.id("bob"), "room": past.rooms["mutual"]},
        )
        return bool(rows)

    await eventually(caught_up, within=60)
    assert await kith.read("SELECT 1 FROM cases") == []
    assert await kith.read("SELECT 1 FROM audit_log") == []
    rows = await kith.read("SELECT DISTINCT task_name FROM procrastinate_jobs ORDER BY 1")
    # Nothing follows from the past but that its people can be searched for. Who begins to listen
    # looks whose profile changed meanwhile, and finds nobody whose was ever agreed on.
    names = {name for (name,) in rows} - {"profiles.find_drifted"}
    assert names == {"people_search.index", "rooms.ensure_defaults"}
    rows = await kith.read("SELECT 1 FROM people WHERE NOT may_create_rooms")
    assert rows == []
    busy = await run(stack, "adopt")
    assert busy.returncode == 2
    assert "Kith is running" in busy.stderr
