# SPDX-License-Identifier: AGPL-3.0-or-later
"""Display names among the people here: whose may not be taken, and which look alike (P1, D34)."""

from appservice.database import Database, Transaction
from policy import names
from policy.verdict import ALLOW, Verdict

# An id is shown where somebody has no name, so it is guarded like one.
_GUARDED = """
SELECT coalesce(p.display_name, ''), substr(split_part(p.user_id, ':', 1), 2)
FROM people p LEFT JOIN staff s USING (user_id)
WHERE p.user_id <> %(user_id)s AND p.local AND p.deactivated_at IS NULL
  AND (s.user_id IS NOT NULL OR p.kind IN ('service', 'bot'))
"""
_ALIKE = """
SELECT n.name FROM profile_names n JOIN people p USING (user_id)
WHERE n.skeleton = %(look)s AND n.user_id <> %(user_id)s AND p.deactivated_at IS NULL
LIMIT 20
"""
_STAFF = "SELECT EXISTS (SELECT FROM staff WHERE user_id = %(user_id)s)"
_REMEMBER = """
INSERT INTO profile_names (user_id, name, skeleton) VALUES (%(user_id)s, %(name)s, %(look)s)
ON CONFLICT (user_id) DO UPDATE SET name = excluded.name, skeleton = excluded.skeleton
"""
_BEHIND = """
SELECT p.user_id, p.display_name FROM people p LEFT JOIN profile_names n USING (user_id)
WHERE p.local AND p.display_name IS NOT NULL AND p.display_name IS DISTINCT FROM n.name
ORDER BY p.user_id LIMIT %(limit)s
"""
_BATCH = 500


async def judge(tx: Database | Transaction, user_id: str, name: str) -> Verdict:
    """Whether a local person may take a name, wherever they set it."""
    own = names.judge(name, staff=True)
    if own != ALLOW:
        # Neither is the database asked about text that it could not even hold.
        return own
    guarded = await tx.read(_GUARDED, {"user_id": user_id})
    alike = await tx.read(_ALIKE, {"user_id": user_id, "look": names.look(name)})
    staff = await tx.read(_STAFF, {"user_id": user_id})
    return names.judge(
        name,
        guarded=[text for row in guarded for text in row if text],
        alike=[row[0] for row in alike],
        staff=bool(staff[0][0]),
    )


async def remember(tx: Transaction, user_id: str, name: str) -> None:
    """Note the name that a local person has now."""
    await tx.read(_REMEMBER, {"user_id": user_id, "name": name, "look": names.look(name)})


class NameBook:
    """Brings the book of names in line with names that came by another way."""

    def __init__(self, database: Database) -> None:
        """Take Kith's database."""
        self._database = database

    async def catch_up(self) -> None:
        """Note every name that is not noted yet; a job that runs now and then."""
        while rows := await self._database.read(_BEHIND, {"limit": _BATCH}):
            async with self._database.transaction() as tx:
                for user_id, name in rows:
                    await remember(tx, user_id, name)
            if len(rows) < _BATCH:
                return
