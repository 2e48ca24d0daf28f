# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counts against a naive count, whatever is said, read, removed and joined (quality Q14)."""

import asyncio
import itertools
import random
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from appservice.clock import SystemClock
from stack.postgres import Postgres
from tests.appservice.unread.test_counts import naming, thread
from tests.fakes.bodies import FakeBodies
from tests.fakes.clock import FrozenClock
from tests.fakes.events import Timeline
from tests.support import databases
from tests.support.background import Background
from tests.support.live import Live, open_live

WHO = st.integers(0, 2)
NUMBERS = itertools.count(1)


class Said:
    """A message as the model knows it."""

    def __init__(self, event: Any, sender: int, root: "Said | None", named: int | None) -> None:
        self.event, self.sender, self.root, self.named = event, sender, root, named
        self.removed = False

    @property
    def at(self) -> int:
        return int(self.event.ordering)


class Reading(RuleBasedStateMachine):
    """Three people in one room."""

    live: ClassVar[Live]
    background: ClassVar[Background]

    def run(self, work: Any) -> Any:
        return self.background.run(work)

    @initialize()
    def enter(self) -> None:
        number = next(NUMBERS)
        self.people = [self.live.door.person(f"p{number}x{n}") for n in range(3)]
        self.room = self.run(self.live.room(f"r{number}", *self.people))
        self.said: list[Said] = []
        # Everybody was in before anything was said.
        self.joined: dict[int, int | None] = {0: 0, 1: 0, 2: 0}
        self.marks = [0, 0, 0]
        self.threads: dict[tuple[int, str], int] = {}

    @rule(who=WHO, named=WHO | st.none(), data=st.data())
    def speak(self, who: int, named: int | None, data: st.DataObject) -> None:
        if self.joined[who] is None:
            return
        roots = [one for one in self.said if one.root is None and not one.removed]
        root = data.draw(st.sampled_from([None, *roots]))
        more = naming(self.people[named]) if named is not None else {}
        more |= thread(root.event.event_id) if root else {}
        event = self.live.timeline.message(self.room, self.people[who].user_id, "x", **more)
        self.run(self.live.commit(event))
        self.said.append(Said(event, who, root, named))
        if root is None:
            self.marks[who] = max(self.marks[who], event.ordering)
        else:
            self.threads[who, root.event.event_id] = event.ordering

    @rule(who=WHO, data=st.data())
    def read(self, who: int, data: st.DataObject) -> None:
        if not self.said or self.joined[who] is None:
            return
        one = data.draw(st.sampled_from(self.said))
        body = {"event_id": one.event.event_id}
        alone = one.root is not None and data.draw(st.booleans())
        if alone and one.root is not None:
            body["thread_root"] = one.root.event.event_id
            key = (who, one.root.event.event_id)
            self.threads[key] = max(self.threads.get(key, 0), one.at)
        else:
            later = [s for s in self.said if s.at > one.at and not s.removed]
            main = [s for s in later if s.root is None and s.sender != who]
            end = one.at if main or not later else later[-1].at
            self.marks[who] = max(self.marks[who], end)
        answer = self.run(self.people[who].post(f"/api/v1/rooms/{self.room}/read", body))
        assert answer.status == 200, answer.text
        assert (answer.body["unread"], answer.body["mentions"]) == self.naive(who)

    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        if self.said:
            one = data.draw(st.sampled_from(self.said))
            sender = self.people[one.sender].user_id
            gone = {"redacts": one.event.event_id}
            event = self.live.timeline.event(self.room, sender, "m.room.redaction", gone)
            self.run(self.live.commit(event))
            one.removed = True

    @rule(who=WHO)
    def come_or_go(self, who: int) -> None:
        now = "join" if self.joined[who] is None else "leave"
        event = self.live.timeline.member(self.room, self.people[who].user_id, now)
        self.run(self.live.commit(event))
        self.joined[who] = event.ordering if now == "join" else None

    def naive(self, who: int) -> tuple[int, int]:
        joined = self.joined[who]
        if joined is None:
            return 0, 0
        unread = [
            one
            for one in self.said
            if one.sender != who and not one.removed and one.at > max(joined, self.marks[who])
            if one.root is None or one.at > self.threads.get((who, one.root.event.event_id), 0)
        ]
        return min(len(unread), 100), len([one for one in unread if one.named == who])

    @invariant()
    def counts_are_the_naive_ones(self) -> None:
        for who, person in enumerate(getattr(self, "people", ())):
            answer = self.run(person.get("/api/v1/unread")).body
            found = {o["room_id"]: (o["unread"], o["mentions"]) for o in answer["rooms"]}
            assert found.get(self.room, (0, 0)) == self.naive(who)


@pytest.fixture
def live(background: Background, migrated: Postgres) -> Iterator[Live]:
    fresh = databases.fresh_kith(migrated)
    held = AsyncExitStack()
    timeline = Timeline(FrozenClock(SystemClock().now()))
    yield background.run(
        held.enter_async_context(open_live(fresh.url, None, FakeBodies(), timeline))
    )
    background.run(held.aclose())
    migrated.drop_database(fresh.name)


def test_counts_are_always_the_naive_ones(live: Live, background: Background) -> None:
    Reading.live, Reading.background = live, background
    run_state_machine_as_test(
        Reading,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_reading_and_writing_may_cross(live: Live, background: Background) -> None:
    """Many marks and messages at once: the last mark stands, and the count fits it."""

    async def story() -> None:
        alice, bob = live.door.person("alice"), live.door.person("bob")
        room = await live.room("crossing", alice, bob)
        said = [live.timeline.message(room, alice.user_id, str(n)) for n in range(40)]
        await live.commit(*said[:20])
        order = random.Random(7).sample(range(20), 20)  # noqa: S311 - any order does
        path = f"/api/v1/rooms/{room}/read"

        async def write() -> None:
            for event in said[20:]:
                await live.commit(event)

        answers, _ = await asyncio.gather(
            asyncio.gather(*(bob.post(path, {"event_id": said[n].event_id}) for n in order)),
            write(),
        )
        assert {answer.status for answer in answers} == {200}
        counted = (await bob.get("/api/v1/unread")).body["rooms"][0]
        assert counted["read_event_id"] == said[19].event_id
        assert counted["unread"] == 20

    background.run(story())
