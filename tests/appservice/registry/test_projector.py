# SPDX-License-Identifier: AGPL-3.0-or-later

from typing import Any

import pytest

from appservice.database import Database
from tests.appservice.registry.conftest import Apply
from tests.fakes.clock import FrozenClock
from tests.fakes.events import Timeline

ALICE, BOB, EVE = "@alice:hs.test", "@bob:hs.test", "@eve:else.test"
KITH = "@kith:hs.test"
STAMP = "social.kith.kind"


async def one(store: Database, sql: str, **params: Any) -> Any:
    rows = await store.read(sql, params)
    return rows[0] if rows else None


async def kind_of(store: Database, room: str) -> str:
    return (await one(store, "SELECT kind FROM rooms WHERE room_id = %(r)s", r=room))[0]


async def jobs(store: Database, name: str) -> list[dict[str, Any]]:
    rows = await store.read(
        "SELECT args FROM procrastinate_jobs WHERE task_name = %(n)s ORDER BY id", {"n": name}
    )
    return [row[0] for row in rows]


@pytest.mark.parametrize(
    ("creator", "content", "kind"),
    [
        (ALICE, {STAMP: "forum"}, "forum"),
        (ALICE, {STAMP: "dm"}, "dm"),
        (ALICE, {}, "dm"),
        (ALICE, {"type": "m.space"}, "dm"),
        (ALICE, {STAMP: "foreign"}, "dm"),
        (ALICE, {STAMP: ["forum"]}, "dm"),
        (EVE, {STAMP: "forum"}, "foreign"),
    ],
)
async def test_a_stamp_counts_only_from_here(
    store: Database,
    apply: Apply,
    timeline: Timeline,
    *,
    creator: str,
    content: dict[str, Any],
    kind: str,
) -> None:
    await apply(timeline.create("!r", creator, **content))
    assert await kind_of(store, "!r") == kind


