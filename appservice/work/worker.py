# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker process: does jobs, several at once, until it is told to stop.

It outlives its database: when PostgreSQL goes, it starts over until PostgreSQL is back. Jobs of a
worker that was killed are taken up again once its heartbeat is old.
"""

import asyncio
from collections.abc import Callable

import procrastinate
import psycopg
import structlog
from procrastinate.exceptions import ProcrastinateException

from appservice import metrics
from appservice.work.jobs import Jobs

_LOG = structlog.get_logger("kith.work")
_CONCURRENCY = 8
_LOOK = 1.0
"""Seconds between looks for jobs that no notification told of: one that comes while the worker is
just looking is forgotten by procrastinate, and what somebody waits for must not take two."""
_HEARTBEAT = 2.0
_STALLED = 10.0
"""Seconds without a heartbeat after which a worker counts as killed."""
_GRACE = 15.0
"""Seconds running jobs may take to end once the worker is to stop."""
_PAUSE = 1.0

Register = Callable[[Jobs], None]


def make_app(database_url: str, register: Register) -> procrastinate.App:
    """The app with every job registered; not yet connected."""
    connector = procrastinate.PsycopgConnector(
        conninfo=database_url, min_size=1, max_size=_CONCURRENCY // 2, timeout=5.0
    )
    app = procrastinate.App(connector=connector)
    register(Jobs(app))
    return app


async def work(database_url: str, register: Register, stop: asyncio.Event) -> None:
    """Do jobs until ``stop`` is set; what runs then is given time to end."""
    stopping = asyncio.create_task(stop.wait())
    while not stop.is_set():
        app = make_app(database_url, register)
        try:
            async with app.open_async():
                await _until(app, stopping)
        except (ProcrastinateException, psycopg.Error, OSError) as error:
            metrics.ERRORS.labels("worker").inc()
            _LOG.warning("worker_starts_over", error=type(error).__name__)
            await asyncio.wait([stopping], timeout=_PAUSE)
    await stopping


async def _until(app: procrastinate.App, stopping: asyncio.Task[bool]) -> None:
    worker = asyncio.create_task(
        app.run_worker_async(
            concurrency=_CONCURRENCY,
            fetch_job_polling_interval=_LOOK,
            shutdown_graceful_timeout=_GRACE,
            delete_jobs="successful",
            install_signal_handlers=False,
            update_heartbeat_interval=_HEARTBEAT,
            stalled_worker_timeout=_STALLED,
        )
    )
    rescuer = asyncio.create_task(_rescue(app))
    try:
        await asyncio.wait([worker, rescuer, stopping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        rescuer.cancel()
        # A first cancellation is procrastinate's signal to stop gracefully.
        worker.cancel()
        results = await asyncio.gather(worker, rescuer, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _rescue(app: procrastinate.App) -> None:
    """Put the jobs of killed workers back in the queue."""
    while True:
        stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED)
        for job in stalled:
            _LOG.warning("job_rescued", job=job.task_name)
            await app.job_manager.retry_job(job)
        await asyncio.sleep(_STALLED / 2)
