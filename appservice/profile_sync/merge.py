# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which side of a field is right, by what both last agreed on. Pure.

When both changed, Kith's side holds: its editor says who may see a field, so a field that was just
made private must not come back.
"""

from enum import Enum

from appservice.profile_sync.fields import Shared, Values


class Act(Enum):
    """What has to happen with a field."""

    NOTHING = "nothing"
    WRITE = "write"
    """Kith's value goes to Matrix."""
    TAKE = "take"
    """Matrix's value comes to Kith."""


def act(shared: Shared, *, base: Values | None, kith: Values, matrix: Values, holds: bool) -> Act:
    """What has to happen with one field.

    Args:
        shared: the field.
        base: what both agreed on; None when they never did.
        kith: what Kith wants there: nothing, when it is not for everybody.
        matrix: what is there.
        holds: at first, Kith knows better; else Matrix does.
    """
    wanted, there = shared.of(kith), shared.of(matrix)
    if wanted == there:
        return Act.NOTHING
    if shared.read is None:
        return Act.WRITE
    if base is None:
        return Act.TAKE if there and not holds else Act.WRITE
    agreed = shared.of(base)
    return Act.TAKE if there != agreed and wanted == agreed else Act.WRITE


def changed(shared: Shared, base: Values | None, matrix: Values) -> str:
    """The key that tells what somebody wrote: clients that know only one leave the others old."""
    for key in shared.keys:
        if matrix.get(key) != (base or {}).get(key) and matrix.get(key) is not None:
            return key
    return shared.keys[0]
