# SPDX-License-Identifier: AGPL-3.0-or-later
"""The consumer: everything once, in order, whatever is lost, late, broken or repeated."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from prometheus_client import REGISTRY

from appservice.database import Database, Question, Rows
from appservice.errors import Unavailable
from appservice.homeserver.consumer import Consumer
from appservice.homeserver.event import Event
from appservice.homeserver.inbox import Inbox
from appservice.registry.projector import Projector
from tests.fakes.clock import FrozenClock
from tests.fakes.events import Timeline, as_pushed
from tests.fakes.stream import FakeStream

ALICE = "@alice:hs.test"


@pytest.fixture
def timeline(clock: FrozenClock) -> Timeline:
    return Timeline(clock)


@pytest.fixture
def stream() -> FakeStream:
    return FakeStream()


def consumer_on(
    store: Database, clock: FrozenClock, stream: FakeStream | None, limit: int = 500
) -> Consumer:
    projector = Projector("hs.test", "@kith:hs.test", clock)
    return Consumer(store, projector, clock, stream, limit=limit)


def forum(timeline: Timeline, messages: int) -> list[Event]:
    create = timeline.create("!f", ALICE, **{"social.kith.kind": "forum"})
    return [create, *(timeline.message("!f", ALICE, str(n)) for n in range(messages))]


class Asking:
    """Tells nobody; asks how many events there are, and notes what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, Mapping[str, Rows] | None]] = []

    def questions(self, _events: Sequence[Event]) -> Mapping[str, Question]:
        return {"applied": ("SELECT count(*) FROM events", {})}

    def applied(self, events: Sequence[Event], answers: Mapping[str, Rows] | None) -> None:
        self.heard.append((len(events), answers))


async def counted(store: Database) -> tuple[int, int]:
    """Events applied, and messages counted for their sender."""
    rows = await store.read(
        "SELECT (SELECT count(*) FROM events), (SELECT coalesce(sum(messages), 0) FROM people)"
    )
    return rows[0][0], rows[0][1]


async def position(store: Database) -> int:
    rows = await store.read("SELECT position FROM positions WHERE stream = 'events'")
    return rows[0][0] if rows else 0


async def test_events_that_were_never_pushed_are_found(
    store: Database, clock: FrozenClock, stream: FakeStream, timeline: Timeline
) -> None:
    events = forum(timeline, 9)
    await Inbox(store).store("1", [as_pushed(e) for e in events[:3]], clock.now())
    stream.commit(*events)
    await consumer_on(store, clock, stream, limit=4).catch_up()
    assert await counted(store) == (10, 9)
    assert await position(store) == 10
    assert await store.read("SELECT 1 FROM inbox") == []


async def test_a_position_that_appears_late_is_waited_for(
    store: Database, clock: FrozenClock, stream: FakeStream, timeline: Timeline
) -> None:
    events = forum(timeline, 4)
    late = events.pop(2)
    stream.commit(*events)
    consumer = consumer_on(store, clock, stream)
    await consumer.catch_up()
    assert await counted(store) == (4, 3)
    # A consumer that starts now must begin before the hole.
    assert await position(store) == late.ordering - 1
    stream.commit(late)
    await consumer.tend()
    assert await counted(store) == (5, 4)
    await consumer_on(store, clock, stream).catch_up()
    assert await counted(store) == (5, 4)


async def test_a_rejected_event_is_no_hole_and_has_no_effect(
    store: Database, clock: FrozenClock, stream: FakeStream, timeline: Timeline
) -> None:
    events = forum(timeline, 2)
    stream.commit(*events)
    stream.put(4, None)
    await consumer_on(store, clock, stream).catch_up()
    assert (await counted(store), await position(store)) == ((3, 2), 4)


