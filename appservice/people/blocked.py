# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom people have blocked: whose words they do not read (D17)."""

from collections import defaultdict
from collections.abc import Collection

from appservice.database import Database

_BLOCKED = "SELECT blocker, blocked FROM blocks WHERE blocker = ANY (%(people)s)"
_NOBODY: frozenset[str] = frozenset()


async def blocked_by(database: Database, people: Collection[str]) -> dict[str, frozenset[str]]:
    """Whom each of them has blocked; an empty set for nobody.

    Raises:
        Unavailable: the database is away.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for blocker, blocked in await database.read(_BLOCKED, {"people": list(people)}):
        found[blocker].add(blocked)
    # Most have blocked nobody, and an empty set of their own takes 200 bytes each.
    return {who: frozenset(found[who]) if who in found else _NOBODY for who in people}
