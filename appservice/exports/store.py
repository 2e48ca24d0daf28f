# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of exports."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from appservice.database import Database, Transaction

_COLUMNS = (
    "id, user_id, state, reason, step, done, total, size, sha256, missing, asked_at, ready_at,"
    " expires_at"
)
_ADD = f"""
INSERT INTO exports (id, user_id, asked_at, changed_at)
VALUES (%(id)s, %(me)s, %(now)s, %(now)s)
ON CONFLICT (user_id) WHERE state IN ('waiting', 'running') DO NOTHING
RETURNING {_COLUMNS}
"""  # noqa: S608 - a constant
_SINCE = "SELECT asked_at FROM exports WHERE user_id = %(me)s AND asked_at > %(since)s ORDER BY 1"
_OWN = f"""
SELECT {_COLUMNS} FROM exports
WHERE user_id = %(me)s AND state <> 'deleted' AND (expires_at IS NULL OR expires_at > %(now)s)
ORDER BY asked_at DESC, id DESC LIMIT 50
"""  # noqa: S608 - a constant
_ONE = f"""
SELECT {_COLUMNS} FROM exports
WHERE id = %(id)s AND user_id = %(me)s AND state <> 'deleted'
  AND (expires_at IS NULL OR expires_at > %(now)s)
"""  # noqa: S608 - a constant
_DROP = """
UPDATE exports SET state = 'deleted', expires_at = NULL, changed_at = %(now)s
WHERE id = %(id)s AND user_id = %(me)s AND state <> 'deleted' RETURNING id
"""
_BEGIN = """
UPDATE exports SET state = 'running', attempt = %(attempt)s, reason = NULL, step = NULL, done = 0,
  total = NULL, changed_at = %(now)s
WHERE id = %(id)s AND state IN ('waiting', 'running') RETURNING user_id
"""
_MINE = "id = %(id)s AND state = 'running' AND attempt = %(attempt)s"
_PROGRESS = f"""
UPDATE exports SET step = %(step)s, done = %(done)s, total = %(total)s, changed_at = %(now)s
WHERE {_MINE} RETURNING id
"""  # noqa: S608 - a constant
_READY = f"""
UPDATE exports SET state = 'ready', step = NULL, size = %(size)s, sha256 = %(sha256)s,
  missing = %(missing)s, ready_at = %(now)s, changed_at = %(now)s, expires_at = %(expires)s
WHERE {_MINE} RETURNING id
"""  # noqa: S608 - a constant
_FAILED = f"""
UPDATE exports SET state = 'failed', reason = %(reason)s, changed_at = %(now)s WHERE {_MINE}
"""  # noqa: S608 - a constant
_WAITS = f"UPDATE exports SET reason = %(reason)s WHERE {_MINE}"  # noqa: S608 - a constant
_OVER = """
DELETE FROM exports
WHERE expires_at <= %(now)s OR (state IN ('failed', 'deleted') AND asked_at < %(since)s)
RETURNING id
"""
_GIVE_UP = """
UPDATE exports SET state = 'failed', reason = coalesce(reason, 'interrupted'),
  changed_at = %(now)s
WHERE (state = 'running' AND changed_at < %(silent)s)
   OR (state = 'waiting' AND changed_at < %(waiting)s)
"""
_WHOLE = "SELECT id FROM exports WHERE id = ANY (%(ids)s) AND state = 'ready'"
_OF = "SELECT id FROM exports WHERE user_id = %(me)s"


@dataclass(frozen=True, slots=True)
class Export:
    """One archive, asked for, under way or made.

    Attributes:
        state: waiting, running, ready, failed.
        reason: why it failed, or what it waits for: a code.
        step: what is being written, one of `making.STEPS`.
        done: how much of the step is done.
        total: out of how much, if that is known.
        size: bytes.
        missing: files that could not be had.
    """

    id: UUID
    user_id: str
    state: str
    reason: str | None
    step: str | None
    done: int
    total: int | None
    size: int | None
    sha256: bytes | None
    missing: int
    asked_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of the job; an older one than the row knows may change nothing any more."""

    export_id: UUID
    mark: UUID


class ExportStore:
    """Reads and writes them; every method raises `Unavailable` when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def own(self, me: str, now: datetime) -> list[Export]:
        """A person's, the newest first."""
        rows = await self._database.read(_OWN, {"me": me, "now": now})
        return [Export(*row) for row in rows]

    async def one(self, me: str, export_id: UUID, now: datetime) -> Export | None:
        """One of a person's."""
        rows = await self._database.read(_ONE, {"me": me, "id": export_id, "now": now})
        return Export(*rows[0]) if rows else None

    async def drop(self, me: str, export_id: UUID, now: datetime) -> bool:
        """Take one away; the row stays for the count of the day."""
        return bool(await self._database.run(_DROP, {"me": me, "id": export_id, "now": now}))

    async def begin(self, attempt: Attempt, now: datetime) -> str | None:
        """Take an archive in hand; whose it is, None when there is nothing to do."""
        rows = await self._database.run(_BEGIN, {**_named(attempt), "now": now})
        return rows[0][0] if rows else None

    async def progress(
        self, attempt: Attempt, step: str, done: int, total: int | None, now: datetime
    ) -> bool:
        """Note how far it is; False when it is not this run's any more."""
        told = {"step": step, "done": done, "total": total, "now": now}
        return bool(await self._database.run(_PROGRESS, {**_named(attempt), **told}))

    async def waits(self, attempt: Attempt, reason: str) -> None:
        """Note what it waits for."""
        await self._database.run(_WAITS, {**_named(attempt), "reason": reason})

    async def failed(self, attempt: Attempt, reason: str, now: datetime) -> None:
        """Note that there will be none."""
        await self._database.run(_FAILED, {**_named(attempt), "reason": reason, "now": now})

    async def over(self, now: datetime, since: datetime) -> list[UUID]:
        """Forget those whose time is over."""
        rows = await self._database.run(_OVER, {"now": now, "since": since})
        return [row[0] for row in rows]

    async def give_up(self, now: datetime, silent: timedelta, waiting: timedelta) -> None:
        """Let go of those that nobody works on any more, or never did."""
        values = {"now": now, "silent": now - silent, "waiting": now - waiting}
        await self._database.run(_GIVE_UP, values)

    async def whole(self, ids: list[UUID]) -> set[UUID]:
        """Which of these are finished archives."""
        return {row[0] for row in await self._database.read(_WHOLE, {"ids": ids})}

    async def of(self, me: str) -> list[UUID]:
        """Every one of a person's, dropped ones too."""
        return [row[0] for row in await self._database.read(_OF, {"me": me})]


async def add(tx: Transaction, export_id: UUID, me: str, now: datetime) -> Export | None:
    """Ask for one; None while another is under way."""
    rows = await tx.read(_ADD, {"id": export_id, "me": me, "now": now})
    return Export(*rows[0]) if rows else None


async def since(tx: Transaction, me: str, moment: datetime) -> list[datetime]:
    """When a person asked since then, the oldest first."""
    return [row[0] for row in await tx.read(_SINCE, {"me": me, "since": moment})]


async def ready(tx: Transaction, attempt: Attempt, values: dict[str, Any]) -> bool:
    """Note that it is made (`size sha256 missing now expires`); False when not this run's."""
    return bool(await tx.read(_READY, {**_named(attempt), **values}))


def _named(attempt: Attempt) -> dict[str, Any]:
    return {"id": attempt.export_id, "attempt": attempt.mark}
