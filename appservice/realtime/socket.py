# SPDX-License-Identifier: AGPL-3.0-or-later
"""The WebSocket doors: origin, token, limits, then the life of one socket (M4).

A refused token closes with 4001 after the handshake: a browser shows no other status to a page.
"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

import structlog
from aiohttp import WSMsgType, web

from appservice import metrics
from appservice.errors import Denied, KithError, NotFound, Unavailable
from appservice.homeserver.port import Rooms
from appservice.realtime import frames
from appservice.realtime.connection import Close, Connection
from appservice.realtime.fleeting import Fleeting
from appservice.realtime.hub import Hub
from appservice.realtime.online import Online
from appservice.realtime.presence import Presence
from appservice.realtime.quota import Quota
from appservice.realtime.rates import Rates
from appservice.realtime.session import Reader, Sender, Session
from appservice.realtime.tokens import Admitted, Tokens
from appservice.realtime.unread import UnreadFeed
from appservice.rest.codes import Code

_LOG = structlog.get_logger("kith.realtime")
_LIFE = 24 * 3600.0
_PING = 30.0
_MOST_BYTES = 64 * 1024
"""Bytes of one command; 4,000 characters, each escaped, fit."""


@dataclass(frozen=True)
class Doors:
    """Handlers of `/ws/…` and all that is open behind them.

    Attributes:
        origin: of Kith's own pages; a browser on any other page is refused.
        open: sockets by person.
    """

    origin: str
    tokens: Tokens
    hub: Hub
    fleeting: Fleeting
    presence: Presence
    homeserver: Rooms
    rates: Rates
    quota: Quota
    online: Online
    sender: Sender
    unread: UnreadFeed
    reader: Reader
    open: dict[str, dict[Connection, Admitted]] = field(default_factory=lambda: defaultdict(dict))
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
        websocket = web.WebSocketResponse(
            heartbeat=_PING, compress=False, max_msg_size=_MOST_BYTES, timeout=4.0
        )
        await websocket.prepare(request)
        token = request.query.get("connection_token", "")
        try:
            admitted = await self.tokens.take(token) if token else None
        except Unavailable:
            # Nobody knows whether it was good: coming again is right.
            return await _refuse(websocket, Close.GOING_AWAY)
        transport = request.transport
        if transport is None:
            return websocket
        if admitted is None:
            return await _refuse(websocket, Close.UNAUTHENTICATED)
        if not await self.quota.take(admitted.user_id):
            return await _refuse(websocket, Close.TOO_MANY)
        connection = Connection(admitted.user_id, websocket, transport, direct=direct)
        session = Session(
            connection,
            admitted.local,
            self.hub,
            self.fleeting,
            self.homeserver,
            self.rates,
            self.online,
            self.sender,
            self.unread,
            self.reader,
        )
        self.open[admitted.user_id][connection] = admitted
        metrics.SOCKETS.inc()
        try:
            async with asyncio.timeout(self.life):
                await self._live(websocket, session, room, resume_from, presence=presence)
        except TimeoutError:
            connection.close(Close.GOING_AWAY)
        finally:
            metrics.SOCKETS.dec()
            await asyncio.shield(self._left(session))
        await connection.closed()
        return websocket

    async def _live(
        self,
        websocket: web.WebSocketResponse,
        session: Session,
        room: str | None,
        resume_from: int | None,
        *,
        presence: bool,
    ) -> None:
        connection = session.connection
        connection.tell(frames.Ready(user_id=connection.user_id))
        try:
            await self.hub.people.arrive(connection)
            if presence:
                await self.presence.watch(connection)
            if room is not None:
                connection.ends_with_room = True
                await session.subscribe(room, resume_from)
        except (Denied, NotFound):
            connection.close(Close.NOT_A_MEMBER)
        except KithError as error:
            # Away for a moment: the client comes again by itself.
            _LOG.warning("socket_not_opened", error=error.code)
            connection.close(Close.GOING_AWAY)
        async for message in websocket:
            if message.type is not WSMsgType.TEXT:
                break
            await session.take(message.data)

    async def _left(self, session: Session) -> None:
        try:
            await self._leave(session)
        finally:
            await self.quota.give(session.connection.user_id)

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
        """Tell everybody to come again elsewhere, before the listener stops waiting for them."""
        leaving = [connection for own in self.open.values() for connection in own]
        for connection in leaving:
            connection.close(Close.GOING_AWAY)
        for connection in leaving:
            await connection.closed()


async def _refuse(websocket: web.WebSocketResponse, code: Close) -> web.WebSocketResponse:
    metrics.CLOSED.labels(str(int(code))).inc()
    await websocket.close(code=code, message=code.name.lower().encode())
    return websocket


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - fits 64 bits
        raise Code.INVALID.error(fields=[{"field": "resume_from", "problem": "not a position"}])
    return int(text)
