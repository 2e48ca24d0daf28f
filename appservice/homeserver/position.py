# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far Synapse's stream is known without holes. Pure.

Positions are handed out before their transactions commit, so a lower one may appear after a
higher one. A missing position is waited for; one that stays away was rolled back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

_PATIENCE = 60.0
"""Seconds after which a missing position is given up: no transaction of Synapse is open longer."""
_WIDEST = 10_000
"""Positions of one gap that are watched one by one; a wider gap is one of another making."""


@dataclass(slots=True)
class Progress:
    """The highest position seen, and those below it that were not there.

    Attributes:
        high: everything above is unread.
        missing: position to the monotonic time at which it was first missed.
    """

    high: int
    missing: dict[int, float] = field(default_factory=dict)

    @property
    def low(self) -> int:
        """Everything up to here is known for good: where to begin after a restart."""
        return min(self.missing, default=self.high + 1) - 1

    def saw(self, positions: Iterable[int], at: float) -> None:
        """Note positions that exist, in rising order."""
        for position in positions:
            if position <= self.high:
                self.missing.pop(position, None)
                continue
            first = max(self.high + 1, position - _WIDEST)
            self.missing.update(dict.fromkeys(range(first, position), at))
            self.high = position

    def give_up(self, at: float) -> None:
        """Stop waiting for what has been missing for too long."""
        late = [position for position, since in self.missing.items() if at - since > _PATIENCE]
        for position in late:
            del self.missing[position]
