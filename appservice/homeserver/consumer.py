# SPDX-License-Identifier: AGPL-3.0-or-later
"""Applies accepted events: from Synapse's database in Synapse's own order, else from the inbox.

The push is a wake-up here, not the truth: Synapse loses events of its queue when it is killed.
One consumer works at a time (`Watch`); two would still apply each event once.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

import psycopg
import structlog
from sqlalchemy.exc import DBAPIError

from appservice import metrics
from appservice.clock import Clock
from appservice.database import Database, Plain, Question, Rows
from appservice.homeserver.event import Event, MalformedError
from appservice.homeserver.failures import Body, Failures
from appservice.homeserver.inbox import Inbox
from appservice.homeserver.position import Progress
from appservice.homeserver.stream import Source
from appservice.registry.projector import Projector
from appservice.transaction import Answer

_LOG = structlog.get_logger("kith.consumer")
_POSITION = """
INSERT INTO positions (stream, position) VALUES ('events', %(position)s)
ON CONFLICT (stream) DO UPDATE SET position = excluded.position
WHERE positions.position < excluded.position
"""
_POSITIONS = "SELECT stream, position FROM positions WHERE stream IN ('events', 'adopted')"
# What happened before Kith came is history: it is known, and nothing follows from it (D41).
_ADOPTED = """
INSERT INTO positions (stream, position) VALUES ('adopted', %(position)s) ON CONFLICT DO NOTHING
"""
_DONE = "DELETE FROM inbox WHERE event_id = ANY (%(ids)s) RETURNING 1"
_DONE_TO = f"WITH done AS ({_DONE}), moved AS ({_POSITION}) SELECT 1 FROM done"  # noqa: S608 - constants
_JOBS = "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status"
_OVERTAKEN = "DELETE FROM inbox USING events WHERE inbox.event_id = events.event_id"
_STRANDED = timedelta(seconds=30)
"""Age at which a pushed event that Synapse's stream does not show is applied from the inbox."""
_ALARM = 30.0
"""Seconds of lag at which the log raises its voice."""

Refused = (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError, DBAPIError)

Hook = Callable[[Sequence[Event]], None]


class Herald(Protocol):
    """Who tells everybody of events."""

    def questions(self, events: Sequence[Event]) -> Mapping[str, Question]:
        """What it has to know first; asked in the events' own transaction, on the same way."""

    def applied(self, events: Sequence[Event], answers: Mapping[str, Rows] | None) -> None:
        """They are committed; with what was answered, or None when nothing could be asked."""


