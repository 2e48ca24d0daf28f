# SPDX-License-Identifier: AGPL-3.0-or-later
"""The order in which stores of counters are asked; the last is memory, which is never away."""

from collections.abc import Sequence

from policy.posting import Charge
from policy.verdict import Verdict
from synapse_modules import metrics
from synapse_modules.counters import Counters
from synapse_modules.counters.memory import MemoryCounters
from synapse_modules.errors import CountersAwayError


class FallingBack:
    """Counters that are always there; exact as long as their first store is."""

    def __init__(self, *stores: Counters) -> None:
        """Args: shared stores, the best first; none when Synapse is one process."""
        self._stores = stores
        self._memory = MemoryCounters()

    async def charge(self, charges: Sequence[Charge], token: str | None, now_ms: int) -> Verdict:
        """See `Counters.charge`; never away."""
        for store in self._stores:
            try:
                return await store.charge(charges, token, now_ms)
            except CountersAwayError as problem:
                metrics.COUNTERS_AWAY.labels(str(problem)).inc()
        return await self._memory.charge(charges, token, now_ms)
