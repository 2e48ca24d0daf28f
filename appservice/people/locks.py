# SPDX-License-Identifier: AGPL-3.0-or-later
"""Locks that put everything two people do to each other in one order (quality Q15).

Always a person before a pair: so two transactions can never wait for one another.
"""

from appservice.database import Transaction
from policy.ids import pair

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%(key)s, 0))"


async def lock_person(tx: Transaction, user_id: str) -> None:
    """Alone with one person until the transaction ends."""
    await tx.read(_LOCK, {"key": f"person:{user_id}"})


async def lock_pair(tx: Transaction, one: str, other: str) -> None:
    """Alone with an unordered pair until the transaction ends."""
    await tx.read(_LOCK, {"key": "pair:" + "|".join(pair(one, other))})
