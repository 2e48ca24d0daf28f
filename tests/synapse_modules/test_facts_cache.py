# SPDX-License-Identifier: AGPL-3.0-or-later

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from synapse_modules.facts_cache import MISSING, FactsCache, Ticket


class Now:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def cache(now: Now) -> FactsCache:
    made = FactsCache(now, expiry=60, size=3)
    made.trust(10)
    return made


def keep(cache: FactsCache, key: str, fact: object) -> bool:
    return cache.put(cache.reading(key), fact)


def test_it_gives_what_was_put(cache: FactsCache) -> None:
    assert cache.get("a") is MISSING
    assert keep(cache, "a", None)
    assert cache.get("a") is None


def test_a_change_forgets(cache: FactsCache) -> None:
    keep(cache, "a", 1)
    keep(cache, "b", 2)
    cache.forget("a")
    assert (cache.get("a"), cache.get("b")) == (MISSING, 2)


def test_what_was_read_before_a_change_is_refused_after_it(cache: FactsCache) -> None:
    ticket, other = cache.reading("a"), cache.reading("b")
    cache.forget("a")
    assert not cache.put(ticket, "old")
    assert cache.put(other, "fine")
    assert cache.get("a") is MISSING
    assert keep(cache, "a", "new")


def test_a_reconnect_refuses_every_read_under_way(cache: FactsCache) -> None:
    ticket = cache.reading("a")
    cache.forget_all()
    assert not cache.put(ticket, "old")


def test_it_serves_nothing_unless_trusted(now: Now) -> None:
    cache = FactsCache(now)
    assert not keep(cache, "a", 1)
    cache.trust(10)
    assert keep(cache, "a", 1)
    now.seconds = 10
    assert cache.get("a") is MISSING
    assert not cache.serving
    cache.trust(10)
    assert cache.get("a") == 1, "a listener that was only late told of every change"


def test_a_lost_listener_forgets_everything(cache: FactsCache) -> None:
    keep(cache, "a", 1)
    cache.distrust()
    assert cache.get("a") is MISSING
    cache.trust(10)
    assert cache.get("a") is MISSING


def test_facts_expire_whatever_was_heard(cache: FactsCache, now: Now) -> None:
    keep(cache, "a", 1)
    now.seconds = 60
    cache.trust(10)
    assert cache.get("a") is MISSING
    assert len(cache) == 0


def test_it_is_bounded_and_leaves_no_tickets(cache: FactsCache) -> None:
    for key in "abcd":
        keep(cache, key, key)
    assert len(cache) == 3
    assert cache.get("a") is MISSING
    cache.done(cache.reading("x"))
    assert not cache._open


class CacheAgainstTruth(RuleBasedStateMachine):
    """Whatever happens in whatever order, a told change is never served stale."""

    def __init__(self) -> None:
        super().__init__()
        self.truth = dict.fromkeys("ab", 0)
        self.cache = FactsCache(lambda: 0.0)
        self.cache.trust(1)
        self.under_way: list[tuple[Ticket, int]] = []

    @rule(key=st.sampled_from("ab"))
    def change_and_tell(self, key: str) -> None:
        self.truth[key] += 1
        self.cache.forget(key)

    @rule(key=st.sampled_from("ab"))
    def begin_to_read(self, key: str) -> None:
        self.under_way.append((self.cache.reading(key), self.truth[key]))

    @rule(data=st.data())
    def finish_a_read(self, data: Any) -> None:
        if self.under_way:
            number = data.draw(st.integers(0, len(self.under_way) - 1))
            ticket, fact = self.under_way.pop(number)
            self.cache.put(ticket, fact)

    @rule()
    def lose_and_find_the_listener(self) -> None:
        self.cache.distrust()
        for key in self.truth:
            self.truth[key] += 1
        self.cache.forget_all()
        self.cache.trust(1)

    @invariant()
    def nothing_stale_is_served(self) -> None:
        for key, fact in self.truth.items():
            assert self.cache.get(key) in (MISSING, fact)


TestCacheAgainstTruth = CacheAgainstTruth.TestCase
