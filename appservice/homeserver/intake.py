# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole intake of one process: the door, the consumer, and the proof that events arrive.

Ready means that an event sent after the start has come through and was applied.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import structlog
from aiohttp import web

from appservice import metrics
from appservice.clock import Clock
from appservice.database import Database
from appservice.homeserver.accounts import Accounts
from appservice.homeserver.consumer import Consumer, Herald
from appservice.homeserver.door import Door, Ephemeral
from appservice.homeserver.event import Event
from appservice.homeserver.history import History
from appservice.homeserver.inbox import Inbox
from appservice.homeserver.loop import consume
from appservice.homeserver.port import Homeserver
from appservice.homeserver.receipts import Receipts
from appservice.homeserver.stream import SynapseStream
from appservice.homeserver.wake_up import WakeUp
from appservice.homeserver.watch import Watch
from appservice.registry.projector import Projector
from appservice.settings import Settings
from schema.channels import INBOX, SIGNALS

_LOG = structlog.get_logger("kith.intake")
LEASE = 7_205_772
"""Advisory lock key of the one consumer."""

_PUSHED, _STREAMED = 0.05, 1.0
"""Seconds storing a push may take, without and with Synapse's own stream to read."""


class Intake:
    """Everything that comes from the homeserver.

    Attributes:
        failed: set when a part has ended by a fault of ours; the process should start over.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        homeserver: Homeserver,
        clock: Clock,
        stream: SynapseStream | None,
        *,
        herald: Herald | None = None,
        ephemeral: Ephemeral | None = None,
    ) -> None:
        """Wire the parts; nothing runs yet.

        Args:
            settings: the operator's.
            database: Kith's own.
            homeserver: intents.
            clock: the time.
            stream: Synapse's database; None on a foreign Synapse.
            herald: tells of events once they are committed.
            ephemeral: hears typing, public receipts and presence.
        """
        self.failed = asyncio.Event()
        self._wake = asyncio.Event()
        self._applied = asyncio.Event()
        self._accounts = Accounts(database, stream, clock)
        self._receipts = Receipts(database, stream, clock)
        self._ephemeral = ephemeral
        projector = Projector(settings.server_name, settings.service_user, clock)
        self._consumer = Consumer(database, projector, clock, stream)
        self._consumer.on_applied(self._saw)
        if herald is not None:
            self._consumer.tell(herald)
        self._watch = Watch(
            settings.database_url.get_secret_value(),
            {INBOX: self._woken, SIGNALS: self._accounts.hint},
            LEASE,
        )
        self._wake_up = WakeUp(database, homeserver, clock)
        self._history = None if stream else History(database, homeserver, clock)
        self._door = Door(
            Inbox(database),
            clock,
            settings.appservice.hs_token.get_secret_value(),
            # Where the push is all there is, Synapse must not wait: killed, it would forget. Else
            # a refusal costs more: two seconds in which it pushes nothing, and typing is lost.
            budget=_STREAMED if stream else _PUSHED,
            ephemeral=self._heard,
        )

    def app(self) -> web.Application:
        """The internal listener's application."""
        return self._door.app()

    async def ready(self) -> bool:
        """Whether an event sent after the start has been applied."""
        return self._applied.is_set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the background parts."""
        parts = {
            "watch": self._watch.run(),
            "consumer": consume(self._consumer, self._watch.held, self._wake),
            "accounts": self._accounts.run(self._watch.held),
            "receipts": self._receipts.run(self._watch.held),
            "wake_up": self._wake_up.run(self._applied),
        }
        if self._history is not None:
            parts["history"] = self._history.run(self._watch.held)
        async with AsyncExitStack() as stack:
            for name, part in parts.items():
                task = asyncio.create_task(part, name=name)
                task.add_done_callback(self._ended)
                stack.push_async_callback(_cancel, task)
            yield

    def _heard(self, events: list[dict[str, Any]]) -> None:
        self._receipts.hint(events)
        if self._ephemeral is not None:
            self._ephemeral(events)

    def _woken(self, _payload: str) -> None:
        self._wake.set()

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            metrics.ERRORS.labels(task.get_name()).inc()
            _LOG.critical("part_ended", part=task.get_name(), exc_info=error)
            self.failed.set()

    def _saw(self, events: Sequence[Event]) -> None:
        if any(self._wake_up.is_mine(event) for event in events):
            self._applied.set()


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
