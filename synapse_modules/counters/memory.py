# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counters in this process: exact when Synapse runs as one process, and free.

Between a check and its charge nothing is awaited, so no lock is needed.
"""

from bisect import bisect_right
from collections.abc import Sequence

from policy.posting import Charge, wait_ms
from policy.verdict import ALLOW, Verdict
from synapse_modules.counters import lifetime_ms, verdict_of

_SWEEP_EVERY = 1_000
"""Charges between two looks for what has expired."""


class MemoryCounters:
    """Sliding window logs in a dictionary."""

    def __init__(self) -> None:
        self._stamps: dict[str, list[int]] = {}
        self._ends: dict[str, int] = {}
        self._tokens: dict[str, int] = {}
        self._until_sweep = _SWEEP_EVERY

    def __len__(self) -> int:
        return len(self._stamps) + len(self._tokens)

    async def charge(self, charges: Sequence[Charge], token: str | None, now_ms: int) -> Verdict:
        """See `Counters.charge`; never away."""
        if not charges:
            return ALLOW
        if token is not None and self._tokens.get(token, 0) > now_ms:
            return ALLOW
        waits = [
            wait_ms(self._stamps.get(charge.key, []), charge.windows, now_ms) for charge in charges
        ]
        verdict = verdict_of(charges, waits)
        if verdict is not ALLOW:
            return verdict
        for charge in charges:
            self._add(charge, now_ms)
        if token is not None:
            self._tokens[token] = now_ms + max(lifetime_ms(charge) for charge in charges)
        self._until_sweep -= 1
        if self._until_sweep <= 0:
            self._sweep(now_ms)
        return ALLOW

    def _add(self, charge: Charge, now_ms: int) -> None:
        lifetime = lifetime_ms(charge)
        stamps = self._stamps.setdefault(charge.key, [])
        del stamps[: bisect_right(stamps, now_ms - lifetime)]
        stamps.append(now_ms)
        self._ends[charge.key] = now_ms + lifetime

    def _sweep(self, now_ms: int) -> None:
        self._until_sweep = _SWEEP_EVERY
        for key in [key for key, end in self._ends.items() if end <= now_ms]:
            del self._ends[key], self._stamps[key]
        for token in [token for token, end in self._tokens.items() if end <= now_ms]:
            del self._tokens[token]
