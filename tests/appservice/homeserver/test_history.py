# SPDX-License-Identifier: AGPL-3.0-or-later
"""Holes are found over HTTP where Synapse's database cannot be read."""

from appservice.database import Database
from appservice.homeserver.consumer import Consumer
from appservice.homeserver.history import History
from appservice.homeserver.inbox import Inbox
from appservice.registry.projector import Projector
from tests.fakes.clock import FrozenClock
from tests.fakes.homeserver import FakeHomeserver


async def test_what_was_never_pushed_is_read_from_the_room(
    store: Database, clock: FrozenClock
) -> None:
    homeserver = FakeHomeserver()
    alice = homeserver.add("alice")
    room = await homeserver.create_room({}, as_user=alice)
    consumer = Consumer(store, Projector("hs.test", "@kith:hs.test", clock), clock, None)
    await Inbox(store).store("1", homeserver.rooms[room].events, clock.now())
    await consumer.catch_up()

    lost = 250
    for number in range(lost):
        content = {"msgtype": "m.text", "body": str(number)}
        await homeserver.send_message(room, content, as_user=alice, key=str(number))
    history = History(store, homeserver, clock)
    assert await history.look() == lost
    await consumer.catch_up()
    rows = await store.read("SELECT event_id FROM events ORDER BY origin_server_ts")
    assert [row[0] for row in rows] == [e["event_id"] for e in homeserver.rooms[room].events]
    assert await history.look() == 0


async def test_a_room_that_cannot_be_seen_any_more_stops_nothing(
    store: Database, clock: FrozenClock
) -> None:
    homeserver = FakeHomeserver()
    alice = homeserver.add("alice")
    room = await homeserver.create_room({}, as_user=alice)
    consumer = Consumer(store, Projector("hs.test", "@kith:hs.test", clock), clock, None)
    await Inbox(store).store("1", homeserver.rooms[room].events, clock.now())
    await consumer.catch_up()
    del homeserver.rooms[room]
    assert await History(store, homeserver, clock).look() == 0
