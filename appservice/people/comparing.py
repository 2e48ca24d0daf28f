# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks that a person's profiles here and in Matrix be compared; `profile_sync` does it (P5)."""

from appservice.database import Plain

SYNC = "profiles.sync"
"""Name of the job."""

DRIFTED = "profiles.find_drifted"
"""Name of the job that finds whose profile changed while nobody listened."""


async def find_drifted(tx: Plain) -> None:
    """Queue the job that finds whom to compare: signals may have been lost."""
    await tx.defer(DRIFTED, lock=DRIFTED, once=DRIFTED)


async def compare(tx: Plain, user_id: str, *, judge: bool = False) -> None:
    """Queue it; one at a time for a person, and one that waits.

    Args:
        tx: what it follows from.
        user_id: a local person.
        judge: whether a name that stands there at the first comparison was just chosen.
    """
    mark = f"{SYNC}:{user_id}"
    await tx.defer(SYNC, lock=mark, once=mark, user_id=user_id, judge=judge)