class Consumer:
    """The loop that applies."""

    def __init__(
        self,
        database: Database,
        projector: Projector,
        clock: Clock,
        stream: Source | None,
        *,
        limit: int = 500,
    ) -> None:
        """Take what it reads from and writes to.

        Args:
            database: Kith's own.
            projector: writes the registry.
            clock: the time.
            stream: Synapse's database; None on a foreign Synapse.
            limit: events a transaction.
        """
        self._database = database
        self._projector = projector
        self._clock = clock
        self._stream = stream
        self._limit = limit
        self._inbox = Inbox(database)
        self._failures = Failures(database, clock)
        self._progress: Progress | None = None
        self._adopted = 0
        self._hooks: list[Hook] = []
        self._herald: Herald | None = None

    def on_applied(self, hook: Hook) -> None:
        """Call ``hook`` with the new events of every committed run."""
        self._hooks.append(hook)

    def tell(self, herald: Herald) -> None:
        """Who tells of the new events of every committed run."""
        self._herald = herald

    @property
    def waits(self) -> bool:
        """Whether positions are missing that may still come."""
        return self._progress is not None and bool(self._progress.missing)

    def forget(self) -> None:
        """Read the stored position again: another consumer may have worked meanwhile."""
        self._progress = None

    async def catch_up(self) -> None:
        """Apply everything there is; returns when nothing is left."""
        while await self.step():
            pass

    async def step(self) -> bool:
        """Apply one run.

        Returns:
            Whether there may be more at once.

        Raises:
            Unavailable: a database does not answer; nothing was applied.
        """
        if self._stream is not None:
            return await self._from_stream(self._stream)
        return await self._from_inbox(timedelta(0))

    async def tend(self) -> None:
        """What the timer does: late positions and stranded pushes."""
        if self._stream is not None:
            progress = await self._load()
            if progress.missing:
                late = await self._stream.these(list(progress.missing))
                bodies = [(row.body, row.ordering) for row in late if row.body is not None]
                await self._apply(bodies, None)
                progress.saw((row.ordering for row in late), time.monotonic())
                progress.give_up(time.monotonic())
            # Pushed while it was being applied from the stream: nothing waits there.
            await self._database.run(_OVERTAKEN)
            while await self._from_inbox(_STRANDED):
                pass

    async def measure(self) -> None:
        """Tell the metric, and when need be the log, how far behind this is."""
        oldest = await self._inbox.oldest()
        lag = (self._clock.now() - oldest).total_seconds() if oldest else 0.0
        metrics.LAG.set(lag)
        kept: dict[str, int] = dict(await self._database.read(_JOBS))
        for status in ("todo", "doing", "failed"):
            metrics.JOBS_KEPT.labels(status).set(kept.get(status, 0))
        if lag > _ALARM:
            _LOG.error("intake_lags", seconds=round(lag))

    async def _load(self) -> Progress:
        if self._progress is None:
            found: dict[str, int] = dict(await self._database.read(_POSITIONS))
            if self._stream is not None and "adopted" not in found:
                found["adopted"] = await self._stream.end()
                await self._database.run(_ADOPTED, {"position": found["adopted"]})
            self._adopted = found.get("adopted", 0)
            self._progress = Progress(found.get("events", 0))
        return self._progress

    async def _from_stream(self, stream: Source) -> bool:
        progress = await self._load()
        rows = await stream.after(progress.high, self._limit)
        if not rows:
            return False
        ahead = Progress(progress.high, dict(progress.missing))
        ahead.saw((row.ordering for row in rows), time.monotonic())
        bodies = [(row.body, row.ordering) for row in rows if row.body is not None]
        await self._apply(bodies, ahead.low)
        self._progress = ahead
        return len(rows) == self._limit

    async def _from_inbox(self, age: timedelta) -> bool:
        waiting = await self._inbox.waiting(self._clock.now() - age, self._limit)
        await self._apply([(body, None) for body in waiting], None)
        return len(waiting) == self._limit

    async def _apply(
        self, bodies: Sequence[tuple[Body, int | None]], position: int | None
    ) -> None:
        if not bodies and position is None:
            return
        started = time.monotonic()
        events, bad = _parsed(bodies)
        ids = [str(body.get("event_id")) for body, _ in bodies]
        for event_id, body, error in bad:
            await self._failures.keep(event_id, body, error)
        asked: Mapping[str, Answer] | None = None
        try:
            async with self._database.plain() as tx:
                fresh = await self._run(tx, events)
                asked = await self._ask(tx, fresh)
                done = await self._finish(tx, ids, position)
        except Refused as error:
            _LOG.warning("batch_taken_apart", error=type(error).__name__, events=len(events))
            asked = None
            fresh = await self._one_by_one(events, bodies)
            async with self._database.plain() as tx:
                done = await self._finish(tx, ids, position)
        if self._stream is not None:
            metrics.FILLED.inc(max(0, len(ids) - len(await done.rows())))
        metrics.BATCH_SECONDS.observe(time.monotonic() - started)
        metrics.APPLIED.inc(len(fresh))
        if fresh:
            for hook in self._hooks:
                hook(fresh)
            if self._herald is not None:
                self._herald.applied(fresh, await _answers(asked))

    async def _run(self, tx: Plain, events: Sequence[Event]) -> list[Event]:
        if not events:
            return []
        return await self._projector.apply(
            tx, events, positions=self._stream is not None, history=self._adopted
        )

    async def _ask(self, tx: Plain, events: Sequence[Event]) -> Mapping[str, Answer]:
        """Ask what has to be known to tell of them; nobody waits for it alone."""
        asked = self._herald.questions(events) if self._herald and events else {}
        return {name: await tx.ask(*question) for name, question in asked.items()}

    async def _finish(self, tx: Plain, ids: list[str], position: int | None) -> Answer:
        """Note how far this is; what had been pushed of it."""
        if position is None:
            return await tx.ask(_DONE, {"ids": ids})
        return await tx.ask(_DONE_TO, {"ids": ids, "position": position})

    async def _one_by_one(
        self, events: Sequence[Event], bodies: Sequence[tuple[Body, int | None]]
    ) -> list[Event]:
        """One refused event must not stop the others; it is kept with its error."""
        by_id = {str(body.get("event_id")): body for body, _ in bodies}
        fresh: list[Event] = []
        for event in events:
            try:
                async with self._database.plain() as tx:
                    applied = await self._run(tx, [event])
                fresh += applied
            except Refused as error:
                await self._failures.keep(event.event_id, by_id[event.event_id], error)
        return fresh


async def _answers(asked: Mapping[str, Answer] | None) -> Mapping[str, Rows] | None:
    return None if asked is None else {name: await one.rows() for name, one in asked.items()}


def _parsed(
    bodies: Sequence[tuple[Body, int | None]],
) -> tuple[list[Event], list[tuple[str, Body, MalformedError]]]:
    events: list[Event] = []
    bad: list[tuple[str, Body, MalformedError]] = []
    for body, ordering in bodies:
        try:
            events.append(Event.parse(body, ordering))
        except MalformedError as error:
            bad.append((str(body.get("event_id")), body, error))
    return events, bad
