# SPDX-License-Identifier: AGPL-3.0-or-later
"""The gateway's REST endpoints: connection tokens, the long poll, the description of frames."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Annotated

from aiohttp import web
from pydantic import Field

from appservice.realtime import described, frames
from appservice.realtime.envelope import Packet
from appservice.realtime.hub import Hub
from appservice.realtime.mine import Mine
from appservice.realtime.tokens import LIFE, Tokens
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route
from appservice.rest.wire import Model, QueryModel
from policy.reason import Reason

_TAG = "Real time"
_LONGEST = 30
MOST_POLLS = 20
"""Long polls a person may have waiting in one process."""


class TokenModel(Model):
    """Lets in one socket."""

    connection_token: str
    expires_in: int = Field(description="Seconds.")


class EventsQuery(QueryModel):
    """Which frames."""

    since: Annotated[
        int | None,
        Field(ge=0, lt=2**63, description="`position` of the answer before; absent begins now."),
    ] = None
    timeout: Annotated[
        int, Field(ge=0, le=_LONGEST, description="Seconds to wait for something to come.")
    ] = 25


class EventsModel(Model):
    """Frames of a room, as its sockets get them."""

    position: int | None = Field(description="What `since` takes next.")
    frames: list[frames.AnyFrame]


class _Poll:
    """A `Sink` that keeps what comes."""

    def __init__(self, user_id: str, *, personal: bool = False) -> None:
        self.user_id = user_id
        self.personal = personal
        self.found: list[bytes] = []
        self.woken = asyncio.Event()

    def send(self, packet: Packet) -> None:
        self.found.append(packet.body)
        self.woken.set()

    async def wait(self, seconds: int) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.woken.wait()

    def dropped(self, room_id: str) -> None:
        self.send(Packet(frames.encoded(frames.Unsubscribed(room_id=room_id))))


class RealtimeRoutes:
    """Handlers over tokens and the hub."""

    def __init__(self, tokens: Tokens, hub: Hub, mine: Mine) -> None:
        self._tokens = tokens
        self._hub = hub
        self._mine = mine
        self._polls: dict[str, int] = {}

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [
            Route(
                method="POST",
                path="/api/v1/auth/ws-connection-token",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="A token for one WebSocket, good once and for a minute",
                description=(
                    "Then open `/ws/community/?connection_token=…` (also"
                    " `/ws/community/room/{id}/`, `/ws/community/dm/{id}/`,"
                    " `/ws/community/presence/`). Its frames and commands are described at"
                    " `/api/frames.json`."
                ),
                answers={200: TokenModel},
                reasons=(Code.REDIS_UNAVAILABLE,),
                limit=Limit(240, 60),
                handler=self.token,
            ),
            Route(
                method="GET",
                path="/api/v1/rooms/{room}/events",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="What happens in a room, where WebSockets do not get through",
                description="Waits until something comes. `room` is Kith's id or the room id.",
                query=EventsQuery,
                answers={200: EventsModel},
                reasons=(Reason.TRUST_REQUIRED,),
                timeout=_LONGEST + 15.0,
                handler=self.events,
            ),
            Route(
                method="GET",
                path="/api/v1/events",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Changes of one's own memberships, where WebSockets do not get through",
                description=(
                    "Waits until something comes: `member:changed` frames about oneself, of any"
                    " room, each membership as it is now."
                ),
                query=EventsQuery,
                answers={200: EventsModel},
                timeout=_LONGEST + 15.0,
                handler=self.own_events,
            ),
            Route(
                method="GET",
                path="/api/frames.json",
                access=Access.PUBLIC,
                summary="JSON Schema of frames and commands",
                handler=self.describe,
            ),
        ]

    async def token(self, call: Call[None, None]) -> Reply:
        """Make a token."""
        token = await self._tokens.make(call.who)
        return Reply(TokenModel(connection_token=token, expires_in=LIFE))

    async def describe(self, _: Call[None, None]) -> web.Response:
        """Frames and commands."""
        return web.json_response(described.everything())

    async def events(self, call: Call[None, EventsQuery]) -> web.Response:
        """Wait for frames."""
        with self._one_more(call.me):
            poll = _Poll(call.me)
            try:
                return await self._wait(poll, str(call.path["room"]), call.query)
            finally:
                await asyncio.shield(self._hub.people.depart(poll))

    async def own_events(self, call: Call[None, EventsQuery]) -> web.Response:
        """Wait for memberships of one's own."""
        me, since = call.me, call.query.since
        if not self._hub.ordered:
            return _answer(None, [])
        if since is None:
            return _answer(await self._mine.newest(me), [])
        with self._one_more(me):
            poll = _Poll(me, personal=True)
            try:
                await self._hub.people.arrive(poll)
                # What comes from now on wakes; what came before is there to be read.
                found = await self._mine.since(me, since)
                if not found:
                    await poll.wait(call.query.timeout)
                    found = await self._mine.since(me, since)
            finally:
                await asyncio.shield(self._hub.people.depart(poll))
        position = max([since, *(frame.position or 0 for frame in found)])
        return _answer(position, [frames.encoded(frame) for frame in found])

    @contextmanager
    def _one_more(self, me: str) -> Iterator[None]:
        if self._polls.get(me, 0) >= MOST_POLLS:
            raise Code.TOO_MANY_REQUESTS.error(retry_after_ms=1000)
        self._polls[me] = self._polls.get(me, 0) + 1
        try:
            yield
        finally:
            self._polls[me] -= 1
            if not self._polls[me]:
                del self._polls[me]

    async def _wait(self, poll: _Poll, reference: str, query: EventsQuery) -> web.Response:
        place = await self._hub.find(poll.user_id, reference)
        await self._hub.people.arrive(poll)
        try:
            await self._hub.enter(poll, place, query.since, lambda _: None)
            if query.since is not None:
                await poll.wait(query.timeout)
            position = self._hub.seen(place.room_id)
            return _answer(position, poll.found)
        finally:
            await asyncio.shield(self._hub.exit(poll, [place.room_id]))


def _answer(position: int | None, found: list[bytes]) -> web.Response:
    place = b"null" if position is None else str(position).encode()
    body = b'{"position":' + place + b',"frames":[' + b",".join(found) + b"]}"
    return web.Response(
        body=body, content_type="application/json", headers={"Cache-Control": "no-store"}
    )
