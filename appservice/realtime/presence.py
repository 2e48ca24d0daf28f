# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who came and went, for those who may know: friends and people sharing a room (D31).

Never shown to or of somebody blocked, and only as far as the one who is seen wishes. What comes
while the registry is asked is asked together.
"""

import asyncio
from collections.abc import Collection
from datetime import datetime

import structlog

from appservice.errors import Unavailable
from appservice.realtime import channels, frames
from appservice.realtime.access import Access
from appservice.realtime.bus import Bus
from appservice.realtime.envelope import Envelope, Packet
from appservice.realtime.sink import Sink

_LOG = structlog.get_logger("kith.realtime")
_MOST = 1_000
"""People whose change may wait; more are forgotten, presence being a hint."""


class Presence:
    """Hands presence to the receivers that want it."""

    def __init__(self, bus: Bus, access: Access) -> None:
        self._bus = bus
        self._access = access
        self._watching: set[Sink] = set()
        self._news: dict[str, Packet] = {}
        self._wake = asyncio.Event()

    def watch(self, sink: Sink) -> None:
        """A receiver wants to know."""
        self._watching.add(sink)

    def forget(self, sink: Sink) -> None:
        """It does not any more."""
        self._watching.discard(sink)

    async def run(self) -> None:
        """Pass on for ever."""
        await self._bus.subscribe({channels.PRESENCE: self._heard})
        while True:
            await self._wake.wait()
            self._wake.clear()
            news, self._news = self._news, {}
            try:
                await self._pass(news)
            except Unavailable as error:
                _LOG.warning("presence_lost", part=error.part)

    async def changed(self, people: Collection[str]) -> None:
        """People may keep their presence to themselves now: it ends for who must not see it.

        Raises:
            Unavailable: the registry cannot be asked.
        """
        readers = {sink.user_id for sink in self._watching}
        if not readers or not people:
            return
        hidden = await self._access.hidden(readers, people)
        for user_id in people:
            packet = Packet(frames.encoded(frames.Presence(user_id=user_id, presence="offline")))
            for sink in tuple(self._watching):
                if (sink.user_id, user_id) in hidden:
                    sink.send(packet)

    async def reread(self, since: datetime | None) -> None:
        """As `changed`, of everybody whose change may not have been told of since a time.

        Raises:
            Unavailable: the registry cannot be asked.
        """
        if self._watching:
            await self.changed(await self._access.kept_since(since))

    def _heard(self, envelope: Envelope) -> None:
        if self._watching and len(self._news) < _MOST:
            self._news[envelope.sender] = Packet(envelope.body)
            self._wake.set()

    async def _pass(self, news: dict[str, Packet]) -> None:
        readers = {sink.user_id for sink in self._watching}
        if not readers or not news:
            return
        seen = await self._access.sees(readers, news)
        for sink in tuple(self._watching):
            for user_id, packet in news.items():
                if (sink.user_id, user_id) in seen:
                    sink.send(packet)
