# SPDX-License-Identifier: AGPL-3.0-or-later
"""Synapse as two processes: limits stay exact, facts stay fresh in both."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from stack.postgres import Postgres
from stack.redis import Redis
from tests.journeys.enforcement.world import World, allowed, refused, soon_allowed, soon_refused
from tests.support.matrix import MatrixUser
from tests.support.stack import TestStack, Wish

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pair(
    migrated: Postgres, redis_server: Redis, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    wish = Wish(appservice=False, worker=False, synapse_workers=1)
    folder = tmp_path_factory.mktemp("workers")
    async with TestStack(migrated, redis_server, folder, wish) as stack:
        yield World(stack)


def through_worker(world: World, person: MatrixUser) -> MatrixUser:
    base = f"http://127.0.0.1:{world.stack.synapse.worker_ports[0]}"
    return world.stack.matrix.as_user(person.user_id, person.token, base)


async def test_rates_are_exact_over_both_processes(pair: World) -> None:
    alice = await pair.stack.register("rated")
    doors = [alice, through_worker(pair, alice)]
    room = await pair.forum(alice)
    answers = await asyncio.gather(*(doors[n % 2].send(room, f"{n}") for n in range(16)))
    assert sorted(status for status, _ in answers) == [200] * 10 + [429] * 6
    for answer in answers:
        if answer[0] == 429:
            refused(answer, "rate_limit", 429)
            assert 0 < answer[1]["retry_after_ms"] <= 60_000


async def test_slow_mode_is_exact_over_both_processes(pair: World) -> None:
    owner, bob = await pair.stack.register("owner"), await pair.stack.register("slowed")
    room = await pair.forum(owner)
    pair.register_room(room, "forum", slow_mode=60)
    allowed(await bob.join(room))
    doors = [bob, through_worker(pair, bob)]
    answers = await asyncio.gather(*(doors[n % 2].send(room, f"{n}") for n in range(6)))
    assert sorted(status for status, _ in answers) == [200] + [429] * 5
    for door in doors:
        refused(await door.send(room, "more"), "slow_mode", 429)


async def test_the_worker_hears_of_changes_too(pair: World) -> None:
    alice, bob = await pair.stack.register("alice"), await pair.stack.register("bob")
    room = await pair.dm(alice, bob)
    door = through_worker(pair, bob)
    await soon_allowed(lambda: door.send(room, "hello"))
    pair.unfriend(alice, bob)
    await soon_refused(lambda: door.send(room, "x"), "friendship_required")
    refused(await door.create_room(invite=[alice.user_id]), "friendship_required")
    refused(await door.invite(room, alice.user_id), "friendship_required")


async def test_daily_caps_are_exact_over_both_processes(pair: World) -> None:
    alice = await pair.stack.register("founder")
    doors = [alice, through_worker(pair, alice)]
    space = {"creation_content": {"type": "m.space"}}
    answers = await asyncio.gather(*(doors[n % 2].create_room(**space) for n in range(8)))
    assert sorted(status for status, _ in answers) == [200] * 3 + [429] * 5
