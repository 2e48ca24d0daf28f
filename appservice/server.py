# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two processes: `serve` (public and internal listener, intake) and `work` (jobs).

On a stop the internal port closes first: Synapse then keeps what it would have sent.
"""

import asyncio
import gc
import signal
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

import structlog

from appservice.adoption.admission import admitted
from appservice.assembly import assemble
from appservice.homeserver.intake import Intake
from appservice.listening import Listening
from appservice.registered import register
from appservice.rest.app import GATEWAY, make_app
from appservice.settings import Settings
from appservice.work.worker import work as do_work

_LOG = structlog.get_logger("kith.server")


class PartEndedError(Exception):
    """A background part ended by a fault of ours; its log line says which and why."""


async def serve(settings: Settings) -> None:
    """Serve until told to stop.

    Raises:
        NotAdoptedError: the homeserver has a past that was not taken over.
        PartEndedError: half a process is worse than none: the supervisor starts it again.
    """
    stop = _stop_event()
    async with assemble(settings) as assembly, AsyncExitStack() as stack:
        own = settings.appservice
        app = make_app(assembly)
        publisher = app[GATEWAY].publisher
        intake = Intake(
            settings,
            assembly.database,
            assembly.homeserver,
            assembly.clock,
            assembly.stream,
            herald=publisher,
            ephemeral=publisher.heard,
        )
        assembly.checks["intake"] = intake.ready
        await stack.enter_async_context(Listening(app, own.host, own.port))
        if not await _unless(
            stop, admitted(assembly.database, assembly.stream, settings.service_user)
        ):
            return
        await stack.enter_async_context(intake.running())
        async with assembly.database.transaction() as tx:
            await tx.defer("rooms.ensure_defaults", once="defaults")
        await stack.enter_async_context(
            Listening(intake.app(), own.internal_host, own.internal_port)
        )
        settle()
        _LOG.info("serving", port=own.port, internal_port=own.internal_port)
        await _first(stop, intake.failed)
        _LOG.info("stopping")
        if intake.failed.is_set():
            raise PartEndedError


def settle() -> None:
    """Let the garbage collector leave alone what the start has made.

    All of it stays as long as the process, and looking through it stops everything for a tenth of
    a second, each time the collector looks at everything.
    """
    gc.collect()
    gc.freeze()


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Whether the work came to its end before the stop."""
    done, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait((done, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not done.done():
        done.cancel()
        return False
    await done
    return True


async def _first(*events: asyncio.Event) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


async def work(settings: Settings) -> None:
    """Do jobs until told to stop."""
    stop = _stop_event()
    async with assemble(settings) as assembly:
        _LOG.info("working")
        await do_work(
            settings.database_url.get_secret_value(), lambda jobs: register(jobs, assembly), stop
        )


def _stop_event() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
