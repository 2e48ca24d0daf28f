# SPDX-License-Identifier: AGPL-3.0-or-later
"""The job that makes an archive, and the broom behind it. Killed anywhere, it begins anew.

Each run writes a file of its own; only the run that the row knows may give its file the final
name, so however often it is repeated there is one archive.
"""

import asyncio
import errno
from datetime import timedelta
from uuid import UUID

import structlog

from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import KithError, Unavailable
from appservice.exports import store
from appservice.exports.archive import DiskFullError
from appservice.exports.folder import Folder
from appservice.exports.making import Made, Maker
from appservice.exports.store import Attempt, ExportStore
from policy.limits import PrivacyRules

_LOG = structlog.get_logger("kith.exports")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_SILENT = timedelta(hours=1)
"""Far longer than between two words of a run, or between two runs while a part is away."""

_WAITING = timedelta(days=1)

_UNDER_WAY = timedelta(hours=1)
_EACH = 250
"""How much has to be done before it is told again."""


class SupersededError(KithError):
    """Another run took over, or nobody wants the archive any more."""

    def __init__(self) -> None:
        super().__init__("superseded", 409, "Another run makes this archive.")


class Making:
    """What the worker does."""

    def __init__(
        self, database: Database, clock: Clock, maker: Maker, folder: Folder, rules: PrivacyRules
    ) -> None:
        """Take rows, time, who makes archives, where they lie, and for how long."""
        self._database = database
        self._clock = clock
        self._maker = maker
        self._folder = folder
        self._rules = rules
        self._rows = ExportStore(database)

    async def make(self, export_id: str) -> None:
        """Make the archive somebody asked for; done or given up already is nothing to do.

        Raises:
            Unavailable: a part is away; to be repeated.
            OSError: it cannot be written; that is told to the person.
        """
        attempt = Attempt(UUID(export_id), self._clock.new_id())
        me = await self._rows.begin(attempt, self._clock.now())
        if me is None:
            return
        part = await asyncio.to_thread(self._folder.part, attempt.export_id, attempt.mark)
        try:
            made = await self._maker.make(me, part, _Told(self._rows, attempt, self._clock))
            await self._finish(attempt, made)
        except SupersededError:
            _LOG.info("export_superseded", export=export_id)
        except Unavailable as error:
            await self._rows.waits(attempt, error.code)
            raise
        except DiskFullError as error:
            await self._fail(attempt, error.code)
        except OSError as error:
            full = error.errno in _FULL
            await self._fail(attempt, DiskFullError().code if full else "internal")
            if not full:
                raise
        except Exception:
            await self._fail(attempt, "internal")
            raise
        finally:
            await asyncio.to_thread(part.unlink, missing_ok=True)

    async def sweep(self) -> None:
        """Remove archives whose week is over, what nobody works on, and files without a row."""
        now = self._clock.now()
        kept = timedelta(seconds=self._rules.exports_kept)
        for export_id in await self._rows.over(now, now - kept):
            await asyncio.to_thread(self._folder.forget, export_id)
        await self._rows.give_up(now, _SILENT, _WAITING)
        # Not what is new: a file gets its name just before its row says so.
        before = (now - _UNDER_WAY).timestamp()
        await asyncio.to_thread(self._folder.drop_parts, before)
        found = await asyncio.to_thread(self._folder.old, before)
        known = await self._rows.whole(found)
        for export_id in found:
            if export_id not in known:
                await asyncio.to_thread(self._folder.forget, export_id)

    async def _finish(self, attempt: Attempt, made: Made) -> None:
        now = self._clock.now()
        values = {
            "size": made.size,
            "sha256": made.sha256,
            "missing": made.missing,
            "now": now,
            "expires": now + timedelta(seconds=self._rules.exports_kept),
        }
        async with self._database.transaction() as tx:
            if not await store.ready(tx, attempt, values):
                raise SupersededError
            # Before the commit: a row that says "ready" has its file, and a file whose commit
            # fails is written over by the next run or swept away.
            part = self._folder.part(attempt.export_id, attempt.mark)
            await asyncio.to_thread(self._folder.keep, attempt.export_id, part)

    async def _fail(self, attempt: Attempt, reason: str) -> None:
        _LOG.warning("export_failed", reason=reason)
        await self._rows.failed(attempt, reason, self._clock.now())


class _Told:
    """Notes progress, not at every word; notices when the run is not wanted any more."""

    def __init__(self, rows: ExportStore, attempt: Attempt, clock: Clock) -> None:
        self._rows = rows
        self._attempt = attempt
        self._clock = clock
        self._step = ""
        self._next = 0

    async def __call__(self, step: str, done: int, total: int | None) -> None:
        if step == self._step and done < self._next:
            return
        self._step, self._next = step, done + _EACH
        now = self._clock.now()
        if not await self._rows.progress(self._attempt, step, done, total, now):
            raise SupersededError
