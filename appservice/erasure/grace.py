# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds while an erasure waits: a hidden profile that takes no requests (D32).

What was before is remembered with the erasure, so that cancelling leaves nothing behind.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from appservice.database import Transaction
from appservice.people.comparing import compare
from appservice.profiles import activity
from appservice.profiles import store as profiles
from appservice.profiles.activity import Kind

_NOW = """
SELECT p.request_policy, coalesce(f.hidden, false), p.deactivated_at IS NOT NULL
FROM people p LEFT JOIN profiles f USING (user_id) WHERE p.user_id = %(user_id)s
"""
_POLICY = """
UPDATE people SET request_policy = %(after)s
WHERE user_id = %(user_id)s AND request_policy = %(before)s
"""
_NOBODY = "nobody"


async def hide(tx: Transaction, user_id: str, now: datetime) -> dict[str, Any]:
    """Hide somebody whose lock is held; what to remember of before."""
    policy, hidden, gone = (await tx.read(_NOW, {"user_id": user_id}))[0]
    if gone:
        return {}
    await tx.read(_POLICY, {"user_id": user_id, "before": policy, "after": _NOBODY})
    if not hidden:
        await _set_hidden(tx, user_id, now, hidden=True)
    return {"request_policy": policy, "hidden": hidden}


async def restore(tx: Transaction, user_id: str, before: Mapping[str, Any], now: datetime) -> None:
    """Put everything back, but what the person has changed themselves meanwhile."""
    if not before:
        return
    after = before["request_policy"]
    await tx.read(_POLICY, {"user_id": user_id, "before": _NOBODY, "after": after})
    hidden = (await tx.read(_NOW, {"user_id": user_id}))[0][1]
    if hidden and not before["hidden"]:
        await _set_hidden(tx, user_id, now, hidden=False)


async def _set_hidden(tx: Transaction, user_id: str, now: datetime, *, hidden: bool) -> None:
    await profiles.save(tx, user_id, {"hidden": hidden}, now)
    kind = Kind.HIDDEN if hidden else Kind.SHOWN
    await activity.record(tx, user_id, kind, now, subject={"because": "erasure"})
    await compare(tx, user_id)