@pytest.mark.parametrize(
    "broken",
    [
        {"event_id": "$bad"},
        {"event_id": "$bad", "room_id": "!f", "sender": "nobody", "type": "t"},
        {"event_id": "$bad", "room_id": "!f", "sender": ALICE, "type": "t\0"},
        {
            "event_id": "$bad",
            "room_id": "!f",
            "sender": ALICE,
            "type": "t",
            "origin_server_ts": 10**30,
        },
    ],
)
async def test_a_broken_event_is_kept_and_stops_nobody(
    store: Database,
    clock: FrozenClock,
    stream: FakeStream,
    timeline: Timeline,
    *,
    broken: dict[str, Any],
) -> None:
    stream.commit(*forum(timeline, 2))
    stream.put(4, {**broken, "content": {"body": "private words"}})
    after = timeline.event("!f", ALICE, "x")
    assert after.ordering == 4
    stream.commit(timeline.message("!f", ALICE))
    await consumer_on(store, clock, stream).catch_up()
    assert await counted(store) == (4, 3)
    rows = await store.read("SELECT event_id, body::text FROM intake_failures")
    assert rows[0][0] == "$bad"
    assert "private words" not in rows[0][1]


async def test_one_event_the_database_refuses_fails_alone(
    store: Database, clock: FrozenClock, stream: FakeStream, timeline: Timeline
) -> None:
    async with store.transaction() as tx:
        await tx.read(
            "ALTER TABLE rooms ADD CONSTRAINT made_for_this_test CHECK (name <> 'poison')"
        )
    events = forum(timeline, 3)
    events.insert(2, timeline.event("!f", ALICE, "m.room.name", {"name": "poison"}, ""))
    stream.commit(*events)
    consumer, herald = consumer_on(store, clock, stream), Asking()
    consumer.tell(herald)
    await consumer.catch_up()
    assert await counted(store) == (4, 3)
    assert await store.read("SELECT event_id FROM intake_failures") == [(events[2].event_id,)]
    assert await position(store) == 5
    # What was asked went with the run that was taken apart.
    assert herald.heard == [(4, None)]


async def test_two_consumers_at_once_count_everything_once(
    store: Database, clock: FrozenClock, stream: FakeStream, timeline: Timeline
) -> None:
    stream.commit(*forum(timeline, 60))
    consumers = [consumer_on(store, clock, stream, limit=7) for _ in range(3)]
    await asyncio.gather(*(consumer.catch_up() for consumer in consumers))
    assert await counted(store) == (61, 60)


async def test_a_homeserver_away_stops_nothing_for_good(
    store: Database, clock: FrozenClock, stream: FakeStream, timeline: Timeline
) -> None:
    consumer = consumer_on(store, clock, stream)
    stream.commit(*forum(timeline, 1))
    stream.away = True
    with pytest.raises(Unavailable):
        await consumer.catch_up()
    stream.away = False
    await consumer.catch_up()
    assert await counted(store) == (2, 1)


async def test_without_synapses_database_the_inbox_is_the_truth(
    store: Database, clock: FrozenClock, timeline: Timeline
) -> None:
    events = forum(timeline, 5)
    inbox = Inbox(store)
    consumer = consumer_on(store, clock, None)
    for number in (1, 2, 3):
        await inbox.store(str(number), [as_pushed(e) for e in events], clock.now())
        await consumer.catch_up()
    assert await counted(store) == (6, 5)
    assert await store.read("SELECT 1 FROM inbox") == []


async def test_a_pushed_event_the_stream_does_not_show_is_applied_after_a_while(
    store: Database, clock: FrozenClock, stream: FakeStream, timeline: Timeline
) -> None:
    events = forum(timeline, 1)
    await Inbox(store).store("1", [as_pushed(e) for e in events], clock.now())
    consumer = consumer_on(store, clock, stream)
    await consumer.tend()
    assert await counted(store) == (0, 0)
    clock.advance(seconds=timedelta(minutes=1).total_seconds())
    await consumer.tend()
    assert await counted(store) == (2, 1)


