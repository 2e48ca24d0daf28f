# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether somebody who is joined now may see what was said earlier (spec 11.18). Pure.

Both histories are lists of (position, value) in order; the value holds from its position on.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

History = Sequence[tuple[int, str]]
OPEN = frozenset({"shared", "world_readable"})


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person may see of a room.

    Attributes:
        memberships: the person's own.
        rules: of the room's history visibility; before the first it is `shared`.
    """

    memberships: History
    rules: History

    def of(self, position: int) -> bool:
        """Whether the event at a position may be seen."""
        rule = _at(self.rules, position) or "shared"
        if rule in OPEN:
            return True
        # The event that lets somebody in (or out) is theirs to see.
        was = {_at(self.memberships, position), _at(self.memberships, position - 1)}
        return "join" in was or (rule == "invited" and "invite" in was)


def _at(history: History, position: int) -> str | None:
    index = bisect_right(history, position, key=lambda entry: entry[0])
    return history[index - 1][1] if index else None
