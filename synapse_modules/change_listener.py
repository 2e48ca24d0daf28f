# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hears from the database which facts changed, in a thread of its own.

Knows channel names only; what a key means is the cache's business.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from schema.channels import FACTS

logger = logging.getLogger(__name__)

LEASE = 10.0
"""Seconds the cache may be believed after the database was last heard."""

_BEAT = 2.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the listener tells, each called in the listener's thread.

    Attributes:
        connected: LISTEN is on; whatever was known before may be stale.
        changed: one fact changed; its key.
        alive: the database answered just now.
        lost: the connection is gone.
    """

    connected: Callable[[], None]
    changed: Callable[[str], None]
    alive: Callable[[], None]
    lost: Callable[[], None]


class ChangeListener:
    """LISTEN on a direct connection, again and again with back-off."""

    def __init__(self, url: str, hearing: Hearing) -> None:
        """Args: the database (never through a transaction pooler), and whom to tell."""
        self._url = url
        self._hearing = hearing
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="kith-listen", daemon=True)

    def start(self) -> None:
        """Begin listening."""
        self._thread.start()

    def stop(self, within: float = 2.0) -> None:
        """End the thread; waits at most so many seconds."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(within)

    def _run(self) -> None:
        pause = _FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                with psycopg.connect(
                    self._url,
                    autocommit=True,
                    connect_timeout=3,
                    application_name="kith-module-listen",
                ) as connection:
                    connection.execute(f"LISTEN {FACTS}")
                    pause = _FIRST_PAUSE
                    logger.info("Kith's facts are listened to")
                    self._hearing.connected()
                    self._hear(connection)
            except psycopg.Error as problem:
                logger.warning("Kith's facts cannot be listened to: %s", _first_line(problem))
            # Whatever ended it, from here on nobody tells of changes.
            with contextlib.suppress(Exception):
                self._hearing.lost()
            self._stopping.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _hear(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        beaten = time.monotonic()
        while not self._stopping.is_set():
            for notice in connection.notifies(timeout=0.25):
                self._hearing.changed(notice.payload)
                if self._stopping.is_set():
                    return
            if time.monotonic() - beaten >= _BEAT:
                # A database that hangs keeps its connections: only an answer proves it hears.
                connection.execute("SELECT 1")
                beaten = time.monotonic()
                self._hearing.alive()


def _first_line(problem: BaseException) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]
