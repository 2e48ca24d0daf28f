# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who leads a group, as the registry has it (D16)."""

from typing import Any

from appservice.database import Database
from appservice.homeserver.event import Event
from tests.appservice.registry.conftest import Apply
from tests.fakes.clock import FrozenClock
from tests.fakes.events import Timeline

ALICE, BOB, CAROL, DAN = (f"@{name}:hs.test" for name in ("alice", "bob", "carol", "dan"))
KITH = "@kith:hs.test"


async def admin(store: Database, room: str = "!r") -> str | None:
    rows = await store.read("SELECT admin FROM rooms WHERE room_id = %(r)s", {"r": room})
    found: str | None = rows[0][0]
    return found


async def jobs(store: Database) -> list[Any]:
    rows = await store.read(
        "SELECT args FROM procrastinate_jobs WHERE task_name = 'dms.empower' ORDER BY id"
    )
    return [row[0] for row in rows]


def asked(timeline: Timeline, *people: str) -> list[Event]:
    return [timeline.member("!r", person, "invite", ALICE) for person in people]


async def test_two_have_none_and_three_have_who_made_it(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    await apply(timeline.create("!r", ALICE), timeline.member("!r", ALICE, "join"))
    await apply(*asked(timeline, BOB, KITH), timeline.member("!r", BOB, "join"))
    assert await admin(store) is None
    await apply(*asked(timeline, CAROL))
    assert await admin(store) == ALICE
    # Nobody was there but for an open invite: it is a conversation of two as before.
    await apply(timeline.member("!r", CAROL, "leave"))
    assert await admin(store) is None
    await apply(*asked(timeline, CAROL), timeline.member("!r", CAROL, "join"))
    await apply(timeline.member("!r", CAROL, "leave"), timeline.member("!r", BOB, "leave"))
    assert await admin(store) == ALICE
    assert await jobs(store) == []


async def test_the_longest_member_inherits(
    store: Database, apply: Apply, timeline: Timeline, clock: FrozenClock
) -> None:
    await apply(
        timeline.create("!r", ALICE),
        timeline.member("!r", ALICE, "join"),
        *asked(timeline, BOB, CAROL, DAN),
    )
    for person in (CAROL, BOB, DAN):
        clock.advance(seconds=10)
        await apply(timeline.member("!r", person, "join"))
    clock.advance(seconds=10)
    # A new name is no new membership.
    await apply(timeline.member("!r", CAROL, "join", displayname="C"))
    await apply(timeline.member("!r", ALICE, "leave"))
    assert await admin(store) == CAROL
    assert await jobs(store) == [{"room_id": "!r", "before": ALICE}]
    await apply(
        timeline.member("!r", ALICE, "invite", CAROL), timeline.member("!r", ALICE, "join")
    )
    assert await admin(store) == CAROL
    await apply(timeline.member("!r", CAROL, "ban", ALICE), timeline.member("!r", BOB, "leave"))
    assert await admin(store) == DAN
    await apply(*(timeline.member("!r", person, "leave") for person in (ALICE, DAN)))
    assert await admin(store) is None


async def test_what_was_handed_on_stays_so(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    people = (ALICE, BOB, CAROL)
    await apply(
        timeline.create("!r", ALICE), *(timeline.member("!r", one, "join") for one in people)
    )
    assert await admin(store) == ALICE
    await store.run("UPDATE rooms SET admin = %(bob)s", {"bob": BOB})
    await apply(timeline.member("!r", ALICE, "leave"))
    assert await admin(store) == BOB
    await apply(
        timeline.create("!new", BOB, predecessor={"room_id": "!r"}),
        timeline.event("!r", BOB, "m.room.tombstone", {"replacement_room": "!new"}, ""),
    )
    assert await admin(store, "!new") == BOB


async def test_other_kinds_and_other_servers_have_none(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    for room, creator, stamp in (("!f", ALICE, "forum"), ("!x", "@eve:else.test", "dm")):
        await apply(
            timeline.create(room, creator, **{"social.kith.kind": stamp}),
            *(timeline.member(room, one, "join") for one in (creator, BOB, CAROL)),
        )
        assert await admin(store, room) is None
