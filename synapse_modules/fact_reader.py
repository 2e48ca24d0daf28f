# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks Kith's database without ever holding up Synapse's reactor.

The read port of `schema.facts` on Twisted: a small thread pool, a deadline for the whole
question, and a limit on questions that wait.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import psycopg
from synapse.module_api import make_deferred_yieldable
from twisted.internet.defer import TimeoutError as DeadlineError
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from synapse_modules.database import Call, Connection, Connections
from synapse_modules.errors import FactsUnknownError

Result = TypeVar("Result")

DEADLINE = 0.5
"""Seconds a callback waits for one answer of the database."""

_THREADS = 4
_WAITING_AT_MOST = 200


class FactReader:
    """Runs statements in threads of its own."""

    def __init__(self, url: str, reactor: Any, *, deadline: float = DEADLINE) -> None:
        """Prepare; nothing is connected before the first question.

        Args:
            url: Kith's database, as the role of the modules.
            reactor: Twisted's.
            deadline: seconds one question may take, waiting included.
        """
        # The server gives up first, so that an answer of its own is the usual one.
        self._connections = Connections(url, statement_ms=int(deadline * 800))
        self._reactor = reactor
        self._deadline = deadline
        self._pool = ThreadPool(1, _THREADS, name="kith-facts")
        self._waiting = 0

    def start(self) -> None:
        """Start the threads; until then questions wait."""
        self._pool.start()

    def stop(self) -> None:
        """End the threads; a statement under way ends by its own time limit."""
        if self._pool.started:
            self._pool.stop()
        self._connections.close()

    async def read(self, sql: str, params: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        """Rows of one SELECT.

        Raises:
            FactsUnknownError: no answer within the deadline.
        """
        return await self.run(lambda connection: connection.execute(sql, params).fetchall())

    async def run(self, work: Callable[[Connection], Result]) -> Result:
        """The result of `work` on a connection that reads only unless `work` says otherwise.

        Raises:
            FactsUnknownError: no answer within the deadline.
        """
        if self._waiting >= _WAITING_AT_MOST:
            raise FactsUnknownError("too many questions wait for the database")
        call = Call()
        asked = deferToThreadPool(self._reactor, self._pool, self._connections.run, call, work)
        asked.addTimeout(self._deadline, self._reactor)
        self._waiting += 1
        try:
            result: Result = await make_deferred_yieldable(asked)
        except DeadlineError:
            # Frees the thread too, which a server that hangs would hold for ever.
            call.interrupt()
            raise FactsUnknownError("the database did not answer in time") from None
        except psycopg.Error as problem:
            raise FactsUnknownError(type(problem).__name__) from problem
        finally:
            self._waiting -= 1
        return result
