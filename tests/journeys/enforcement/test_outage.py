# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds while Kith's database or its notifications are away (D9, D18)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.journeys.enforcement.types import People
from tests.journeys.enforcement.world import World, allowed, refused, soon_allowed, soon_refused

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

_END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
_END_LISTENER = _END + " AND application_name = 'kith-module-listen'"


@contextmanager
def database_away(world: World) -> Iterator[None]:
    """Nobody can connect to Kith's database, and all who were are thrown out."""
    name = world.stack.database.name
    with psycopg.connect(world.stack.postgres.url("postgres", "postgres"), autocommit=True) as su:
        su.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            su.execute(_END, [name])
            yield
        finally:
            su.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def cut_listener(world: World) -> None:
    with psycopg.connect(world.stack.postgres.url("postgres", "postgres"), autocommit=True) as su:
        su.execute(_END_LISTENER, [world.stack.database.name])


async def test_without_the_database_conversations_wait_and_forums_go_on(
    world: World, people: People
) -> None:
    alice, bob, carol = await people("alice", "bob", "carol")
    world.befriend(alice, carol)
    room = await world.dm(alice, bob)
    world.register_room(room, "dm", alice, bob)
    forum = await world.forum(carol)
    allowed(await alice.join(forum))
    invited = allowed(await alice.create_room(invite=[carol.user_id]))["room_id"]
    allowed(await alice.send(room, "hello"))
    with database_away(world):
        await soon_refused(lambda: alice.send(room, "x"), "rules_unavailable", 503)
        refused(
            await alice.put_state(room, "m.room.name", {"name": "x"}), "rules_unavailable", 503
        )
        allowed(await alice.send(forum, "forums are open"))
        for answer in (
            await alice.create_room(invite=[bob.user_id]),
            await alice.create_room(),
            await alice.invite(invited, bob.user_id),
            await carol.join(invited),
        ):
            refused(answer, "rules_unavailable", 503)
        allowed(await bob.leave(room))
    await soon_allowed(lambda: carol.join(invited))
    await soon_allowed(lambda: alice.send(invited, "and on it goes"))


async def test_a_freeze_holds_although_nobody_told_of_it(world: World, people: People) -> None:
    alice, bob = await people("alice", "bob")
    room = await world.dm(alice, bob)
    for _ in range(3):
        allowed(await alice.send(room, "this fills the cache"))
        cut_listener(world)
        world.unfriend(alice, bob)
        await soon_refused(lambda: alice.send(room, "x"), "friendship_required")
        world.befriend(alice, bob)
        await soon_allowed(lambda: alice.send(room, "friends again"))


async def test_a_database_that_hangs_holds_up_nobody(world: World, people: People) -> None:
    alice, bob = await people("alice", "bob")
    room = await world.dm(alice, bob)
    forum = await world.forum(alice)
    allowed(await alice.send(forum, "hello"))
    with psycopg.connect(world.stack.database.url) as locking:
        locking.execute("LOCK TABLE friendships IN ACCESS EXCLUSIVE MODE")
        cut_listener(world)
        await soon_refused(lambda: alice.send(room, "x"), "rules_unavailable", 503)
        begun = time.monotonic()
        refused(await alice.send(room, "x"), "rules_unavailable", 503)
        assert time.monotonic() - begun < 4
        allowed(await alice.send(forum, "forums need no friendships"))
        locking.rollback()
    await soon_allowed(lambda: alice.send(room, "friends as before"))
