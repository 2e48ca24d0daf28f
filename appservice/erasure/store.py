# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of erasures. A row names its person until it is done, and nobody afterwards."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from appservice.database import Database, Transaction

_COLUMNS = (
    "id, user_id, source, state, asked_at, due_at, began_at, finished_at, before, step, counts,"
    " answers, report, sha256"
)
_OF = f"SELECT {_COLUMNS} FROM erasures WHERE user_id = %(user_id)s"  # noqa: S608 - constants
_FIND = f"SELECT {_COLUMNS} FROM erasures WHERE id = %(id)s"  # noqa: S608 - constants
_LINK = f"SELECT {_COLUMNS} FROM erasures WHERE token_hash = %(hash)s"  # noqa: S608 - constants
_ADD = """
INSERT INTO erasures (id, user_id, source, token_hash, asked_at, due_at, before)
VALUES (%(id)s, %(user_id)s, %(source)s, %(hash)s, %(now)s, %(due)s, %(before)s::jsonb)
ON CONFLICT (user_id) DO NOTHING
"""
_AGAIN = """
UPDATE erasures SET token_hash = coalesce(%(hash)s, token_hash), due_at = least(due_at, %(due)s)
WHERE user_id = %(user_id)s
"""
_CANCEL = "DELETE FROM erasures WHERE user_id = %(user_id)s AND state = 'waiting'"
_BEGIN = """
UPDATE erasures SET state = 'running', began_at = %(now)s
WHERE id = %(id)s AND state = 'waiting' AND due_at <= %(now)s RETURNING user_id
"""
_STEP = "UPDATE erasures SET step = %(step)s WHERE id = %(id)s AND step < %(step)s"
_COUNT = """
UPDATE erasures SET counts = jsonb_set(
  counts || jsonb_build_object(%(place)s::text, coalesce(counts->%(place)s::text, '{}')),
  ARRAY[%(place)s, %(act)s]::text[],
  to_jsonb(%(count)s::bigint + CASE WHEN %(add)s
    THEN coalesce((counts->%(place)s::text->>%(act)s::text)::bigint, 0) ELSE 0 END))
WHERE id = %(id)s
"""
_ANSWER = """
UPDATE erasures SET answers = answers || %(answers)s::jsonb WHERE id = %(id)s
"""
_FINISH = """
UPDATE erasures SET state = 'done', user_id = NULL, finished_at = %(now)s, before = '{}',
  answers = '{}', report = %(report)s, sha256 = %(sha256)s
WHERE id = %(id)s AND state = 'running'
"""
_DUE = """
SELECT id FROM erasures WHERE state <> 'done' AND due_at <= %(now)s ORDER BY due_at LIMIT 100
"""
_OLD = (
    "UPDATE erasures SET token_hash = NULL WHERE state = 'done' AND finished_at <= %(links)s",
    "DELETE FROM erasures WHERE state = 'done' AND finished_at <= %(proofs)s",
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """One account's way out.

    Attributes:
        user_id: whose; None once it is done.
        source: who wanted it: ``person``, ``operator``, or ``homeserver`` where the account was
            deactivated.
        state: ``waiting``, ``running`` or ``done``.
        before: what hiding the profile changed.
        step: how many steps are done.
        counts: table or place → what was done → how many.
        answers: what the homeserver said, and what steps have to remember.
        report: the proof as it is given out.
        sha256: of the proof.
    """

    id: UUID
    user_id: str | None
    source: str
    state: str
    asked_at: datetime
    due_at: datetime
    began_at: datetime | None
    finished_at: datetime | None
    before: Mapping[str, Any]
    step: int
    counts: Mapping[str, Mapping[str, int]]
    answers: Mapping[str, Any]
    report: str | None
    sha256: str | None


async def of(reader: Database | Transaction, user_id: str) -> Erasure | None:
    """Somebody's own, while it waits or runs."""
    return _one(await reader.read(_OF, {"user_id": user_id}))


async def find(reader: Database | Transaction, erasure_id: UUID) -> Erasure | None:
    """One by its id."""
    return _one(await reader.read(_FIND, {"id": erasure_id}))


async def by_link(database: Database, token_hash: bytes) -> Erasure | None:
    """The one a link leads to."""
    return _one(await database.read(_LINK, {"hash": token_hash}))


async def add(
    tx: Transaction,
    erasure_id: UUID,
    user_id: str,
    source: str,
    *,
    token_hash: bytes | None,
    now: datetime,
    due: datetime,
    before: Mapping[str, Any],
) -> None:
    """Note that an account is to go; the caller holds the person's lock."""
    values = {"id": erasure_id, "user_id": user_id, "source": source, "hash": token_hash}
    await tx.read(_ADD, {**values, "now": now, "due": due, "before": json.dumps(dict(before))})


async def again(tx: Transaction, user_id: str, token_hash: bytes | None, due: datetime) -> None:
    """Give one that waits a new link, and perhaps an earlier day."""
    await tx.read(_AGAIN, {"user_id": user_id, "hash": token_hash, "due": due})


async def cancel(tx: Transaction, user_id: str) -> None:
    """Forget one that has not begun."""
    await tx.read(_CANCEL, {"user_id": user_id})


async def begin(tx: Transaction, erasure_id: UUID, now: datetime) -> bool:
    """Pass the point of no return; False when it is not due, gone, or passed already."""
    return bool(await tx.read(_BEGIN, {"id": erasure_id, "now": now}))


async def done(database: Database, erasure_id: UUID, step: int) -> None:
    """Note that so many steps are done."""
    await database.run(_STEP, {"id": erasure_id, "step": step})


async def count(
    tx: Transaction, erasure_id: UUID, place: str, act: str, number: int, *, add: bool = True
) -> None:
    """Note how many were removed, anonymised or kept, in the transaction that did it."""
    if number or not add:
        values = {"place": place, "act": act, "count": number, "add": add}
        await tx.read(_COUNT, {"id": erasure_id, **values})


async def answer(
    reader: Database | Transaction, erasure_id: UUID, answers: Mapping[str, Any]
) -> None:
    """Remember something; what stood under the same names is replaced."""
    await reader.read(_ANSWER, {"id": erasure_id, "answers": json.dumps(dict(answers))})


async def finish(
    tx: Transaction, erasure_id: UUID, now: datetime, report: str, sha256: str
) -> None:
    """Keep the proof, and forget whose it is."""
    values = {"id": erasure_id, "now": now, "report": report, "sha256": sha256}
    await tx.read(_FINISH, values)


async def due(database: Database, now: datetime) -> list[UUID]:
    """Those whose time has come."""
    return [row[0] for row in await database.read(_DUE, {"now": now})]


async def forget_old(database: Database, links: datetime, proofs: datetime) -> None:
    """Close links and drop proofs of what was finished before these times."""
    for statement in _OLD:
        await database.run(statement, {"links": links, "proofs": proofs})


def _one(rows: Sequence[tuple[Any, ...]]) -> Erasure | None:
    return Erasure(*rows[0]) if rows else None
