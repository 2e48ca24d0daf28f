# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person does with archives of their own: ask, look, fetch, take away (G1)."""

import asyncio
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import NotFound
from appservice.exports import store
from appservice.exports.folder import Folder
from appservice.exports.store import Export, ExportStore
from appservice.people.locks import lock_person
from appservice.rest.codes import Code
from policy.limits import DAY, PrivacyRules

JOB = "exports.make"


class Exports:
    """Use cases."""

    def __init__(
        self, database: Database, clock: Clock, rules: PrivacyRules, folder: Folder
    ) -> None:
        """Take Kith's database, time and ids, the numbers, and where archives lie."""
        self._database = database
        self._clock = clock
        self._rules = rules
        self._folder = folder
        self._rows = ExportStore(database)

    async def ask(self, me: str) -> Export:
        """Have an archive made.

        Raises:
            KithError: `export_running` while there is one; `too_many_requests` after so many
                within a day.
        """
        now, made = self._clock.now(), self._clock.new_id()
        async with self._database.transaction() as tx:
            await lock_person(tx, me)
            lately = await store.since(tx, me, now - timedelta(seconds=DAY))
            added = await store.add(tx, made, me, now)
            if added is None:
                raise Code.EXPORT_RUNNING.error()
            if len(lately) >= self._rules.exports_per_day:
                # An empty list: none at all are wanted on this instance.
                oldest = lately[-self._rules.exports_per_day] if lately else now
                wait = oldest + timedelta(seconds=DAY) - now
                raise Code.TOO_MANY_REQUESTS.error(
                    "You have asked for as many archives as there can be in a day.",
                    retry_after_ms=round(wait.total_seconds() * 1000),
                )
            await tx.defer(JOB, export_id=str(made))
        return added

    async def own(self, me: str) -> list[Export]:
        """One's own, the newest first."""
        return await self._rows.own(me, self._clock.now())

    async def one(self, me: str, export_id: UUID) -> Export:
        """One of them.

        Raises:
            NotFound: it is not one's own, or gone.
        """
        found = await self._rows.one(me, export_id, self._clock.now())
        if found is None:
            raise NotFound
        return found

    async def archive(self, me: str, export_id: UUID) -> tuple[Export, Path]:
        """The file.

        Raises:
            NotFound: there is none of one's own.
            KithError: `export_not_ready`.
        """
        found = await self.one(me, export_id)
        if found.state != "ready":
            raise Code.EXPORT_NOT_READY.error(state=found.state)
        path = self._folder.whole(export_id)
        if not await asyncio.to_thread(path.is_file):
            raise NotFound
        return found, path

    async def drop(self, me: str, export_id: UUID) -> None:
        """Take one away; one that is being made is given up.

        Raises:
            NotFound: it is not one's own, or gone.
        """
        if not await self._rows.drop(me, export_id, self._clock.now()):
            raise NotFound
        await asyncio.to_thread(self._folder.forget, export_id)

    async def forget(self, user_id: str) -> int:
        """Remove the files of all of somebody's archives; how many archives there were."""
        found = await self._rows.of(user_id)
        for export_id in found:
            await asyncio.to_thread(self._folder.forget, export_id)
        return len(found)
