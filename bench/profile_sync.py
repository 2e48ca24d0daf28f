# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long a change of a profile takes to the other side: Kith to Matrix, and Matrix to Kith (P5).

A whole instance; somebody changes their name, bio and time zone in turn. The time runs from the
request that changes it until the other side's own API shows it, asked again and again.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp

from bench import stage
from bench.chaos.driver import general, instance, secret_of
from bench.chaos.writers import Writer
from bench.load import Client
from bench.report import Report, percentile
from stack.up import Stack

_WITHIN = 2.0
_PAUSE, _PATIENCE = 0.02, 30.0
_REST = 1.0
"""Seconds between two changes: jobs come to rest, and limits are not what is measured."""

_ZONES = ("Europe/Oslo", "Europe/Lisbon", "Asia/Tokyo", "Africa/Lagos", "America/Lima")


@dataclass(frozen=True, slots=True)
class _Field:
    """One field: its names on both sides, values by number, and how Matrix writes one."""

    here: str
    there: str
    value: Callable[[int], str]
    written: Callable[[str], Any]


def _plain(value: str) -> str:
    return value


_FIELDS = (
    _Field("display_name", "displayname", lambda n: f"Wanderer {n}", _plain),
    _Field("bio", "chat.commet.profile_bio", lambda n: f"Walks. {n}", lambda v: {"body": v}),
    _Field("timezone", "m.tz", lambda n: _ZONES[n % len(_ZONES)], _plain),
)


async def run(*, quick: bool = False) -> Report:
    """One way, then the other."""
    changes = 6 if quick else 20
    report = Report("profile_sync", f"{changes} changes each way, one real Synapse")
    with stage.folder() as place:
        async with instance(place) as running, aiohttp.ClientSession() as session:
            somebody = await _somebody(running, session)
            for number in range(2 * len(_FIELDS)):  # warms what is made once
                await somebody.takes(number, outward=number % 2 == 0)
            for what, outward in (("Kith to Matrix", True), ("Matrix to Kith", False)):
                times = [
                    await somebody.takes(number + 100, outward=outward)
                    for number in range(changes)
                ]
                report.add(f"{what}: p50", percentile(times, 50), "s")
                report.at_most(f"{what}: p99", percentile(times, 99), "s", _WITHIN)
    return report


@dataclass(slots=True)
class _Somebody:
    """One person with both sides' APIs."""

    here: Client
    there: Client
    token: str
    user_id: str
    _made: int = 0

    async def takes(self, number: int, *, outward: bool) -> float:
        """Change one field on one side; seconds until the other side shows it."""
        field = _FIELDS[number % len(_FIELDS)]
        self._made += 1
        value = field.value(self._made)
        await asyncio.sleep(_REST)
        begin = time.perf_counter()
        if outward:
            await self.here.call("PUT", self._kith, self.token, {field.here: value})
            await self._until(self._matrix_shows, field.there, field.written(value))
        else:
            body = {field.there: field.written(value)}
            await self.there.call("PUT", f"{self._matrix}/{field.there}", self.token, body)
            await self._until(self._kith_shows, field.here, value)
        return time.perf_counter() - begin

    @property
    def _kith(self) -> str:
        return f"/api/profile/{quote(self.user_id)}"

    @property
    def _matrix(self) -> str:
        return f"/_matrix/client/v3/profile/{quote(self.user_id)}"

    async def _matrix_shows(self, name: str) -> Any:
        return (await self.there.call("GET", self._matrix, self.token)).get(name)

    async def _kith_shows(self, name: str) -> Any:
        return (await self.here.call("GET", self._kith, self.token)).get(name)

    async def _until(
        self, shown: Callable[[str], Awaitable[Any]], name: str, wanted: object
    ) -> None:
        async with asyncio.timeout(_PATIENCE):
            while await shown(name) != wanted:  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(_PAUSE)


async def _somebody(running: Stack, session: aiohttp.ClientSession) -> _Somebody:
    here = Client(f"http://127.0.0.1:{running.decided.port}", session)
    there = Client(running.matrix_url, session)
    token = await there.register(secret_of(running), "wanderer")
    await general(Writer("", token), running, session)
    who = await there.call("GET", "/_matrix/client/v3/account/whoami", token)
    made = _Somebody(here, there, token, who["user_id"])
    # Only what everybody may see is in Matrix at all.
    levels = {"visibility_settings": {"bio": "public", "timezone": "public"}}
    await here.call("PUT", f"/api/profile/{quote(made.user_id)}", token, levels)
    return made
