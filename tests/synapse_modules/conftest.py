# SPDX-License-Identifier: AGPL-3.0-or-later
"""Twisted's real reactor in a thread, as Synapse runs it, and what stands on it."""

import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest
from twisted.internet import reactor as twisted_reactor
from twisted.internet.defer import Deferred
from twisted.internet.threads import blockingCallFromThread

from synapse_modules.fact_reader import FactReader
from tests.support.databases import Database

Result = TypeVar("Result")
reactor: Any = twisted_reactor


class Twisted:
    """Runs coroutines on the reactor."""

    def run(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """The result of `work()`, awaited on the reactor's thread."""
        result: Result = blockingCallFromThread(reactor, lambda: Deferred.fromCoroutine(work()))
        return result

    def call(self, function: Callable[[], Result]) -> Result:
        """The result of a plain function on the reactor's thread."""

        async def work() -> Result:
            return function()

        return self.run(work)


@pytest.fixture(scope="session")
def twisted() -> Iterator[Twisted]:
    started = threading.Event()
    reactor.callWhenRunning(started.set)
    thread = threading.Thread(
        target=reactor.run, kwargs={"installSignalHandlers": False}, daemon=True
    )
    thread.start()
    assert started.wait(10)
    yield Twisted()
    reactor.callFromThread(reactor.stop)
    thread.join(10)


@pytest.fixture
def reader(twisted: Twisted, database: Database) -> Iterator[FactReader]:
    """The read port on a fresh database, as the modules' role."""
    # Patient: a busy machine is not what most tests are about.
    made = FactReader(database.module_url, reactor, deadline=10)
    twisted.call(made.start)
    yield made
    twisted.call(made.stop)
