# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all modules of one Synapse process share: made once, started and stopped with it."""

import logging
import time
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from synapse.module_api import ModuleApi
from twisted.internet import reactor as twisted_reactor

from synapse_modules import metrics
from synapse_modules.change_listener import LEASE, ChangeListener, Hearing
from synapse_modules.config import ModuleConfig
from synapse_modules.counters.fallback import FallingBack
from synapse_modules.counters.postgres import PostgresCounters
from synapse_modules.counters.redis import RedisCounters
from synapse_modules.fact_reader import FactReader
from synapse_modules.facts import Facts
from synapse_modules.facts_cache import FactsCache
from synapse_modules.homeserver import Homeserver
from synapse_modules.invites import Invites
from synapse_modules.room_finder import RoomFinder
from synapse_modules.signals import Signals

logger = logging.getLogger(__name__)

# The real type is chosen by Twisted at run time.
_reactor: Any = twisted_reactor


class Runtime:
    """The shared parts of one process."""

    def __init__(self, api: ModuleApi, config: ModuleConfig) -> None:
        """Put the parts together; nothing runs before `start`."""
        self.homeserver = Homeserver(api)
        self.cache = FactsCache(time.monotonic)
        self.reader = FactReader(config.database_url, _reactor)
        service_user = f"@{config.service_localpart}:{api.server_name}"
        self.facts = Facts(self.reader.read, self.cache, service_user)
        self.rooms = RoomFinder(self.facts, self.homeserver)
        self.invites = Invites(self.facts, config.rules)
        self.signals = Signals(self.reader)
        # Without workers one process sees everything, and its memory is exact.
        self._redis = (
            RedisCounters(config.redis_url, _reactor, api.worker_name or "main")
            if config.redis_url
            else None
        )
        self.counters = (
            FallingBack(self._redis, PostgresCounters(self.reader))
            if self._redis
            else FallingBack()
        )
        self._listener = ChangeListener(
            config.database_url,
            Hearing(
                connected=lambda: self._on_reactor(self._connected),
                changed=lambda key: self._on_reactor(self.cache.forget, key),
                alive=lambda: self._on_reactor(self.cache.trust, LEASE),
                lost=lambda: self._on_reactor(self._lost),
            ),
        )

    def start(self) -> None:
        """Start threads and connections; called by the reactor once it runs."""
        self.reader.start()
        self._listener.start()
        if self._redis:
            self._redis.start()
        logger.info("Kith's rules are in force")

    def stop(self) -> None:
        """Stop them again; called by the reactor before it stops."""
        self._listener.stop()
        if self._redis:
            self._redis.stop()
        self.reader.stop()

    def _on_reactor(self, call: Callable[..., None], *args: Any) -> None:
        _reactor.callFromThread(call, *args)

    def _connected(self) -> None:
        # Changes before this moment were told to nobody.
        self.cache.forget_all()
        self.cache.trust(LEASE)
        metrics.LISTENING.set(1)

    def _lost(self) -> None:
        self.cache.distrust()
        metrics.LISTENING.set(0)


_runtimes: WeakKeyDictionary[ModuleApi, Runtime] = WeakKeyDictionary()


def runtime_of(api: ModuleApi, config: ModuleConfig) -> Runtime:
    """The one runtime of this Synapse process; the first module to ask makes it."""
    runtime = _runtimes.get(api)
    if runtime is None:
        runtime = _runtimes[api] = Runtime(api, config)
        # Not in a constructor: Synapse may fork (daemonize) after loading the modules.
        _reactor.callWhenRunning(runtime.start)
        _reactor.addSystemEventTrigger("before", "shutdown", runtime.stop)
    return runtime
