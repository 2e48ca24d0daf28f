# SPDX-License-Identifier: AGPL-3.0-or-later
"""The inbox: what the homeserver pushed, stored before it is answered, gone once applied."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from appservice.database import Database

Json = dict[str, Any]

# One statement is one commit: the transaction's id and its events, or neither (O5). What was
# applied already does not come in again.
_STORE = """
WITH seen AS (
  INSERT INTO inbox_transactions (txn_id, body_hash, received_at)
  VALUES (%(txn_id)s, %(hash)s, %(now)s) ON CONFLICT DO NOTHING
), pushed AS (
  SELECT event ->> 'event_id' AS event_id, event, place
  FROM jsonb_array_elements(%(events)s::jsonb) WITH ORDINALITY AS e(event, place)
  WHERE event ->> 'event_id' IS NOT NULL
), stored AS (
  INSERT INTO inbox (event_id, body, received_at)
  SELECT event_id, event, %(now)s FROM pushed
  WHERE NOT EXISTS (SELECT FROM events WHERE events.event_id = pushed.event_id)
  ORDER BY place
  ON CONFLICT (event_id) DO NOTHING
  RETURNING 1
)
SELECT count(*), pg_notify('kith_inbox', '') IS NULL FROM stored
"""

_WAITING = """
SELECT body FROM inbox WHERE received_at <= %(until)s ORDER BY position LIMIT %(limit)s
"""


class Inbox:
    """Stores pushed events and gives them back in the order they came."""

    def __init__(self, database: Database) -> None:
        """Take Kith's database."""
        self._database = database

    async def store(self, txn_id: str, events: Sequence[Json], now: datetime) -> int:
        """Keep a transaction; harmless when it comes again, whole or in part.

        Returns:
            How many events were new.
        """
        text = json.dumps(list(events))
        rows = await self._database.run(
            _STORE,
            {
                "txn_id": txn_id,
                "hash": hashlib.sha256(text.encode()).digest(),
                "events": text,
                "now": now,
            },
        )
        return int(rows[0][0])

    async def waiting(self, until: datetime, limit: int) -> list[Json]:
        """The oldest events received up to ``until``."""
        rows = await self._database.read(_WAITING, {"until": until, "limit": limit})
        return [row[0] for row in rows]

    async def oldest(self) -> datetime | None:
        """When the oldest waiting event was received."""
        rows = await self._database.read("SELECT min(received_at) FROM inbox")
        found: datetime | None = rows[0][0]
        return found
