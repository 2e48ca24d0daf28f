# SPDX-License-Identifier: AGPL-3.0-or-later
"""Blocks and the ignore list of the Matrix account, brought together (D17)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.database import Database
from appservice.errors import Unavailable
from appservice.friends.frames import Frames
from appservice.friends.service import FriendService
from appservice.people.directory import Directory
from appservice.people.farewell import Farewell
from appservice.people.ignored import Ignored, merged
from appservice.people.service import PeopleService
from policy.limits import Rules
from tests.fakes.clock import FrozenClock
from tests.fakes.homeserver import FakeHomeserver

KIND = "m.ignored_user_list"
_NAMES = st.frozensets(st.sampled_from("abcdef"))


@given(_NAMES, _NAMES, _NAMES)
def test_a_merge_keeps_both_sides_changes(
    base: frozenset[str], one: frozenset[str], other: frozenset[str]
) -> None:
    both = merged(base, one, other)
    assert both == merged(base, other, one)
    assert merged(both, both, both) == both
    assert (one - base) | (other - base) <= both
    assert not both & ((base - one) | (base - other))


class World:
    """A person with two lists."""

    def __init__(self, store: Database, clock: FrozenClock) -> None:
        self.store = store
        self.homeserver = FakeHomeserver()
        directory = self.directory = Directory(store, self.homeserver, "hs.test")
        friends = self.friends = FriendService(
            store, clock, Rules(), directory, Frames(store, None)
        )
        self.people = PeopleService(store, clock, directory, friends)
        self.ignored = Ignored(store, self.homeserver, self.people, "hs.test")
        self.alice, self.bob, self.carol = map(self.homeserver.add, ("alice", "bob", "carol"))

    def ignore(self, *people: str) -> None:
        users = {person: {} for person in people}
        self.homeserver.account_data[self.alice, KIND] = {"ignored_users": users}

    def ignores(self) -> set[str]:
        content = self.homeserver.account_data.get((self.alice, KIND), {})
        return set(content.get("ignored_users", {}))

    async def blocks(self) -> set[str]:
        rows = await self.store.read("SELECT blocked FROM blocks")
        return {row[0] for row in rows}

    async def mirror(self) -> None:
        await self.ignored.mirror(self.alice)


@pytest.fixture
async def world(store: Database, clock: FrozenClock) -> World:
    made = World(store, clock)
    for person in (made.alice, made.bob, made.carol):
        await made.directory.meet(person)
    return made


async def test_either_side_adds_and_removes(world: World) -> None:
    world.ignore(world.bob)
    await world.mirror()
    assert await world.blocks() == {world.bob}
    await world.people.block(world.alice, world.carol)
    await world.mirror()
    assert world.ignores() == {world.bob, world.carol}
    world.ignore(world.carol)
    await world.mirror()
    assert await world.blocks() == {world.carol}
    await world.people.unblock(world.alice, world.carol)
    await world.mirror()
    assert world.ignores() == set()


async def test_nothing_is_written_when_both_agree(world: World) -> None:
    world.ignore(world.bob)
    await world.mirror()
    before = world.homeserver.account_data[world.alice, KIND]
    for _ in range(3):
        await world.mirror()
    assert world.homeserver.account_data[world.alice, KIND] is before


async def test_a_block_from_a_client_ends_the_friendship_like_any_other(world: World) -> None:
    await world.mirror()
    await world.people.follow(world.bob, world.alice)
    world.ignore(world.bob)
    await world.mirror()
    assert await world.store.read("SELECT 1 FROM follows") == []


async def test_an_ignore_of_nobody_stays_in_the_list_only(world: World) -> None:
    ghost, odd = "@ghost:hs.test", "not a user"
    world.ignore(ghost, odd, world.alice, world.bob)
    await world.mirror()
    assert await world.blocks() == {world.bob}
    assert world.ignores() == {ghost, odd, world.alice, world.bob}
    await world.people.block(world.alice, world.carol)
    await world.mirror()
    assert world.ignores() == {ghost, odd, world.alice, world.bob, world.carol}


@pytest.mark.parametrize(
    "content", [{}, {"ignored_users": []}, {"ignored_users": {"@bob:hs.test": None}}, {"x": 1}]
)
async def test_an_odd_list_breaks_nothing(world: World, content: dict[str, object]) -> None:
    world.homeserver.account_data[world.alice, KIND] = content
    await world.mirror()
    assert await world.blocks() <= {world.bob}


async def test_a_failure_in_between_is_made_good_by_repeating(world: World) -> None:
    world.ignore(world.bob)
    await world.people.block(world.alice, world.carol)
    world.homeserver.away = True
    with pytest.raises(Unavailable):
        await world.mirror()
    world.homeserver.away = False
    await world.mirror()
    assert await world.blocks() == world.ignores() == {world.bob, world.carol}


async def test_a_deactivated_account_loses_its_ties_and_keeps_its_history(
    world: World, clock: FrozenClock
) -> None:
    await world.mirror()
    await world.people.follow(world.bob, world.alice)
    async with world.store.transaction() as tx:
        await tx.read(
            "INSERT INTO friendships (user_id, friend_id, created_at)"
            " VALUES (%(a)s, %(b)s, now()), (%(b)s, %(a)s, now())",
            {"a": world.alice, "b": world.bob},
        )
        await tx.read(
            "INSERT INTO friend_requests (id, requester, recipient, created_at, expires_at)"
            " VALUES (gen_random_uuid(), %(b)s, %(a)s, now(), now())",
            {"a": world.alice, "b": world.bob},
        )
    for _ in range(2):
        await Farewell(world.store, clock, world.friends).deactivate(world.alice)
    for table in ("friendships", "follows"):
        assert await world.store.read(f"SELECT 1 FROM {table}") == []
    assert await world.store.read("SELECT status FROM friend_requests") == [("declined",)]
