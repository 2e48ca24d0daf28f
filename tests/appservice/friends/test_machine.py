# SPDX-License-Identifier: AGPL-3.0-or-later
"""Friends, blocks and conversations against a small model, in any order (quality Q14)."""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from stack.postgres import Postgres
from tests.support import databases
from tests.support.background import Background
from tests.support.door import Answer, Door, Person, open_door

WHO = st.integers(0, 2)
Pair = tuple[int, int]


class Model:
    """What three people are to each other, in sets."""

    def __init__(self) -> None:
        self.friends: set[frozenset[int]] = set()
        self.blocks: set[Pair] = set()
        self.asked: set[Pair] = set()
        """Requests as their requester sees them: waiting."""
        self.shown: set[Pair] = set()
        """Those of them that the recipient sees too."""
        self.declined: set[Pair] = set()
        """Pairs whose recipient declined lately."""
        self.ended: set[Pair] = set()
        """Who ended a friendship with whom lately."""
        self.asks: dict[Pair, int] = {}

    def separated(self, a: int, b: int) -> bool:
        return (a, b) in self.blocks or (b, a) in self.blocks

    def befriend(self, a: int, b: int) -> None:
        self.friends.add(frozenset((a, b)))
        for pair in ((a, b), (b, a)):
            self.asked.discard(pair)
            self.shown.discard(pair)

    def ask(self, a: int, b: int) -> tuple[int, str]:
        pair = frozenset((a, b))
        if not self.separated(a, b) and pair not in self.friends and (b, a) in self.asked:
            self.asks[b, a] -= 1
            # The accepted request is a declined one no more, if it was one.
            if (b, a) not in self.shown:
                self.declined.discard((b, a))
            self.befriend(a, b)
            return 200, ""
        for refused, answer in (
            ((a, b) in self.blocks, (403, "blocked")),
            (pair in self.friends, (409, "already_friends")),
            ((a, b) in self.asked, (409, "request_exists")),
            ((b, a) in self.blocks, (403, "requests_closed")),
            (self.asks.get((a, b), 0) >= 3, (403, "request_cooldown")),
            ((b, a) in self.ended, (403, "request_cooldown")),
        ):
            if refused:
                return answer
        self.asks[a, b] = self.asks.get((a, b), 0) + 1
        self.asked.add((a, b))
        if (a, b) not in self.declined:
            self.shown.add((a, b))
        return 201, ""

    def block(self, a: int, b: int) -> None:
        if (a, b) in self.blocks:
            return
        self.blocks.add((a, b))
        if frozenset((a, b)) in self.friends:
            self.friends.discard(frozenset((a, b)))
            self.ended.add((a, b))
        if (a, b) in self.shown:
            self.asked.discard((a, b))
            self.shown.discard((a, b))
        if (b, a) in self.shown:
            self.shown.discard((b, a))
            self.declined.add((b, a))

    def state(self, a: int, b: int) -> str:
        if (a, b) in self.blocks:
            return "blocked"
        if frozenset((a, b)) in self.friends:
            return "friends"
        if (b, a) in self.shown:
            return "request_received"
        return "request_sent" if (a, b) in self.asked else "none"

    def talk(self, a: int, b: int) -> str:
        state = self.state(a, b)
        reasons = {
            "blocked": "blocked",
            "friends": "",
            "request_received": "request_received",
            "request_sent": "request_pending",
            "none": "friendship_required",
        }
        return reasons[state]


class Machine(RuleBasedStateMachine):
    """Acts on both and compares everything each person can see."""

    door: ClassVar[Door]
    loop: ClassVar[Background]
    runs: ClassVar[int] = 0

    @initialize()
    def meet(self) -> None:
        Machine.runs += 1
        self.model = Model()
        self.people = [self.door.person(f"p{Machine.runs}x{n}") for n in range(3)]
        self.requests: dict[Pair, str] = {}

    def do(self, who: int, method: str, path: str, body: Any = None) -> Answer:
        person: Person = self.people[who]
        return self.loop.run(person.ask(method, path, body))

    def of(self, who: int) -> str:
        return self.people[who].user_id

    @rule(a=WHO, b=WHO)
    def ask(self, a: int, b: int) -> None:
        answer = self.do(a, "POST", f"/api/profile/{self.of(b)}/friend-request")
        if a == b:
            assert answer.code == "self"
            return
        status, code = self.model.ask(a, b)
        assert answer.status == status, answer.text
        if status == 201:
            self.requests[a, b] = answer.body["id"]
        elif status != 200:
            assert answer.code == code

    @rule(a=WHO, b=WHO, accept=st.booleans())
    def respond(self, a: int, b: int, accept: bool) -> None:
        request = self.requests.get((b, a))
        if request is None:
            return
        action = {"action": "accept" if accept else "decline"}
        answer = self.do(a, "POST", f"/api/friends/{request}/respond", action)
        if (b, a) not in self.model.shown:
            assert answer.code == "request_closed"
            return
        assert answer.status == 200, answer.text
        if accept:
            self.model.asks[b, a] -= 1
            self.model.befriend(a, b)
        else:
            self.model.shown.discard((b, a))
            self.model.declined.add((b, a))

    @rule(a=WHO, b=WHO)
    def cancel(self, a: int, b: int) -> None:
        request = self.requests.get((a, b))
        if request is None:
            return
        answer = self.do(a, "POST", f"/api/friends/{request}/cancel")
        if (a, b) in self.model.asked:
            assert answer.body["status"] == "cancelled"
            self.model.asked.discard((a, b))
            self.model.shown.discard((a, b))
        else:
            assert answer.code == "request_closed"

    @rule(a=WHO, b=WHO)
    def unfriend(self, a: int, b: int) -> None:
        answer = self.do(a, "DELETE", f"/api/friends/{self.of(b)}")
        if frozenset((a, b)) in self.model.friends:
            assert answer.status == 204
            self.model.friends.discard(frozenset((a, b)))
            self.model.ended.add((a, b))
        else:
            assert answer.status == 404

    @rule(a=WHO, b=WHO, on=st.booleans())
    def block(self, a: int, b: int, on: bool) -> None:
        if a == b:
            return
        method = "POST" if on else "DELETE"
        assert self.do(a, method, f"/api/profile/{self.of(b)}/block").status == 204
        if on:
            self.model.block(a, b)
        else:
            self.model.blocks.discard((a, b))

    @rule(a=WHO, b=WHO)
    def talk(self, a: int, b: int) -> None:
        if a == b:
            return
        answer = self.do(a, "POST", "/api/dm/conversations", {"participants": [self.of(b)]})
        reason = self.model.talk(a, b)
        assert (answer.code if answer.status >= 400 else "") == reason, answer.text

    def teardown(self) -> None:
        for a in range(3):
            for b in range(3):
                if a != b:
                    seen = self.do(a, "GET", f"/api/profile/{self.of(b)}/relationship").body
                    assert seen["state"] == self.model.state(a, b), (a, b)


@pytest.fixture(scope="module")
def machine(background: Background, migrated: Postgres) -> Iterator[type[Machine]]:
    fresh = databases.fresh_kith(migrated)
    held = AsyncExitStack()
    Machine.loop = background
    Machine.door = background.run(held.enter_async_context(open_door(fresh.url)))
    yield Machine
    background.run(held.aclose())
    migrated.drop_database(fresh.name)


def test_people_are_to_each_other_what_the_model_says(machine: type[Machine]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
