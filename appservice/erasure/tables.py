# SPDX-License-Identifier: AGPL-3.0-or-later
"""Does to each table of Kith's database what is declared of it (`appservice.privacy`).

Rows go in batches. How many went is counted in the transaction in which they went, so that a run
that is killed and taken up again counts each once.
"""

from collections.abc import Container, Mapping
from typing import Any
from uuid import UUID

from appservice.clock import Clock
from appservice.database import Database, Transaction
from appservice.erasure import pseudonyms, store
from appservice.erasure.store import Erasure
from appservice.privacy.declared import TABLES
from appservice.privacy.entry import Anonymise, Cascade, Delete, Keep, Step

_BATCH = 2_000
LAST: Mapping[str, Mapping[str, int]] = {
    "erasures": {"anonymised": 1},
    "pseudonym_keys": {"removed": 1},
}
"""What the proof itself does, in one transaction with being kept."""

REMOVED, ANONYMISED, KEPT = "removed", "anonymised", "kept"


class Tables:
    """Kith's tables."""

    def __init__(self, database: Database, clock: Clock, batch: int = _BATCH) -> None:
        """Take Kith's database, the time, and how many rows may go at a time."""
        self._database = database
        self._clock = clock
        self._batch = batch

    async def erase(
        self, erasure: Erasure, user_id: str, *, only: Container[str] | None = None
    ) -> None:
        """Do everything that is declared, or all there is to remove from some tables."""
        for table, number, step in _in_order():
            if only is not None and table not in only:
                continue
            if isinstance(step, Delete | Cascade):
                await self._delete(erasure.id, user_id, table, step.rows)
            elif isinstance(step, Anonymise):
                mark = f"{table}:{number}"
                if mark not in erasure.answers:
                    await self._anonymise(erasure.id, user_id, mark, step)
        if only is not None:
            return
        for table, entry in TABLES.items():
            kept = [step.rows for step in entry.on_erase if isinstance(step, Keep)]
            if kept:
                await self._keep(erasure.id, user_id, table, kept)

    async def late(self, user_id: str) -> int:
        """Remove what a request that was under way has still written; how many rows."""
        count = 0
        for table, _, step in _in_order():
            if isinstance(step, Delete | Cascade):
                count += await self._delete(None, user_id, table, step.rows)
        return count

    async def _delete(self, erasure_id: UUID | None, user_id: str, table: str, rows: str) -> int:
        statement = (
            f"DELETE FROM {table} WHERE ctid = ANY (ARRAY("  # noqa: S608 - declared in code
            f"SELECT ctid FROM {table} WHERE {rows} LIMIT %(limit)s FOR UPDATE))"
            " RETURNING 1"
        )
        count = 0
        while True:
            async with self._database.transaction() as tx:
                found = len(await tx.read(statement, self._values(user_id, limit=self._batch)))
                if erasure_id is not None:
                    await store.count(tx, erasure_id, table, REMOVED, found)
            count += found
            if found < self._batch:
                return count

    async def _anonymise(self, erasure_id: UUID, user_id: str, mark: str, step: Anonymise) -> None:
        table = mark.partition(":")[0]
        sets = ", ".join(f"{column} = {value}" for column, value in step.to.items())
        statement = f"UPDATE {table} SET {sets} WHERE {step.rows} RETURNING 1"  # noqa: S608 - declared in code
        async with self._database.transaction() as tx:
            # Of people whom no row names no key is ever made.
            kept = any("%(pseudonym)s" in value for value in step.to.values())
            there = await self._any(tx, user_id, table, step.rows) if kept else True
            if there:
                name = await pseudonyms.name_of(tx, user_id, self._clock) if kept else None
                found = await tx.read(statement, self._values(user_id, pseudonym=name))
                await store.count(tx, erasure_id, table, ANONYMISED, len(found))
            await store.answer(tx, erasure_id, {mark: True})

    async def _any(self, tx: Transaction, user_id: str, table: str, rows: str) -> bool:
        statement = f"SELECT 1 FROM {table} WHERE {rows} LIMIT 1"  # noqa: S608 - declared in code
        return bool(await tx.read(statement, self._values(user_id)))

    async def _keep(
        self, erasure_id: UUID, user_id: str, table: str, conditions: list[str]
    ) -> None:
        rows = " OR ".join(f"({one})" for one in conditions)
        statement = f"SELECT count(*) FROM {table} WHERE {rows}"  # noqa: S608 - declared in code
        async with self._database.transaction() as tx:
            number = (await tx.read(statement, self._values(user_id)))[0][0]
            await store.count(tx, erasure_id, table, KEPT, number, add=False)

    def _values(self, user_id: str, **more: Any) -> Mapping[str, Any]:
        return {"me": user_id, "now": self._clock.now(), "pseudonym": None, "limit": None, **more}


def _in_order() -> list[tuple[str, int, Step]]:
    """Every declared step; tables that refer to others come before them."""
    return [
        (entry.table, number, step)
        for entry in reversed(list(TABLES.values()))
        if entry.table not in LAST
        for number, step in enumerate(entry.on_erase)
    ]
