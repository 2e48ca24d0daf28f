# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which of two memberships is the newer one, with and without Synapse's positions."""

import itertools
from dataclasses import replace

import pytest

from appservice.database import Database
from appservice.homeserver.event import LATE, Event
from appservice.registry.projector import Projector
from tests.fakes.clock import FrozenClock
from tests.fakes.events import Timeline, as_pushed

ALICE, EVE = "@alice:hs.test", "@eve:else.test"
_NUMBERS = itertools.count(1)


def pushed(membership: str, ts: int, *, late: bool = False) -> Event:
    """A membership of Eve's as the inbox has it, by her server's clock."""
    body = {
        "event_id": f"$m{next(_NUMBERS)}",
        "room_id": "!r",
        "sender": EVE,
        "type": "m.room.member",
        "state_key": EVE,
        "content": {"membership": membership},
        "origin_server_ts": ts,
    }
    return Event.parse({**body, LATE: True} if late else body)


class Registry:
    """Applies runs of events, and says how Eve stands."""

    def __init__(self, store: Database, clock: FrozenClock) -> None:
        self._store = store
        self._projector = Projector("hs.test", "@kith:hs.test", clock)

    async def apply(self, *events: Event, positions: bool = False) -> None:
        async with self._store.transaction() as tx:
            await self._projector.apply(tx, events, positions=positions)

    async def eve(self) -> str:
        sql = "SELECT membership FROM memberships WHERE user_id = %(eve)s"
        return str((await self._store.read(sql, {"eve": EVE}))[0][0])


@pytest.fixture
def registry(store: Database, clock: FrozenClock) -> Registry:
    return Registry(store, clock)


async def test_a_senders_clock_decides_nothing(registry: Registry) -> None:
    # Otherwise who joins with a time far ahead could never be put out again.
    for membership, ts in (("join", 2**52), ("leave", 1000), ("join", 1000), ("ban", 1000)):
        await registry.apply(pushed(membership, ts))
        assert await registry.eve() == membership
    await registry.apply(pushed("leave", 5), pushed("join", 4), pushed("leave", 3))
    assert await registry.eve() == "leave"


async def test_what_is_found_afterwards_is_judged_by_time(registry: Registry) -> None:
    await registry.apply(pushed("join", 2000))
    await registry.apply(pushed("leave", 1000, late=True))
    assert await registry.eve() == "join"
    await registry.apply(pushed("leave", 4000), pushed("join", 3000, late=True))
    assert await registry.eve() == "leave"
    await registry.apply(pushed("join", 5000, late=True))
    assert await registry.eve() == "join"


async def test_positions_that_are_told_later_are_newer(
    registry: Registry, timeline: Timeline
) -> None:
    for _ in range(3):
        await registry.apply(pushed("join", 2000), pushed("leave", 2000))
        await registry.apply(pushed("join", 2000))
    # Kith may read Synapse's database from now on; six events have had positions there.
    events = [timeline.message("!r", ALICE) for _ in range(9)]
    await registry.apply(
        *events, timeline.member("!r", EVE, "ban", ALICE, reason="enough"), positions=True
    )
    assert await registry.eve() == "ban"
    # And once more not.
    await registry.apply(pushed("leave", 1))
    assert await registry.eve() == "leave"


async def test_times_that_stood_for_positions_hold_nobody(
    registry: Registry, store: Database, timeline: Timeline
) -> None:
    await registry.apply(timeline.member("!r", EVE, "join"), positions=True)
    await store.run("UPDATE memberships SET stream_ordering = 1767614400000")
    await registry.apply(timeline.member("!r", EVE, "leave"), positions=True)
    assert await registry.eve() == "leave"


async def test_a_push_the_stream_does_not_show_keeps_what_is_newer_from_nothing(
    registry: Registry, store: Database, timeline: Timeline
) -> None:
    said = timeline.message("!r", ALICE)
    stranded = Event.parse(as_pushed(timeline.member("!r", EVE, "join")))
    await registry.apply(said, positions=True)
    await registry.apply(stranded, positions=True)
    joined = await store.read(
        "SELECT joined_at FROM memberships WHERE user_id = %(eve)s", {"eve": EVE}
    )
    assert joined == [(said.ordering,)]
    old = replace(stranded, event_id="$old", ts=1, ordering=1, content={"membership": "leave"})
    await registry.apply(old, positions=True)
    assert await registry.eve() == "join"
    await registry.apply(timeline.member("!r", EVE, "leave"), positions=True)
    assert await registry.eve() == "leave"
