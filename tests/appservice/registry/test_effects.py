# SPDX-License-Identifier: AGPL-3.0-or-later

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from appservice.database import Database
from appservice.errors import Unavailable
from appservice.homeserver.event import Event
from appservice.registry.defaults import Defaults
from appservice.registry.effects import Effects
from appservice.registry.projector import Projector
from policy.limits import Rules
from tests.fakes.clock import FrozenClock
from tests.fakes.homeserver import FakeHomeserver

Learn = Callable[[], Awaitable[None]]
EVE = "@eve:else.test"


@pytest.fixture
def homeserver() -> FakeHomeserver:
    return FakeHomeserver()


@pytest.fixture
def effects(store: Database, homeserver: FakeHomeserver, clock: FrozenClock) -> Effects:
    return Effects(store, homeserver, clock, Rules(), stream=None, server_name="hs.test")


@pytest.fixture
def learn(store: Database, homeserver: FakeHomeserver, clock: FrozenClock) -> Learn:
    """Applies everything that happened on the homeserver."""
    projector = Projector("hs.test", homeserver.service_user, clock)

    async def run() -> None:
        events = [event for room in homeserver.rooms.values() for event in room.events]
        async with store.transaction() as tx:
            await projector.apply(tx, [Event.parse(event) for event in events])

    return run


async def last_member_event(homeserver: FakeHomeserver, room: str) -> str:
    found = [e for e in homeserver.rooms[room].events if e["type"] == "m.room.member"]
    return str(found[-1]["event_id"])


async def audits(store: Database) -> list[tuple[Any, ...]]:
    return list(await store.read("SELECT actor, act, target, reason FROM audit_log"))


async def test_an_invite_the_rule_forbids_is_declined_and_noted(
    store: Database, homeserver: FakeHomeserver, effects: Effects, learn: Learn
) -> None:
    admin, bob = homeserver.add("admin"), homeserver.add("bob")
    room = await homeserver.create_room({"invite": [bob]}, as_user=admin)
    event_id = await last_member_event(homeserver, room)
    await learn()
    for _ in range(2):
        await effects.check_invite(event_id, room, admin, bob)
        await learn()
    assert homeserver.rooms[room].members[bob] == "leave"
    assert await audits(store) == [(admin, "invite_rejected", bob, "friendship_required")]


async def test_an_invite_between_friends_stays(
    store: Database, homeserver: FakeHomeserver, effects: Effects, learn: Learn
) -> None:
    alice, bob = homeserver.add("alice"), homeserver.add("bob")
    room = await homeserver.create_room({"invite": [bob]}, as_user=alice)
    await learn()
    async with store.transaction() as tx:
        await tx.read(
            "INSERT INTO friendships (user_id, friend_id, created_at)"
            " VALUES (%(a)s, %(b)s, now()), (%(b)s, %(a)s, now())",
            {"a": alice, "b": bob},
        )
    await effects.check_invite(await last_member_event(homeserver, room), room, alice, bob)
    assert homeserver.rooms[room].members[bob] == "invite"
    assert await audits(store) == []


async def test_a_half_made_room_is_left_and_forgotten(
    homeserver: FakeHomeserver, effects: Effects, learn: Learn
) -> None:
    alice = homeserver.add("alice")
    room = await homeserver.create_room({}, as_user=alice)
    await learn()
    await effects.clear_half_made(room, alice)
    await learn()
    assert (room, alice) in homeserver.forgotten
    await effects.clear_half_made(room, alice)


async def test_a_room_with_an_open_invite_is_not_half_made(
    homeserver: FakeHomeserver, effects: Effects, learn: Learn
) -> None:
    alice = homeserver.add("alice")
    room = await homeserver.create_room({"invite": [EVE]}, as_user=alice)
    await learn()
    await effects.clear_half_made(room, alice)
    assert homeserver.rooms[room].members[alice] == "join"


@pytest.mark.parametrize(
    ("creator", "preset", "more", "kind"),
    [
        (EVE, "private_chat", [], "dm"),
        (EVE, "public_chat", [], "foreign"),
        (EVE, "private_chat", ["@x:else.test", "@y:else.test"], "foreign"),
        ("@bob:hs.test", "private_chat", [], "dm"),
    ],
)
async def test_a_room_nobody_saw_being_made_is_surveyed(
    store: Database,
    homeserver: FakeHomeserver,
    effects: Effects,
    learn: Learn,
    *,
    creator: str,
    preset: str,
    more: list[str],
    kind: str,
) -> None:
    alice, bob = homeserver.add("alice"), homeserver.add("bob")
    request = {"preset": preset, "invite": [alice], "creation_content": {"creator": creator}}
    room = await homeserver.create_room(request, as_user=bob)
    await homeserver.join(room, as_user=alice)
    made = homeserver.rooms[room]
    # What another server would show of it: its people, and no create event in the stream.
    made.members = {creator: "join", alice: "join", **dict.fromkeys(more, "join")}
    made.events = [e for e in made.events if e["sender"] == alice]
    await learn()
    await effects.survey(room)
    rows = await store.read("SELECT kind, creator, people FROM rooms")
    people = sorted([alice, creator]) if kind == "dm" else []
    assert rows == [(kind, creator, people)]


async def test_the_default_rooms_are_made_once_and_found_again(
    store: Database, homeserver: FakeHomeserver, clock: FrozenClock
) -> None:
    defaults = Defaults(store, homeserver, clock)
    with pytest.raises(Unavailable):
        await defaults.join(homeserver.add("early"))
    await defaults.ensure()
    async with store.transaction() as tx:
        # As if the process had been killed before it could register them.
        await tx.read("DELETE FROM rooms")
    await defaults.ensure()
    await defaults.ensure()
    assert len(homeserver.rooms) == 2
    rows = await store.read(
        "SELECT name, kind, visibility, is_default, parent IS NULL FROM rooms ORDER BY name"
    )
    assert rows == [
        ("General", "forum", "public", True, False),
        ("The Lounge", "server", "public", True, True),
    ]


async def test_newcomers_join_the_default_rooms_once(
    homeserver: FakeHomeserver, store: Database, clock: FrozenClock, learn: Learn
) -> None:
    defaults = Defaults(store, homeserver, clock)
    await defaults.ensure()
    alice = homeserver.add("alice")
    await defaults.join(alice)
    await learn()
    rooms = list(homeserver.rooms)
    assert all(homeserver.rooms[room].members[alice] == "join" for room in rooms)
    await homeserver.leave(rooms[0], as_user=alice)
    await learn()
    await defaults.join(alice)
    assert homeserver.rooms[rooms[0]].members[alice] == "leave"
