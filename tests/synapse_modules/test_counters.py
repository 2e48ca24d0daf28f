# SPDX-License-Identifier: AGPL-3.0-or-later
"""One contract for three stores of counters."""

import asyncio
import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.defer import Deferred, gatherResults

from policy.posting import Charge, Window
from policy.reason import Reason
from policy.verdict import ALLOW, Deny, Verdict
from stack.redis import Redis
from synapse_modules.counters import Counters
from synapse_modules.counters.fallback import FallingBack
from synapse_modules.counters.memory import MemoryCounters
from synapse_modules.counters.postgres import PostgresCounters
from synapse_modules.counters.redis import RedisCounters
from synapse_modules.errors import CountersAwayError
from synapse_modules.fact_reader import FactReader
from tests.support.eventually import eventually
from tests.synapse_modules.conftest import Twisted, reactor

_NUMBERS = itertools.count(1)
NOW = 1_700_000_000_000


class Store:
    """A store of counters, asked from a test."""

    def __init__(self, counters: Counters, twisted: Twisted) -> None:
        self.counters, self._twisted = counters, twisted

    def charge(self, *charges: Charge, at: int = 0, token: str | None = None) -> Verdict:
        return self._twisted.run(lambda: self.counters.charge(charges, token, NOW + at))

    def at_once(self, times: int, *charges: Charge) -> list[Verdict]:
        async def all_of_them() -> list[Verdict]:
            return await gatherResults(
                [
                    Deferred.fromCoroutine(self.counters.charge(charges, None, NOW))
                    for _ in range(times)
                ]
            )

        return self._twisted.run(all_of_them)


@pytest.fixture
def redis_counters(twisted: Twisted, redis_server: Redis) -> Iterator[RedisCounters]:
    made = RedisCounters(redis_server.url(), reactor, f"p{next(_NUMBERS)}")
    twisted.call(made.start)
    yield made
    twisted.call(made.stop)


@pytest.fixture(params=["memory", "redis", "postgres"])
def store(request: pytest.FixtureRequest, twisted: Twisted) -> Store:
    makers: dict[str, Callable[[], Counters]] = {
        "memory": MemoryCounters,
        "redis": lambda: request.getfixturevalue("redis_counters"),
        "postgres": lambda: PostgresCounters(request.getfixturevalue("reader")),
    }
    return Store(makers[request.param](), twisted)


def rate(*windows: Window, key: str = "", reason: Reason = Reason.RATE_LIMIT) -> Charge:
    return Charge(key or f"k{next(_NUMBERS)}", windows, reason)


def test_so_many_and_no_more(store: Store) -> None:
    charge = rate(Window(2, 10))
    assert [store.charge(charge, at=t) for t in (0, 1_000)] == [ALLOW, ALLOW]
    assert store.charge(charge, at=4_000) == Deny(Reason.RATE_LIMIT, 6_000)
    assert store.charge(charge, at=9_999) == Deny(Reason.RATE_LIMIT, 1)
    assert store.charge(charge, at=10_000) == ALLOW


def test_a_refusal_is_not_charged(store: Store) -> None:
    charge = rate(Window(1, 10))
    store.charge(charge)
    for at in (1_000, 5_000, 9_000):
        assert isinstance(store.charge(charge, at=at), Deny)
    assert store.charge(charge, at=10_000) == ALLOW


def test_every_window_must_have_room(store: Store) -> None:
    charge = rate(Window(1, 10), Window(2, 100))
    assert store.charge(charge) == ALLOW
    assert store.charge(charge, at=10_000) == ALLOW
    assert store.charge(charge, at=20_000) == Deny(Reason.RATE_LIMIT, 80_000)


def test_all_or_none(store: Store) -> None:
    slow = rate(Window(1, 30), reason=Reason.SLOW_MODE)
    wide = rate(Window(2, 60))
    assert store.charge(slow, wide) == ALLOW
    assert store.charge(slow, wide, at=1_000) == Deny(Reason.SLOW_MODE, 29_000)
    assert store.charge(wide, at=1_000) == ALLOW, "the refused act cost nothing here"
    assert store.charge(wide, at=2_000) == Deny(Reason.RATE_LIMIT, 58_000)
    longest = store.charge(slow, wide, at=3_000)
    assert longest == Deny(Reason.SLOW_MODE, 57_000), "first reason, longest wait"


