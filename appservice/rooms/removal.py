# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who took somebody out of a room.

Told to nobody else, and without words of theirs: a stranger's ban is no way to write (D28).
"""

from dataclasses import dataclass
from datetime import datetime

from appservice.database import Database
from policy.ids import kith_id

# The reference is read as in `rooms.store`; of a line of rooms the one last left counts.
_FIND = """
SELECT r.room_id, m.membership = 'ban', m.sender, p.display_name, p.avatar_url, m.since
FROM memberships m JOIN rooms r ON r.room_id = m.room_id
LEFT JOIN people p ON p.user_id = m.sender
WHERE m.user_id = %(me)s AND m.membership IN ('leave', 'ban') AND m.sender <> %(me)s
  AND (r.room_id = %(reference)s OR r.id = %(id)s::uuid
    OR (r.kind = 'forum' AND r.slug = lower(%(reference)s)))
ORDER BY m.since DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Removal:
    """How somebody came to be out of a room.

    Attributes:
        banned: they cannot come back until that is lifted.
        by: who did it.
    """

    room_id: str
    banned: bool
    by: str
    by_name: str | None
    by_avatar: str | None
    at: datetime


async def find(database: Database, me: str, reference: str) -> Removal | None:
    """Who removed me; None when I left by myself, was never there, or am in it."""
    if "\x00" in reference:
        return None
    values = {"me": me, "reference": reference, "id": kith_id(reference)}
    rows = await database.read(_FIND, values)
    return Removal(*rows[0]) if rows else None
