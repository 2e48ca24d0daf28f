# SPDX-License-Identifier: AGPL-3.0-or-later
"""Previews of links: remembered, asked for once at a time, few in all and few of one host."""

import asyncio
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from yarl import URL

from appservice.clock import Clock
from appservice.errors import NotFound
from appservice.previews.store import Preview, PreviewStore
from appservice.previews.visitor import Visitor
from appservice.rest.codes import Code
from appservice.rest.limits import Counters
from appservice.rest.route import Limit

_GOOD, _BAD = timedelta(hours=24), timedelta(minutes=10)
_AT_ONCE = 6
_OF_ALL, _OF_HOST = Limit(240, 60), Limit(30, 60)
LONGEST = 2048
"""Characters of an address."""


class Previews:
    """The use case."""

    def __init__(
        self,
        store: PreviewStore,
        visitor: Visitor,
        counters: Counters,
        clock: Clock,
        *,
        denied: Collection[str] = (),
    ) -> None:
        """Take the rows, who goes out, what counts, the time, and hosts nobody visits.

        A denied host is denied with everything below it.
        """
        self._store = store
        self._visitor = visitor
        self._counters = counters
        self._clock = clock
        self._denied = tuple(host.lower().strip(".") for host in denied)
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._running: dict[str, asyncio.Task[Preview]] = {}

    async def of(self, address: str) -> Preview | None:
        """The preview of a link; None when it says nothing or must not be asked, untold which.

        Raises:
            KithError: `too_many_requests`.
        """
        url = self._parsed(address)
        if url is None:
            return None
        known = await self._store.find(str(url), self._clock.now())
        if known is None:
            known = await self._once(url)
        return known if known.found else None

    async def image(self, preview_id: UUID) -> tuple[bytes, str]:
        """A preview's picture and its type."""
        found = await self._store.image(preview_id)
        if found is None:
            raise NotFound
        return found

    def _parsed(self, address: str) -> URL | None:
        try:
            url = URL(address).with_fragment(None)
            host = (url.host or "").rstrip(".").lower()
        except ValueError:
            return None
        barred = any(host == one or host.endswith(f".{one}") for one in self._denied)
        if url.scheme not in ("http", "https") or not host or barred or len(str(url)) > LONGEST:
            return None
        return url

    async def _once(self, url: URL) -> Preview:
        """Everybody who asks for the same waits for the same visit; nobody's leaving ends it."""
        key = str(url)
        task = self._running.get(key)
        if task is None:
            await self._charge("previews:all", _OF_ALL)
            await self._charge(f"previews:host:{url.host}", _OF_HOST)
            # Another may have begun while this one was counted.
            task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.create_task(self._visit(url))
            task.add_done_callback(lambda _: self._running.pop(key, None))
        return await asyncio.shield(task)

    async def _visit(self, url: URL) -> Preview:
        async with self._slots:
            told = await self._visitor.visit(url)
        life = _GOOD if told.found else _BAD
        return await self._store.keep(
            str(url), told, self._clock.new_id(), self._clock.now() + life
        )

    async def _charge(self, key: str, limit: Limit) -> None:
        wait = await self._counters.hit(key, limit)
        if wait:
            raise Code.TOO_MANY_REQUESTS.error(retry_after_ms=wait)
