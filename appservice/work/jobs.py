# SPDX-License-Identifier: AGPL-3.0-or-later
"""The table of jobs: name, coroutine, schedule. Features register theirs; nobody imports it back.

A job may run twice (its worker was killed after the effect), so every job must be idempotent.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any

import procrastinate
import structlog
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from appservice import metrics
from appservice.errors import KithError, Unavailable

_LOG = structlog.get_logger("kith.work")
_PATIENT = 30
"""Attempts while a part is away: the last one comes about two hours after the first."""
_IMPATIENT = 3
"""Attempts after a fault of our own."""
_LONGEST_PAUSE = 300

Run = Callable[..., Awaitable[None]]


class Retry(BaseRetryStrategy):
    """Waits for what is away, repeats a fault of ours a little, never repeats a final no."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None gives up."""
        if isinstance(exception, Unavailable):
            if job.attempts >= _PATIENT:
                return None
            asked = (exception.retry_after_ms or 0) // 1000 + 1
            pause = min(max(2 ** min(job.attempts, 10), asked), _LONGEST_PAUSE)
            return RetryDecision(retry_in={"seconds": pause})
        if isinstance(exception, KithError) or job.attempts >= _IMPATIENT:
            return None
        return RetryDecision(retry_in={"seconds": 5 * (job.attempts + 1)})


class Jobs:
    """Registers coroutines as jobs of one procrastinate app."""

    def __init__(self, app: procrastinate.App) -> None:
        """Take the app."""
        self._app = app
        self._retry = Retry()

    def add(self, name: str, run: Run) -> None:
        """Let ``run`` be the job ``name``; its keywords are the job's arguments."""
        self._app.task(name=name, retry=self._retry)(_watched(name, run))

    def every(self, cron: str, name: str, run: Run) -> None:
        """Run something by the clock: minute hour day month weekday, UTC."""
        watched = _watched(name, run)

        async def at(timestamp: int) -> None:
            del timestamp
            await watched()

        self._app.periodic(cron=cron)(self._app.task(name=name, retry=self._retry)(at))


def _watched(name: str, run: Run) -> Run:
    """Count and log the outcome: never the arguments, which may hold what somebody wrote."""

    async def watched(**arguments: Any) -> None:
        started = time.monotonic()
        try:
            await run(**arguments)
        except Exception as error:
            later = isinstance(error, Unavailable)
            metrics.JOBS.labels(name, "later" if later else "failed").inc()
            known = isinstance(error, KithError)
            _LOG.log(
                30 if later else 40,
                "job_waits" if later else "job_failed",
                job=name,
                error=error.code if isinstance(error, KithError) else type(error).__name__,
                exc_info=not known,
            )
            raise
        metrics.JOBS.labels(name, "done").inc()
        _LOG.debug("job_done", job=name, ms=round((time.monotonic() - started) * 1000))

    return watched
