# SPDX-License-Identifier: AGPL-3.0-or-later
"""The WebSocket doors: origin, token, limits, then the life of one socket (M4).

A refused token closes with 4001 after the handshake: a browser shows no other status to a page.
"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial

import structlog
from aiohttp import web

from appservice import metrics
from appservice.errors import Denied, KithError, NotFound, Unavailable
from appservice.realtime import frames
from appservice.realtime.connection import Close, Connection
from appservice.realtime.fleeting import Fleeting
from appservice.realtime.gathered import Gathered
from appservice.realtime.hub import Hub
from appservice.realtime.online import Online
from appservice.realtime.presence import Presence
from appservice.realtime.quota import Quota
from appservice.realtime.rates import Rates
from appservice.realtime.session import Reader, Sender, Session
from appservice.realtime.tokens import Admitted, Tokens
from appservice.realtime.unread import UnreadFeed
from appservice.realtime.wire import taken_over
from appservice.rest.codes import Code

_LOG = structlog.get_logger("kith.realtime")
_LIFE = 24 * 3600.0
_DRAIN = 8.0
"""Seconds a stop waits for the sockets."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of a socket: one room, from where on, and presence."""

    room: str | None = None
    resume_from: int | None = None
    presence: bool = False


@dataclass(frozen=True)
class Doors:
    """Handlers of `/ws/…` and all that is open behind them.

    Attributes:
        origin: of Kith's own pages; a browser on any other page is refused.
        welcome: closes what a person has open by a sign-in that has ended.
        open: sockets by person.
        held: sockets that are open or have not been seen off yet.
        gone: one of them was.
    """

    origin: str
    tokens: Tokens
    hub: Hub
    fleeting: Fleeting
    presence: Presence
    rates: Rates
    quota: Quota
    online: Online
    sender: Sender
    unread: UnreadFeed
    reader: Reader
    welcome: Gathered
    open: dict[str, dict[Connection, Admitted]] = field(default_factory=lambda: defaultdict(dict))
    held: set[Connection] = field(default_factory=set)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    life: float = _LIFE

    def add_to(self, app: web.Application) -> None:
        """Add the paths, each with and without a slash at its end."""
        paths = {
            "/ws/community": self.many,
            "/ws/community/room/{room}": self.one,
            "/ws/community/dm/{room}": self.direct,
            "/ws/community/presence": self.watch,
        }
        for path, handler in paths.items():
            app.router.add_get(path, handler, allow_head=False)
            app.router.add_get(path + "/", handler, allow_head=False)
        app.on_shutdown.append(self._drain)

    async def many(self, request: web.Request) -> web.StreamResponse:
        """A socket for any number of rooms."""
        return await self._serve(request)

    async def one(self, request: web.Request) -> web.StreamResponse:
        """A socket for one room; `resume_from` in the query as in the command."""
        return await self._serve(request, room=request.match_info["room"])

    async def direct(self, request: web.Request) -> web.StreamResponse:
        """A socket for one direct conversation, where messages have the names of M4."""
        return await self._serve(request, room=request.match_info["room"], direct=True)

    async def watch(self, request: web.Request) -> web.StreamResponse:
        """A socket that also hears of presence."""
        return await self._serve(request, presence=True)

    def shut(self, user_id: str, session: str | None, code: Close) -> None:
        """Close the sockets of a sign-in."""
        for connection, admitted in list(self.open.get(user_id, {}).items()):
            if admitted.session == session:
                connection.close(code)

    async def _serve(
        self,
        request: web.Request,
        *,
        room: str | None = None,
        direct: bool = False,
        presence: bool = False,
    ) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        # Programs send none; a page always does, and cannot choose it.
        if origin not in (None, self.origin, f"{request.scheme}://{request.host}"):
            raise Code.FORBIDDEN.error("Other sites may not connect here.")
        resume_from = _number(request.query.get("resume_from"))
        now = asyncio.get_running_loop().time()
        connection = taken_over(request, lambda to: Connection(to, now, direct=direct))
        wish = Wish(room, resume_from, presence=presence)
        connection.begin(self._let_in(connection, request.query.get("connection_token", ""), wish))
        # Goes nowhere: what came of the request was answered.
        return web.Response(status=101)

    def beat(self) -> None:
        """See after every socket; to be called every few seconds."""
        now = asyncio.get_running_loop().time()
        for connection in [one for own in self.open.values() for one in own]:
            if now - connection.opened > self.life:
                connection.close(Close.GOING_AWAY)
            connection.beat(now)

    async def _let_in(self, connection: Connection, token: str, wish: "Wish") -> None:
        try:
            admitted = await self.tokens.take(token) if token else None
        except Unavailable:
            # Nobody knows whether it was good: coming again is right.
            connection.close(Close.GOING_AWAY)
            return
        if admitted is None:
            connection.close(Close.UNAUTHENTICATED)
            return
        if not await self.quota.take(admitted.user_id):
            connection.close(Close.TOO_MANY)
            return
        connection.user_id = admitted.user_id
        session = Session(
            connection,
            admitted.local,
            self.hub,
            self.fleeting,
            self.rates,
            self.online,
            self.sender,
            self.unread,
            self.reader,
        )
        self.open[admitted.user_id][connection] = admitted
        self.held.add(connection)
        metrics.SOCKETS.inc()
        connection.serve(session.take, partial(self._left, session))
        await self._enter(session, wish)

    async def _enter(self, session: Session, wish: "Wish") -> None:
        connection = session.connection
        try:
            await self.hub.people.arrive(connection)
            # It may have ended after the token was given out, and before anything was open.
            await self.welcome.about(connection.user_id)
            if connection.ending:
                return
            if wish.presence:
                self.presence.watch(connection)
            # Last: from here on nothing is missed.
            connection.personal = True
            connection.tell(frames.Ready(user_id=connection.user_id))
            if wish.room is not None:
                connection.ends_with_room = True
                await session.subscribe(wish.room, wish.resume_from)
        except (Denied, NotFound):
            connection.close(Close.NOT_A_MEMBER)
        except KithError as error:
            # Away for a moment: the client comes again by itself.
            _LOG.warning("socket_not_opened", error=error.code)
            connection.close(Close.GOING_AWAY)

    async def _left(self, session: Session) -> None:
        metrics.SOCKETS.dec()
        try:
            await self._leave(session)
        finally:
            await self.quota.give(session.connection.user_id)
            self.held.discard(session.connection)
            self.gone.set()

    async def _leave(self, session: Session) -> None:
        connection = session.connection
        own = self.open[connection.user_id]
        own.pop(connection, None)
        if not own:
            del self.open[connection.user_id]
        self.presence.forget(connection)
        self.unread.forget(connection)
        elsewhere = {room_id for other in own for room_id in other.rooms}
        await self.online.gone(connection.user_id, connection.rooms - elsewhere)
        await self.hub.exit(connection, tuple(connection.rooms))
        connection.rooms.clear()
        await self.hub.people.depart(connection)
        await session.outbox.close()

    async def _drain(self, _app: web.Application) -> None:
        """Tell everybody to come again elsewhere, and wait until they have gone."""
        for connection in [one for own in self.open.values() for one in own]:
            connection.close(Close.GOING_AWAY)
        try:
            async with asyncio.timeout(_DRAIN):
                while self.held:
                    self.gone.clear()
                    await self.gone.wait()
        except TimeoutError:
            _LOG.warning("sockets_left_open", sockets=len(self.held))


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - fits 64 bits
        raise Code.INVALID.error(fields=[{"field": "resume_from", "problem": "not a position"}])
    return int(text)
