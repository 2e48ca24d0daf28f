# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every change of a fact is told, with the key under which Synapse caches it."""

import psycopg
import pytest

from schema import channels
from tests.schema.conftest import Kith
from tests.support.databases import Database

A, B = "@a:hs.test", "@b:hs.test"
PAIR = channels.relationship_key(A, B)
ROOM = (
    "INSERT INTO rooms (room_id, id, kind, local, created_at)"
    " VALUES ('!r', gen_random_uuid(), 'forum', true, now())"
)


async def _heard(database: Database, kith: Kith, *statements: str) -> set[str]:
    await kith.people(A, B)
    await kith.run(ROOM)
    listener = await psycopg.AsyncConnection.connect(database.url, autocommit=True)
    async with listener:
        await listener.execute(f"LISTEN {channels.FACTS}")
        for statement in statements:
            await kith.run(statement)
        await kith.run("SELECT pg_notify(%s, 'end')", channels.FACTS)
        heard = set()
        async for message in listener.notifies(timeout=5):
            if message.payload == "end":
                return heard
            heard.add(message.payload)
    pytest.fail("the end was not heard")


@pytest.mark.parametrize(
    ("statement", "key"),
    [
        (f"INSERT INTO blocks (blocker, blocked) VALUES ('{B}', '{A}')", PAIR),
        (f"INSERT INTO follows (follower, followed) VALUES ('{A}', '{B}')", PAIR),
        (f"INSERT INTO bot_contacts (bot, user_id) VALUES ('{B}', '{A}')", PAIR),
        (
            "INSERT INTO friend_requests (id, requester, recipient, created_at, expires_at)"
            f" VALUES (gen_random_uuid(), '{B}', '{A}', now(), now())",
            PAIR,
        ),
        (
            "INSERT INTO friendships (user_id, friend_id, created_at)"
            f" VALUES ('{A}', '{B}', now()), ('{B}', '{A}', now())",
            PAIR,
        ),
        (f"INSERT INTO staff (user_id, role) VALUES ('{A}', 'admin')", channels.person_key(A)),
        (
            f"UPDATE people SET dm_policy = 'none' WHERE user_id = '{A}'",
            channels.person_key(A),
        ),
        ("UPDATE rooms SET slow_mode = 5", channels.room_key("!r")),
        ("UPDATE rooms SET read_only = true", channels.room_key("!r")),
        ("UPDATE rooms SET kept = true", channels.room_key("!r")),
        ("UPDATE rooms SET min_trust = 1", channels.room_key("!r")),
        (f"UPDATE rooms SET people = ARRAY['{A}']", channels.room_key("!r")),
        (f"UPDATE rooms SET admin = '{A}'", channels.room_key("!r")),
        (
            f"UPDATE people SET presence_visibility = 'nobody' WHERE user_id = '{A}'",
            channels.person_key(A),
        ),
        ("DELETE FROM rooms", channels.room_key("!r")),
    ],
)
async def test_a_changed_fact_is_told(
    database: Database, kith: Kith, statement: str, key: str
) -> None:
    assert await _heard(database, kith, statement) == {key}


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO friendships (user_id, friend_id, created_at)"
        f" VALUES ('{A}', '{B}', now()), ('{B}', '{A}', now())",
        f"INSERT INTO blocks (blocker, blocked) VALUES ('{B}', '{A}')",
    ],
)
async def test_friendship_and_block_end_what_is_kept(
    database: Database, kith: Kith, statement: str
) -> None:
    keep = f"UPDATE rooms SET kept = true, people = ARRAY['{A}', '{B}']"
    told = await _heard(database, kith, keep, statement)
    assert told == {PAIR, channels.room_key("!r")}
    assert await kith.read("SELECT kept FROM rooms", {}) == [(False,)]


async def test_the_end_of_a_friendship_is_told(database: Database, kith: Kith) -> None:
    await kith.people("@x:hs.test", "@y:hs.test")
    await kith.befriend("@x:hs.test", "@y:hs.test")
    heard = await _heard(database, kith, "DELETE FROM friendships WHERE user_id = '@x:hs.test'")
    assert heard == {channels.relationship_key("@x:hs.test", "@y:hs.test")}


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE people SET messages = messages + 1, display_name = 'x' WHERE user_id = '{A}'",
        "UPDATE rooms SET last_event_at = now(), name = 'x'",
    ],
)
async def test_a_message_forgets_no_fact(database: Database, kith: Kith, statement: str) -> None:
    assert await _heard(database, kith, statement) == set()