def test_the_same_request_is_charged_once(store: Store) -> None:
    charge, token = rate(Window(1, 10)), f"t{next(_NUMBERS)}"
    assert store.charge(charge, token=token) == ALLOW
    assert store.charge(charge, token=token, at=1_000) == ALLOW
    assert isinstance(store.charge(charge, token=f"{token}x", at=1_000), Deny)
    other = rate(Window(1, 10))
    assert store.charge(other, token=f"{token}x", at=1_000) == ALLOW, "refused is not charged"


def test_nothing_to_charge_is_allowed(store: Store) -> None:
    assert store.charge() == ALLOW


def test_a_window_of_none_lets_nobody_through(store: Store) -> None:
    assert store.charge(rate(Window(0, 10))) == Deny(Reason.RATE_LIMIT, 10_000)


def test_races_get_no_more(store: Store) -> None:
    slow, wide = rate(Window(4, 30)), rate(Window(9, 60))
    verdicts = store.at_once(16, slow, wide)
    assert verdicts.count(ALLOW) == 4
    reversed_order = store.at_once(16, wide, slow)
    assert reversed_order.count(ALLOW) == 0


def test_keys_do_not_meet(store: Store) -> None:
    one, other = rate(Window(1, 10)), rate(Window(1, 10))
    assert store.charge(one) == store.charge(other) == ALLOW


STEPS = st.lists(st.tuples(st.integers(0, 40), st.sampled_from("xy")), max_size=25)


@pytest.mark.parametrize("name", ["redis_counters", "reader"])
def test_the_shared_stores_count_as_memory_does(
    name: str, request: pytest.FixtureRequest, twisted: Twisted
) -> None:
    found = request.getfixturevalue(name)
    shared = Store(PostgresCounters(found) if name == "reader" else found, twisted)

    @settings(max_examples=15)
    @given(STEPS)
    def same(steps: list[tuple[int, str]]) -> None:
        run, model, now = next(_NUMBERS), Store(MemoryCounters(), twisted), 0
        for wait, key in steps:
            now += wait * 250
            windows = (Window(2, 3), Window(4, 20))
            charges = [rate(*windows, key=f"{run}{k}") for k in dict.fromkeys((key, "x"))]
            assert shared.charge(*charges, at=now) == model.charge(*charges, at=now)

    same()


async def test_memory_forgets_what_cannot_matter() -> None:
    counters = MemoryCounters()
    for number in range(2_500):
        charge = rate(Window(1, 1), key=f"n{number}")
        await counters.charge((charge,), f"t{number}", NOW + number * 10)
    assert len(counters) < 2 * 1_200


async def test_what_workers_share_falls_back_and_comes_back(
    twisted: Twisted, redis_server: Redis, reader: FactReader
) -> None:
    with _Relay(redis_server.port) as relay:
        url = f"redis://:{redis_server.password}@127.0.0.1:{relay.port}/0"
        redis = RedisCounters(url, reactor, "relayed")
        twisted.call(redis.start)
        store = Store(FallingBack(redis, PostgresCounters(reader)), twisted)
        alone = Store(redis, twisted)
        await eventually(lambda: _answers(alone), within=5)
        relay.hang()
        begun = asyncio.get_running_loop().time()
        charge = rate(Window(1, 10))
        assert store.charge(charge) == ALLOW
        assert asyncio.get_running_loop().time() - begun < 3
        with pytest.raises(CountersAwayError):
            alone.charge(charge)
        assert isinstance(store.charge(charge), Deny), "the database counts"
        relay.go_on()
        await eventually(lambda: _answers(alone), within=60)
        twisted.call(redis.stop)


def test_with_nothing_shared_left_memory_counts(twisted: Twisted) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    redis = RedisCounters(f"redis://127.0.0.1:{port}/0", reactor, "nobody")
    reader = FactReader(f"postgresql://nobody@127.0.0.1:{port}/none", reactor)
    twisted.call(redis.start)
    twisted.call(reader.start)
    store = Store(FallingBack(redis, PostgresCounters(reader)), twisted)
    charge = rate(Window(1, 10))
    assert store.charge(charge) == ALLOW
    assert isinstance(store.charge(charge), Deny)
    twisted.call(redis.stop)
    twisted.call(reader.stop)


def _answers(store: Store) -> bool:
    try:
        return store.charge(rate(Window(1, 10))) == ALLOW
    except CountersAwayError:
        return False


class _Relay:
    """A TCP relay to Redis that can hang: it takes everything and answers nothing."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._open = threading.Event()
        self._open.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.set()
        for each in (self._listener, *self._sockets):
            each.close()

    def hang(self) -> None:
        self._open.clear()

    def go_on(self) -> None:
        self._open.set()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._target))
            self._sockets += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._copy, args=(source, sink), daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65_536):
                self._open.wait()
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return
