# SPDX-License-Identifier: AGPL-3.0-or-later
"""Connections to Kith's database, one for each thread of the module's own small pool.

Plain blocking psycopg: nothing here may be called on the reactor thread, except `interrupt`.
"""

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import TypeVar

import psycopg

Connection = psycopg.Connection[tuple[object, ...]]
Result = TypeVar("Result")

_CONNECT_TIMEOUT = 2
"""Seconds; libpq takes no less."""


class Call:
    """One piece of work, which another thread may interrupt."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._given_up = False

    def begin(self, connection: Connection) -> None:
        """Note what to interrupt.

        Raises:
            psycopg.OperationalError: nobody waits for the answer any more.
        """
        with self._lock:
            if self._given_up:
                raise psycopg.OperationalError("given up before it began")
            self._connection = connection

    def end(self) -> None:
        """The connection serves somebody else from now on."""
        with self._lock:
            self._connection = None

    def interrupt(self) -> None:
        """Wake the thread: a server that hangs would hold it for ever.

        The socket is shut down, not closed, so that its number cannot be given to another file
        while the thread still waits on it.
        """
        with self._lock:
            self._given_up = True
            if self._connection is None:
                return
            with contextlib.suppress(OSError, psycopg.Error):
                handle = socket.socket(fileno=self._connection.fileno())
                try:
                    handle.shutdown(socket.SHUT_RDWR)
                finally:
                    handle.detach()


class Connections:
    """A connection a thread, made when first needed and again when lost."""

    def __init__(self, url: str, statement_ms: int) -> None:
        """Args: the database as the modules' role, and how long it may work on a statement."""
        self._url = url
        self._statement_ms = statement_ms
        self._local = threading.local()
        self._lock = threading.Lock()
        self._made: list[Connection] = []

    def run(self, call: Call, work: Callable[[Connection], Result]) -> Result:
        """Run `work` on this thread's connection.

        A lost connection is noticed only by using it, so a failure of one that was idle is tried
        once more on a new one.

        Raises:
            psycopg.Error: the database is away, too slow, or refused the statement.
        """
        kept = self._kept()
        if kept is not None:
            try:
                return self._once(call, kept, work)
            except psycopg.OperationalError:
                if not kept.closed:
                    raise
        return self._once(call, self._connect(), work)

    def close(self) -> None:
        """Close every connection; their threads must have ended."""
        while self._made:
            self._made.pop().close()

    def _once(
        self, call: Call, connection: Connection, work: Callable[[Connection], Result]
    ) -> Result:
        call.begin(connection)
        try:
            return work(connection)
        finally:
            call.end()

    def _kept(self) -> Connection | None:
        connection: Connection | None = getattr(self._local, "connection", None)
        return None if connection is None or connection.closed else connection

    def _connect(self) -> Connection:
        connection = psycopg.connect(
            self._url,
            autocommit=True,
            connect_timeout=_CONNECT_TIMEOUT,
            application_name="kith-module",
            # The role may read only; this says so once more, for operators who lend another.
            options=(
                f"-c statement_timeout={self._statement_ms} -c default_transaction_read_only=on"
            ),
        )
        connection.prepare_threshold = 2
        self._local.connection = connection
        with self._lock:
            self._made = [made for made in self._made if not made.closed] + [connection]
        return connection