async def test_transactions_replayed_in_any_mix_have_their_effects_once(
    store: Database, clock: FrozenClock, timeline: Timeline
) -> None:
    events = [as_pushed(e) for e in forum(timeline, 200)]
    inbox = Inbox(store)
    consumer = consumer_on(store, clock, None, limit=50)

    async def push(number: int) -> None:
        # Overlapping bodies under few ids: replays, concurrent copies, and ids used twice.
        start = number * 7 % 195
        await inbox.store(str(number % 20), events[start : start + 10], clock.now())

    await inbox.store("first", events[:1], clock.now())
    for round_ in range(3):
        await asyncio.gather(*(push(n) for n in range(60)), consumer.catch_up())
        await asyncio.gather(*(push(n + round_) for n in range(60)))
        await consumer.catch_up()
    await inbox.store("rest", events, clock.now())
    await consumer.catch_up()
    assert await counted(store) == (201, 200)


async def test_nothing_follows_from_what_happened_before_kith_came(
    store: Database, clock: FrozenClock, stream: FakeStream, timeline: Timeline
) -> None:
    old = [
        timeline.create("!d", ALICE),
        timeline.member("!d", "@bob:hs.test", "invite", ALICE),
        timeline.member("!d", "@eve:hs.test", "ban", ALICE),
        timeline.message("!d", ALICE, "!kith help"),
        timeline.member("!abroad", ALICE, "join"),
    ]
    stream.commit(*old)
    stream.adopted = len(old)
    consumer = consumer_on(store, clock, stream)
    await consumer.catch_up()
    stream.adopted = 10**6
    stream.commit(timeline.message("!d", ALICE, "!kith friends"))
    await consumer_on(store, clock, stream).catch_up()
    assert await store.read("SELECT count(*) FROM memberships") == [(3,)]
    assert await store.read("SELECT 1 FROM cases") == []
    rows = await store.read(
        "SELECT args->>'words' FROM procrastinate_jobs WHERE task_name = 'bot.command'"
    )
    assert rows == [("friends",)]


async def test_a_push_that_was_overtaken_does_not_look_like_lag(
    store: Database, clock: FrozenClock, stream: FakeStream, timeline: Timeline
) -> None:
    stream.commit(*forum(timeline, 1))
    consumer = consumer_on(store, clock, stream)
    await consumer.catch_up()
    async with store.transaction() as tx:
        await tx.read(
            "INSERT INTO inbox (event_id, body, received_at)"
            " SELECT event_id, '{}', %(now)s FROM events",
            {"now": clock.now()},
        )
    clock.advance(seconds=10)
    await consumer.tend()
    await consumer.measure()
    assert REGISTRY.get_sample_value("kith_intake_lag_seconds") == 0
    assert await counted(store) == (2, 1)


async def test_who_tells_of_events_is_answered_from_their_own_transaction(
    store: Database, clock: FrozenClock, stream: FakeStream, timeline: Timeline
) -> None:
    consumer, herald = consumer_on(store, clock, stream), Asking()
    consumer.tell(herald)
    stream.commit(*forum(timeline, 2))
    await consumer.catch_up()
    stream.commit(timeline.message("!f", ALICE))
    await consumer.catch_up()
    await consumer_on(store, clock, stream).catch_up()
    assert herald.heard == [(3, {"applied": [(3,)]}), (1, {"applied": [(4,)]})]


async def test_a_message_waits_for_the_database_twice(
    store: Database,
    clock: FrozenClock,
    stream: FakeStream,
    timeline: Timeline,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream.commit(*forum(timeline, 1))
    consumer, herald = consumer_on(store, clock, stream), Asking()
    consumer.tell(herald)
    await consumer.catch_up()
    waited, sync = [], psycopg.AsyncPipeline.sync

    async def counted_sync(pipeline: psycopg.AsyncPipeline) -> None:
        waited.append(pipeline)
        await sync(pipeline)

    monkeypatch.setattr(psycopg.AsyncPipeline, "sync", counted_sync)
    stream.commit(timeline.message("!f", ALICE))
    await consumer.catch_up()
    # What is new of it; the second is the commit, and what has to be known to tell of it comes
    # with that.
    assert len(waited) == 1
    assert herald.heard[-1] == (1, {"applied": [(3,)]})
    assert await counted(store) == (3, 2)