async def test_events_count_once_however_often_they_come(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    room = [timeline.create("!f", ALICE, **{STAMP: "forum"}), timeline.message("!f", ALICE)]
    assert len(await apply(*room, *room)) == 2
    assert await apply(*room) == []
    assert await one(store, "SELECT messages, active_days FROM people") == (1, 1)


async def test_people_of_a_direct_room_are_never_taken_out(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    await apply(
        timeline.create("!d", ALICE, **{STAMP: "dm"}),
        timeline.member("!d", ALICE, "join"),
        timeline.member("!d", BOB, "invite", ALICE),
    )
    people = "SELECT people FROM rooms"
    assert await one(store, people) == ([ALICE],)
    await apply(timeline.member("!d", BOB, "join"), timeline.member("!d", KITH, "join"))
    await apply(timeline.member("!d", BOB, "leave"))
    assert await one(store, people) == ([ALICE, BOB],)


async def test_an_older_membership_never_overwrites_a_newer_one(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    create = timeline.create("!d", ALICE)
    older, newer = timeline.member("!d", BOB, "join"), timeline.member("!d", BOB, "leave")
    await apply(create, newer)
    await apply(older)
    assert await one(store, "SELECT membership FROM memberships WHERE user_id = %(b)s", b=BOB) == (
        "leave",
    )


async def test_an_upgrade_passes_everything_on_when_both_rooms_say_so(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    await apply(
        timeline.create("!old", ALICE, **{STAMP: "forum"}),
        timeline.create("!new", ALICE, predecessor={"room_id": "!old"}),
    )
    assert await kind_of(store, "!new") == "dm"
    await apply(
        timeline.event("!old", ALICE, "m.room.tombstone", {"replacement_room": "!new"}, "")
    )
    rows = dict(await store.read("SELECT room_id, id FROM rooms"))
    assert rows["!old"] == rows["!new"]
    assert await kind_of(store, "!new") == "forum"


async def test_a_claimed_predecessor_takes_nothing_over(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    await apply(
        timeline.create("!old", ALICE, **{STAMP: "forum"}),
        timeline.create("!new", BOB, predecessor={"room_id": "!old"}),
        timeline.event("!old", ALICE, "m.room.tombstone", {"replacement_room": "!third"}, ""),
    )
    rows = dict(await store.read("SELECT room_id, id FROM rooms"))
    assert rows["!old"] != rows["!new"]


@pytest.mark.parametrize(
    ("content", "counts"),
    [
        ({"msgtype": "m.text", "body": "hi"}, True),
        ({"msgtype": "m.image", "body": "x", "url": "mxc://a/b"}, True),
        ({"msgtype": "m.notice", "body": "hi"}, False),
        ({"msgtype": "m.text", "body": "!kith help"}, False),
        ({"msgtype": "m.text", "body": "*", "m.relates_to": {"rel_type": "m.replace"}}, False),
        ({}, False),
    ],
)
async def test_what_counts_as_an_accepted_message(
    store: Database, apply: Apply, timeline: Timeline, content: dict[str, Any], *, counts: bool
) -> None:
    await apply(
        timeline.create("!f", ALICE, **{STAMP: "forum"}),
        timeline.event("!f", ALICE, "m.room.message", content),
    )
    assert await one(store, "SELECT messages FROM people") == (int(counts),)


async def test_direct_and_encrypted_talk_makes_a_day_but_no_message(
    store: Database, apply: Apply, timeline: Timeline, clock: FrozenClock
) -> None:
    await apply(timeline.create("!d", ALICE), timeline.message("!d", ALICE))
    clock.advance(days=1)
    await apply(timeline.event("!d", ALICE, "m.room.encrypted", {"ciphertext": "…"}))
    await apply(timeline.message("!d", ALICE))
    assert await one(store, "SELECT messages, active_days FROM people") == (0, 2)


async def test_a_time_in_the_far_future_is_not_believed(
    store: Database, apply: Apply, timeline: Timeline, clock: FrozenClock
) -> None:
    far = clock.now().replace(year=9000)
    await apply(
        timeline.create("!d", ALICE),
        timeline.event("!d", ALICE, "m.room.encrypted", {"a": 1}, at=far),
    )
    assert await one(store, "SELECT last_event_at FROM rooms") == (clock.now(),)


async def test_names_come_from_ones_own_join_and_carry_no_tricks(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    await apply(
        timeline.create("!d", ALICE),
        timeline.member(
            "!d", ALICE, "join", displayname="Al\u202eice\nAdmin", avatar_url="mxc://a"
        ),
        timeline.member("!d", BOB, "invite", ALICE, displayname="Not Bob"),
    )
    names = await store.read("SELECT user_id, display_name FROM people ORDER BY user_id")
    assert names == [(ALICE, "Alice Admin"), (BOB, None)]


async def test_a_ban_of_somebody_never_in_the_room_opens_a_case_and_ends_room_making(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    await apply(timeline.create("!d", ALICE), timeline.member("!d", ALICE, "join"))
    await apply(timeline.member("!d", BOB, "ban", ALICE, reason="read this"))
    assert await one(store, "SELECT kind, subject, target FROM cases") == (
        "ban_of_never_member",
        ALICE,
        BOB,
    )
    may = "SELECT may_create_rooms FROM people WHERE user_id = %(a)s"
    assert await one(store, may, a=ALICE) == (False,)


async def test_a_ban_of_somebody_who_was_asked_in_is_nobodys_business(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    await apply(
        timeline.create("!d", ALICE),
        timeline.member("!d", BOB, "invite", ALICE),
        timeline.member("!d", BOB, "ban", ALICE),
    )
    assert await store.read("SELECT 1 FROM cases") == []


async def test_only_invites_of_strangers_are_looked_at_again(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    await apply(timeline.create("!d", ALICE), timeline.member("!d", BOB, "invite", ALICE))
    assert [job["invitee"] for job in await jobs(store, "rooms.check_invite")] == [BOB]
    async with store.transaction() as tx:
        await tx.read(
            "INSERT INTO friendships (user_id, friend_id, created_at)"
            " VALUES (%(a)s, %(b)s, now()), (%(b)s, %(a)s, now())",
            {"a": ALICE, "b": BOB},
        )
    await apply(timeline.member("!d", BOB, "invite", ALICE))
    assert len(await jobs(store, "rooms.check_invite")) == 1


async def test_a_room_of_another_server_is_surveyed_once_somebody_here_joins(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    await apply(timeline.member("!far", ALICE, "invite", EVE))
    assert await jobs(store, "rooms.survey") == []
    await apply(timeline.member("!far", ALICE, "join"), timeline.message("!far", EVE))
    assert await jobs(store, "rooms.survey") == [{"room_id": "!far"}]
    assert await kind_of(store, "!far") == "foreign"


async def test_a_half_made_room_is_looked_at_later(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    await apply(timeline.create("!d", ALICE, **{"social.kith.remote_invites": True}))
    assert await jobs(store, "rooms.clear_half_made") == [{"room_id": "!d", "creator": ALICE}]


async def test_managers_are_those_who_may_remove_messages(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    levels = {"users": {BOB: 50, EVE: 10, "nobody": 100}, "redact": 50}
    await apply(
        timeline.create("!f", ALICE, **{STAMP: "forum"}),
        timeline.event("!f", ALICE, "m.room.power_levels", levels, ""),
    )
    assert await one(store, "SELECT managers FROM rooms") == ([ALICE, BOB],)


async def test_commands_and_answers_become_jobs(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    await apply(
        timeline.create("!f", ALICE, **{STAMP: "forum"}),
        timeline.message("!f", ALICE, "!kith befriend @bob"),
        timeline.message("!f", KITH, "!kith befriend @bob"),
        timeline.event("!f", BOB, "m.room.message", {"msgtype": "m.notice", "body": "!kith help"}),
    )
    found = await jobs(store, "bot.command")
    assert [(job["sender"], job["words"]) for job in found] == [(ALICE, "befriend @bob")]


async def test_coming_into_a_place_for_the_first_time_is_told(
    store: Database, apply: Apply, timeline: Timeline
) -> None:
    await apply(
        timeline.create("!f", ALICE, **{STAMP: "forum"}),
        timeline.create("!s", ALICE, **{STAMP: "server"}),
        timeline.create("!d", ALICE, **{STAMP: "dm"}),
        timeline.create("!next", ALICE, **{STAMP: "forum", "predecessor": {"room_id": "!f"}}),
        *(timeline.member(room, ALICE, "join") for room in ("!f", "!s", "!d", "!next")),
        timeline.member("!f", BOB, "invite", ALICE),
        timeline.member("!f", EVE, "join"),
        timeline.member("!f", KITH, "join"),
    )
    told = "SELECT user_id, kind, room_id FROM profile_activity ORDER BY id"
    mine = [(ALICE, "joined_forum", "!f"), (ALICE, "joined_server", "!s")]
    assert await store.read(told) == mine
    await apply(timeline.member("!f", ALICE, "leave"), timeline.member("!f", BOB, "join"))
    await apply(timeline.member("!f", ALICE, "join"))
    assert await store.read(told) == [*mine, (BOB, "joined_forum", "!f")]
