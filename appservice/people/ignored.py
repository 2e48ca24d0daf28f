# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps blocks and the ignore list of the Matrix account alike, whichever side changed (D17).

A three-way merge against what both last agreed on: so each side may add and remove, and the two
never answer one another for ever.
"""

from collections.abc import Mapping
from typing import Any

from appservice.database import Database
from appservice.errors import KithError, NotFound
from appservice.homeserver.port import Homeserver
from appservice.people.service import PeopleService
from policy.ids import is_local, parse_user_id

_KIND = "m.ignored_user_list"
_FIELD = "ignored_users"
_STATE = """
SELECT coalesce((SELECT ignored FROM ignore_mirror WHERE user_id = %(me)s), '{}'),
       coalesce((SELECT array_agg(blocked) FROM blocks WHERE blocker = %(me)s), '{}')
FROM people WHERE user_id = %(me)s AND local AND deactivated_at IS NULL
"""
_AGREED = """
INSERT INTO ignore_mirror (user_id, ignored) VALUES (%(me)s, %(ignored)s)
ON CONFLICT (user_id) DO UPDATE SET ignored = excluded.ignored
"""


def merged(base: frozenset[str], one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """What two sets that started out as ``base`` become together."""
    added = (one - base) | (other - base)
    removed = (base - one) | (base - other)
    return (base | added) - removed


class Ignored:
    """Brings one person's two lists together."""

    def __init__(
        self, database: Database, homeserver: Homeserver, people: PeopleService, server_name: str
    ) -> None:
        """Take what holds the two lists."""
        self._database = database
        self._homeserver = homeserver
        self._people = people
        self._server_name = server_name

    async def mirror(self, user_id: str) -> None:
        """Merge; repeating it changes nothing.

        Raises:
            Unavailable: the homeserver or the database does not answer; to be repeated.
        """
        await self._meet(user_id)
        rows = await self._database.read(_STATE, {"me": user_id})
        if not rows:
            return
        base, blocks = (frozenset(found) for found in rows[0])
        content = await self._homeserver.get_account_data(user_id, _KIND) or {}
        entries = _entries(content)
        ignored = frozenset(who for who in entries if parse_user_id(who) and who != user_id)
        wanted = merged(base, ignored, blocks)
        agreed = await self._blocked(user_id, blocks, wanted)
        if wanted != ignored:
            kept = {who: entries[who] for who in entries if who in wanted or who not in ignored}
            new = {**kept, **{who: {} for who in sorted(wanted - ignored)}}
            await self._homeserver.set_account_data(user_id, _KIND, {**content, _FIELD: new})
        async with self._database.transaction() as tx:
            await tx.read(_AGREED, {"me": user_id, "ignored": sorted(agreed)})

    async def _meet(self, user_id: str) -> None:
        # An ignore list can be the first thing an account ever does.
        if is_local(user_id, self._server_name):
            async with self._database.transaction() as tx:
                await tx.read(
                    "INSERT INTO people (user_id, local) VALUES (%(me)s, true)"
                    " ON CONFLICT DO NOTHING",
                    {"me": user_id},
                )

    async def _blocked(
        self, me: str, blocks: frozenset[str], wanted: frozenset[str]
    ) -> frozenset[str]:
        """Make blocks of who is wanted and exists; the rest stay ignores only."""
        nobody: set[str] = set()
        for them in sorted(wanted - blocks):
            try:
                await self._people.block(me, them, mirror=False)
            except NotFound:
                nobody.add(them)
            except KithError as error:
                if error.status < 500:  # noqa: PLR2004 - refused for good
                    nobody.add(them)
                else:
                    raise
        for them in sorted(blocks - wanted):
            await self._people.unblock(me, them, mirror=False)
        return wanted - nobody


def _entries(content: Mapping[str, Any]) -> dict[str, Any]:
    found = content.get(_FIELD)
    return dict(found) if isinstance(found, dict) else {}
