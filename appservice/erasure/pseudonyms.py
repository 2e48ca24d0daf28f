# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys of pseudonyms: made when first needed, destroyed when an account is deleted (D32)."""

from appservice.clock import Clock
from appservice.database import Transaction
from policy.pseudonym import pseudonym

_FIND = "SELECT pseudonym FROM pseudonym_keys WHERE user_id = %(user_id)s"
_ADD = """
INSERT INTO pseudonym_keys (user_id, key, pseudonym) VALUES (%(user_id)s, %(key)s, %(name)s)
ON CONFLICT DO NOTHING
"""
_DESTROY = "DELETE FROM pseudonym_keys WHERE user_id = %(user_id)s"


async def name_of(tx: Transaction, user_id: str, clock: Clock) -> str:
    """Under what name somebody stands in rows that are kept; always the same while there is a key.

    Args:
        tx: the transaction that writes those rows.
        user_id: whose.
        clock: for a new key.
    """
    rows = await tx.read(_FIND, {"user_id": user_id})
    if not rows:
        key = clock.token().encode()
        await tx.read(_ADD, {"user_id": user_id, "key": key, "name": pseudonym(key, user_id)})
        # Another transaction may have been first.
        rows = await tx.read(_FIND, {"user_id": user_id})
    return str(rows[0][0])


async def destroy(tx: Transaction, user_id: str) -> None:
    """From now on nobody can tell whose name it was."""
    await tx.read(_DESTROY, {"user_id": user_id})
