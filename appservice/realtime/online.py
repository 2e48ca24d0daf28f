# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who has which room open on a socket: a ZSET a room in Redis, whose entries live a minute (M5).

A hint: every process renews its own people, and whoever is not renewed is gone.
"""

import contextlib
from collections.abc import Iterable, Mapping, Sequence

from appservice.clock import Clock
from appservice.realtime import channels
from appservice.realtime.hints import AwayError, Hints

LIFE = 60
"""Seconds an entry stays without renewal."""

_MOST = 200
"""People of a room that are told of; a page shows no more."""


class Online:
    """Reads and writes those sets; does nothing without Redis."""

    def __init__(self, hints: Hints, clock: Clock) -> None:
        self._hints = hints
        self._clock = clock

    async def here(self, rooms: Mapping[str, Iterable[str]]) -> None:
        """People of this process have rooms open, for another minute."""
        until = self._now() + LIFE
        with contextlib.suppress(AwayError):
            async with self._hints.asked() as redis:
                pipe = redis.pipeline(transaction=False)
                for room_id, people in rooms.items():
                    entries = dict.fromkeys(people, until)
                    if entries:
                        pipe.zadd(channels.online(room_id), entries)
                        pipe.expire(channels.online(room_id), LIFE)
                await pipe.execute()

    async def gone(self, user_id: str, rooms: Iterable[str]) -> None:
        """A person has closed rooms."""
        with contextlib.suppress(AwayError):
            async with self._hints.asked() as redis:
                pipe = redis.pipeline(transaction=False)
                for room_id in rooms:
                    pipe.zrem(channels.online(room_id), user_id)
                await pipe.execute()

    async def who(self, room_id: str) -> list[str]:
        """Who has a room open, the last come first."""
        try:
            async with self._hints.asked() as redis:
                found = await redis.zrange(
                    channels.online(room_id),
                    "+inf",
                    f"({self._now()}",
                    desc=True,
                    byscore=True,
                    offset=0,
                    num=_MOST,
                )
        except AwayError:
            return []
        return [name.decode() for name in found if isinstance(name, bytes)]

    async def counts(self, rooms: Sequence[str]) -> dict[str, int]:
        """How many people have each room open; nothing without Redis."""
        try:
            async with self._hints.asked() as redis:
                pipe = redis.pipeline(transaction=False)
                for room_id in rooms:
                    pipe.zcount(channels.online(room_id), f"({self._now()}", "+inf")
                found = await pipe.execute()
        except AwayError:
            return {}
        return dict(zip(rooms, map(int, found), strict=True))

    def _now(self) -> float:
        return self._clock.now().timestamp()
