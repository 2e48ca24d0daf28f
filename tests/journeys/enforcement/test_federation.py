# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two real homeservers under Kith's rules; each has its own facts (F8, D18)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from stack.postgres import Postgres
from stack.redis import Redis
from stack.synapse import MODULES
from tests.journeys.enforcement import sabotage
from tests.journeys.enforcement.world import World, allowed, refused, soon_refused
from tests.support.databases import connect
from tests.support.eventually import eventually
from tests.support.federation import Loopback
from tests.support.matrix import MatrixUser
from tests.support.stack import TestStack, Wish

pytestmark = [
    pytest.mark.journey,
    pytest.mark.federation,
    pytest.mark.asyncio(loop_scope="session"),
]


NEW_NAME = {"displayname": "Bob in the storm"}


@dataclass(frozen=True, slots=True)
class Both:
    here: World
    there: World


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def both(
    migrated: Postgres, redis_server: Redis, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Both]:
    folder = tmp_path_factory.mktemp("federation")
    names = ("here.test", "there.test")
    async with Loopback(folder, *names) as net:

        def stack(name: str) -> TestStack:
            own = folder / name
            own.mkdir()
            wish = Wish(
                server_name=name,
                appservice=False,
                worker=False,
                federation=net.federation(name),
                modules=(*MODULES, sabotage.NAME),
                rules={"rates": {"messages_per_minute": 200}},
            )
            return TestStack(migrated, redis_server, own, wish)

        async with stack(names[0]) as here, stack(names[1]) as there:
            yield Both(World(here), World(there))


def flag(world: World) -> Path:
    return world.stack.folder / sabotage.FLAG


async def seen(person: MatrixUser, room: str, text: str) -> bool:
    return any(e["content"].get("body") == text for e in await person.messages(room))


async def named(reader: MatrixUser, room: str, person: MatrixUser) -> bool:
    path = f"/rooms/{room}/state/m.room.member/{person.user_id}"
    member = allowed(await reader.request("GET", path))
    return bool(member.get("displayname") == NEW_NAME["displayname"])


def has_arrived(world: World, event_id: str) -> bool:
    url = world.stack.postgres.url(world.stack.synapse_database, "kith_reader")
    with connect(url) as reader:
        found = reader.execute("SELECT 1 FROM events WHERE event_id = %s", (event_id,))
        return found.fetchone() is not None


async def talk(both: Both, one: MatrixUser, other: MatrixUser) -> str:
    """A 1:1 of friends, made here, that both servers know."""
    both.here.befriend(one, other)
    both.there.befriend(one, other)
    made = allowed(await one.create_room(invite=[other.user_id], is_direct=True))
    room = str(made["room_id"])
    await eventually(other.invites)
    allowed(await other.join(room))
    return room


async def test_a_remote_stranger_is_refused_before_anything_leaves(both: Both) -> None:
    alice, bob = await both.here.stack.register("a1"), await both.there.stack.register("b1")
    both.there.befriend(alice, bob)
    refused(await alice.create_room(invite=[bob.user_id]), "friendship_required")
    made = allowed(await alice.create_room())
    refused(await alice.invite(made["room_id"], bob.user_id), "friendship_required")
    assert await bob.invites() == []


@pytest.mark.parametrize("version", ["11", "12"])
async def test_a_remote_inviter_is_refused_with_the_reason(both: Both, version: str) -> None:
    alice = await both.here.stack.register(f"a2v{version}")
    bob = await both.there.stack.register(f"b2v{version}")
    both.here.befriend(alice, bob)
    made = allowed(await alice.create_room(room_version=version))
    refused(await alice.invite(made["room_id"], bob.user_id), "friendship_required")
    assert await bob.invites() == []


async def test_a_half_made_room_bears_the_mark_to_clean_it_up(both: Both) -> None:
    alice, bob = await both.here.stack.register("a3"), await both.there.stack.register("b3")
    both.here.befriend(alice, bob)
    refused(await alice.create_room(invite=[bob.user_id]), "friendship_required")
    (room,) = allowed(await alice.request("GET", "/joined_rooms"))["joined_rooms"]
    create = allowed(await alice.request("GET", f"/rooms/{room}/state/m.room.create/"))
    assert create["social.kith.remote_invites"] is True


async def test_a_remote_friend_who_is_none_any_more_is_not_heard(both: Both) -> None:
    alice, bob = await both.here.stack.register("a4"), await both.there.stack.register("b4")
    room = await talk(both, alice, bob)
    both.here.register_room(room, "dm", alice, bob)
    allowed(await bob.send(room, "friends"))
    await eventually(lambda: seen(alice, room, "friends"))
    both.here.unfriend(alice, bob)
    await soon_refused(lambda: alice.send(room, "x"), "friendship_required")
    # The other server's Kith has not heard of it, as any server without Kith never would.
    arrived = allowed(await bob.send(room, "unheard"))["event_id"]
    await eventually(lambda: has_arrived(both.here, arrived))
    both.here.befriend(alice, bob)
    allowed(await bob.send(room, "heard again"))
    await eventually(lambda: seen(alice, room, "heard again"))
    assert not await seen(alice, room, "unheard")


async def test_a_bug_in_every_callback_never_stalls_a_federated_room(both: Both) -> None:
    alice, bob = await both.here.stack.register("a5"), await both.there.stack.register("b5")
    room = await talk(both, alice, bob)
    both.here.register_room(room, "dm", alice, bob)
    flag(both.here).touch()
    try:
        refused(await alice.create_room(), "rules_unavailable", 503)
        refused(await alice.send(room, "x"), "rules_unavailable", 503)
        allowed(await bob.send(room, "through the storm"))
        await eventually(lambda: seen(alice, room, "through the storm"))
        # State too: here a member event, as a new name sends it.
        allowed(await bob.request("PUT", f"/profile/{bob.user_id}/displayname", NEW_NAME))
        await eventually(lambda: named(alice, room, bob))
        # An invite from elsewhere is refused, and the sender hears why.
        carol = await both.here.stack.register("c5")
        both.there.befriend(bob, carol)
        made = allowed(await bob.create_room())
        refused(await bob.invite(made["room_id"], carol.user_id), "rules_unavailable")
    finally:
        flag(both.here).unlink()
    allowed(await bob.send(room, "after the storm"))
    await eventually(lambda: seen(alice, room, "after the storm"))
    allowed(await alice.send(room, "here too"))


async def test_limits_are_never_raised_at_remote_people(both: Both) -> None:
    alice, bob = await both.here.stack.register("a6"), await both.there.stack.register("b6")
    room = await both.here.forum(alice)
    allowed(await bob.request("POST", f"/join/{room}", {}, server_name="here.test"))
    both.here.register_room(room, "forum", slow_mode=600)
    for number in range(4):
        allowed(await bob.send(room, f"fast {number}"))
    await eventually(lambda: seen(alice, room, "fast 3"))
    for number in range(4):
        assert await seen(alice, room, f"fast {number}")
