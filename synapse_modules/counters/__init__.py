# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counters of rates and slow mode: one contract, three stores, one order of falling back."""

from collections.abc import Sequence
from typing import Protocol

from policy.posting import Charge
from policy.verdict import ALLOW, Deny, Verdict


class Counters(Protocol):
    """Checks several counters and charges all of them, or none."""

    async def charge(self, charges: Sequence[Charge], token: str | None, now_ms: int) -> Verdict:
        """Charge one act.

        Args:
            charges: what the act costs; every one must have room.
            token: names the act, so that a client's second try is not charged twice.
            now_ms: the present in milliseconds.

        Returns:
            Allow, or a denial with the time to wait; then nothing was charged.

        Raises:
            CountersAwayError: the store does not answer.
        """


def verdict_of(charges: Sequence[Charge], waits: Sequence[int]) -> Verdict:
    """The verdict for the milliseconds each charge has to wait.

    The first that must wait gives the reason, the longest wait gives the time.
    """
    for charge, wait in zip(charges, waits, strict=True):
        if wait > 0:
            return Deny(charge.reason, max(waits))
    return ALLOW


def lifetime_ms(charge: Charge) -> int:
    """Milliseconds after which a charge can no longer matter to its counter."""
    return max((window.seconds for window in charge.windows), default=0) * 1000
