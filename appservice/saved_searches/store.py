# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of saved searches. Writers hold their owner's lock, so that counting them is true."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from appservice.database import Database, Transaction
from appservice.listings.filter import Filter

MOST = 50
"""Searches one person may keep."""

_COLUMNS = "id, name, query, alerts, created_at, updated_at"
_MINE = f"""
SELECT {_COLUMNS} FROM saved_searches WHERE owner = %(me)s ORDER BY created_at DESC, id DESC
"""  # noqa: S608 - constants
_ADD = """
INSERT INTO saved_searches (id, owner, name, query, alerts, created_at, updated_at)
VALUES (%(id)s, %(me)s, %(name)s, %(query)s, %(alerts)s, %(now)s, %(now)s)
"""
_CHANGE = """
UPDATE saved_searches SET name = %(name)s, query = %(query)s, alerts = %(alerts)s,
  updated_at = %(now)s
WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """One search kept under a name."""

    id: UUID
    name: str
    query: Filter
    alerts: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: Sequence[Any]) -> "SavedSearch":
        """A row; what was kept was valid then, and stays readable."""
        return cls(row[0], row[1], Filter.model_validate(row[2]), *row[3:6])


async def mine(reader: Database | Transaction, me: str) -> list[SavedSearch]:
    """All of somebody's, the newest first."""
    return [SavedSearch.of(row) for row in await reader.read(_MINE, {"me": me})]


async def add(tx: Transaction, me: str, search: SavedSearch) -> None:
    """Keep one more."""
    await tx.read(_ADD, {**_values(search), "me": me, "now": search.created_at})


async def change(tx: Transaction, search: SavedSearch) -> None:
    """Write name, query and alerts."""
    await tx.read(_CHANGE, {**_values(search), "now": search.updated_at})


async def remove(tx: Transaction, search_id: UUID) -> None:
    """Forget one."""
    await tx.read("DELETE FROM saved_searches WHERE id = %(id)s", {"id": search_id})


def _values(search: SavedSearch) -> dict[str, Any]:
    return {
        "id": search.id,
        "name": search.name,
        "query": Jsonb(search.query.model_dump(mode="json", exclude_none=True)),
        "alerts": search.alerts,
    }
