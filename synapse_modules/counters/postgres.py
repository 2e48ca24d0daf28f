# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counters in the one table the modules may write: for workers while Redis is away.

Slower than Redis and exact all the same. The table is unlogged: a crash empties it.
"""

from collections.abc import Sequence

from policy.posting import Charge, wait_ms
from policy.verdict import ALLOW, Verdict
from synapse_modules.counters import lifetime_ms, verdict_of
from synapse_modules.database import Connection
from synapse_modules.errors import CountersAwayError, FactsUnknownError
from synapse_modules.fact_reader import FactReader

# The row is made first, so that there is one to lock; keys come sorted, so that two acts cannot
# wait for each other.
_LOCK = """
INSERT INTO rate_counters (key, stamps, expires_at)
SELECT key, '{}', to_timestamp(%(now)s / 1000.0)
FROM unnest(%(keys)s::text[]) AS key ORDER BY key
ON CONFLICT (key) DO UPDATE SET key = excluded.key
RETURNING key, stamps
"""
_ONCE = """
INSERT INTO rate_counters (key, stamps, expires_at)
VALUES (%(key)s, '{}', to_timestamp(%(end)s / 1000.0))
ON CONFLICT (key) DO UPDATE SET expires_at = excluded.expires_at
WHERE rate_counters.expires_at <= to_timestamp(%(now)s / 1000.0)
RETURNING key
"""
_CHARGE = """
UPDATE rate_counters SET stamps = %(stamps)s, expires_at = to_timestamp(%(end)s / 1000.0)
WHERE key = %(key)s
"""


class _RefusedError(Exception):
    """Rolls the token back with everything else."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__()
        self.verdict = verdict


class PostgresCounters:
    """Sliding window logs in `rate_counters`."""

    def __init__(self, reader: FactReader) -> None:
        """Args: whose threads and connections to use."""
        self._reader = reader

    async def charge(self, charges: Sequence[Charge], token: str | None, now_ms: int) -> Verdict:
        """See `Counters.charge`."""
        if not charges:
            return ALLOW
        try:
            return await self._reader.run(
                lambda connection: _charge(connection, charges, token, now_ms)
            )
        except FactsUnknownError as problem:
            raise CountersAwayError("postgres") from problem


def _charge(
    connection: Connection, charges: Sequence[Charge], token: str | None, now_ms: int
) -> Verdict:
    try:
        with connection.transaction():
            connection.execute("SET TRANSACTION READ WRITE")
            if token is not None and not _is_first(connection, charges, token, now_ms):
                return ALLOW
            _apply(connection, charges, now_ms)
    except _RefusedError as refused:
        return refused.verdict
    return ALLOW


def _is_first(connection: Connection, charges: Sequence[Charge], token: str, now_ms: int) -> bool:
    end = now_ms + max(lifetime_ms(charge) for charge in charges)
    params = {"key": f"txn:{token}", "end": end, "now": now_ms}
    return connection.execute(_ONCE, params).fetchone() is not None


def _apply(connection: Connection, charges: Sequence[Charge], now_ms: int) -> None:
    keys = sorted({charge.key for charge in charges})
    rows = connection.execute(_LOCK, {"keys": keys, "now": now_ms}).fetchall()
    known: dict[str, list[int]] = dict(rows)  # type: ignore[arg-type]
    waits = [wait_ms(known[charge.key], charge.windows, now_ms) for charge in charges]
    verdict = verdict_of(charges, waits)
    if verdict is not ALLOW:
        raise _RefusedError(verdict)
    for charge in charges:
        lifetime = lifetime_ms(charge)
        stamps = [s for s in known[charge.key] if s > now_ms - lifetime]
        connection.execute(
            _CHARGE, {"key": charge.key, "stamps": [*stamps, now_ms], "end": now_ms + lifetime}
        )
