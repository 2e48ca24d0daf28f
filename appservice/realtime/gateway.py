# SPDX-License-Identifier: AGPL-3.0-or-later
"""The gateway of one process, wired; what runs beside its sockets starts and ends with the app."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack

import structlog
from aiohttp import web

from appservice import metrics
from appservice.assembly import Assembly
from appservice.ending import ended
from appservice.errors import KithError, Unavailable
from appservice.realtime.access import Access
from appservice.realtime.bus import Bus
from appservice.realtime.connection import Close
from appservice.realtime.facts import Facts
from appservice.realtime.fleeting import Fleeting
from appservice.realtime.gathered import Gathered
from appservice.realtime.hints import Hints
from appservice.realtime.hub import Hub
from appservice.realtime.mine import Mine
from appservice.realtime.online import LIFE, Online
from appservice.realtime.presence import Presence
from appservice.realtime.publisher import Publisher
from appservice.realtime.quota import Quota
from appservice.realtime.rates import Rates
from appservice.realtime.replay import Bodies, Replay
from appservice.realtime.routes import RealtimeRoutes
from appservice.realtime.session import Reader, Sender
from appservice.realtime.shaper import Shaper
from appservice.realtime.socket import Doors
from appservice.realtime.tokens import Tokens
from appservice.realtime.unread import UnreadFeed

_LOG = structlog.get_logger("kith.realtime")
_BEAT = 5.0
_WELCOME = 30.0
"""Seconds between looks whether the sign-ins behind open sockets are still good."""


class Gateway:
    """All of it.

    Attributes:
        publisher: what the intake hands its events to.
        fleeting: what is told of who types.
        routes: the REST endpoints.
        doors: the sockets.
    """

    def __init__(
        self,
        assembly: Assembly,
        sender: Sender,
        reader: Reader,
        bodies: Bodies | None = None,
    ) -> None:
        """Wire the parts.

        Args:
            assembly: what it is made of.
            sender: sends messages.
            reader: moves read marks.
            bodies: where bodies come from; None is Synapse's database.
        """
        clock, settings = assembly.clock, assembly.settings
        self._hints = hints = Hints(assembly.redis)
        database = assembly.database
        source = bodies or assembly.stream
        shaper = Shaper(database, ordered=source is not None)
        self._access = Access(database)
        self._clock = clock
        self._hub = Hub(
            lambda missed: Bus(hints, missed, clock.new_id().bytes),
            Replay(database, source, shaper),
            self._access,
        )
        bus = self._hub.bus
        self.fleeting = fleeting = Fleeting(bus, hints, clock)
        tokens = Tokens(assembly.redis, clock)
        self._online = Online(hints, clock)
        self._quota = Quota(hints, clock.new_id().hex)
        self._presence = Presence(bus, self._access)
        self._unread = UnreadFeed(database)
        self._facts = Facts(
            settings.database_url.get_secret_value(),
            self._hub.people,
            self._unread,
            self._presence,
            self.check_welcome,
        )
        self.publisher = Publisher(bus, shaper, fleeting)
        self.routes = RealtimeRoutes(tokens, self._hub, Mine(database))
        self.doors = Doors(
            origin=settings.public_url,
            tokens=tokens,
            hub=self._hub,
            fleeting=fleeting,
            presence=self._presence,
            rates=Rates(hints, clock),
            quota=self._quota,
            online=self._online,
            sender=sender,
            unread=self._unread,
            reader=reader,
            welcome=Gathered(self.check_welcome),
        )

    def add_to(self, app: web.Application) -> None:
        """Add the sockets, and run with the application."""
        self.doors.add_to(app)
        app.cleanup_ctx.append(self._running)

    async def _running(self, _app: web.Application) -> AsyncIterator[None]:
        parts: dict[str, Callable[[], Awaitable[None]]] = {
            "bus": self._hub.bus.run,
            "hub": self._hub.run,
            "publisher": self.publisher.run,
            "presence": self._presence.run,
            "facts": self._facts.run,
            "unread": self._unread.run,
            "online": self._keep_online,
            "welcome": self._keep_welcome,
            "quota": self._quota.run,
            "beat": self._keep_beating,
        }
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._hub.stop)
            for name, part in parts.items():
                task = asyncio.create_task(_kept(name, part), name=name)
                stack.push_async_callback(ended, task)
            yield

    async def _keep_online(self) -> None:
        """Say again and again who is here."""
        while True:
            await asyncio.sleep(LIFE / 2)
            await self._online.here(self._hub.listeners())

    async def _keep_beating(self) -> None:
        """Ask the silent whether they are there, end what has lived long enough."""
        while True:
            await asyncio.sleep(_BEAT)
            self.doors.beat()

    async def _keep_welcome(self) -> None:
        """Close what a sign-out has left open; of the end of an account `Facts` hears at once."""
        while True:
            await asyncio.sleep(_WELCOME)
            try:
                await self.check_welcome()
            except Unavailable as error:
                _LOG.warning("welcome_waits", part=error.part)

    async def check_welcome(self, people: Collection[str] | None = None) -> None:
        """Look once, at the sign-ins of everybody or of some people.

        Raises:
            Unavailable: the registry cannot be asked.
        """
        opened = self.doors.open
        here = list(opened) if people is None else [who for who in people if who in opened]
        sign_ins = {
            (admitted.user_id, admitted.session)
            for user_id in here
            for admitted in opened[user_id].values()
        }
        if sign_ins:
            good = await self._access.welcome(sign_ins, self._clock.now())
            for user_id, session in sign_ins - good:
                self.doors.shut(user_id, session, Close.UNAUTHENTICATED)


async def _kept(name: str, part: Callable[[], Awaitable[None]]) -> None:
    """A part that fails is noted and begun anew: one bug must not silence everybody."""
    while True:
        try:
            await part()
        except Exception as error:  # noqa: BLE001 - the last net of a part that never ends
            metrics.ERRORS.labels(name).inc()
            known = isinstance(error, KithError)
            _LOG.critical("part_ended", part=name, exc_info=None if known else error)
            if (task := asyncio.current_task()) and task.cancelling():
                # It failed while it was ended: nobody wants it any more.
                return
            await asyncio.sleep(1.0)
        else:
            return
