# SPDX-License-Identifier: AGPL-3.0-or-later
"""Events that could not be applied: kept with the error for an operator, never in the way."""

import json
from collections.abc import Mapping
from typing import Any

import structlog

from appservice import metrics
from appservice.clock import Clock
from appservice.database import Database
from appservice.homeserver.event import MalformedError
from appservice.text import storable_json, storable_text

Body = Mapping[str, Any]

_LOG = structlog.get_logger("kith.consumer")
_LONGEST_ERROR = 500
_KEEP = """
INSERT INTO intake_failures AS f (event_id, body, error, failed_at)
VALUES (%(event_id)s, %(body)s, %(error)s, %(now)s)
ON CONFLICT (event_id) DO UPDATE
SET error = excluded.error, failed_at = excluded.failed_at, attempts = f.attempts + 1
"""


class Failures:
    """The table of what could not be applied."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Take Kith's database and the time."""
        self._database = database
        self._clock = clock

    async def keep(self, event_id: str, body: Body, error: Exception) -> None:
        """Note the event; its content stays out, for it may be a private message."""
        kept = {key: value for key, value in body.items() if key not in ("content", "unsigned")}
        metrics.FAILED.inc()
        _LOG.error("event_failed", event_id=event_id, error=type(error).__name__)
        await self._database.run(
            _KEEP,
            {
                "event_id": storable_text(event_id)[:_LONGEST_ERROR],
                "body": storable_json(json.dumps(kept)),
                "error": _described(error),
                "now": self._clock.now(),
            },
        )


def _described(error: Exception) -> str:
    # A database's message may quote the value it refused.
    field = f": {error}" if isinstance(error, MalformedError) else ""
    return type(error).__name__ + field
