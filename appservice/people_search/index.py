# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps the engine in line with the tables: those who wait, by a job; everybody, by a command."""

from collections.abc import Callable, Sequence

from appservice.database import Database, Rows
from appservice.people_search.engine import Engine
from appservice.people_search.entries import Truth, entry

JOB = "people_search.index"
"""Queued by the database itself, in the transaction of a change (`kith_search_changed`)."""

_BATCH = 200
_WAITING = """
SELECT user_id FROM people_search_waiting ORDER BY user_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""
_DONE = "DELETE FROM people_search_waiting WHERE user_id = ANY (%(who)s)"
_TRUTH = """
SELECT p.user_id, p.local AND p.kind = 'person' AND p.deactivated_at IS NULL
         AND coalesce(f.hidden, false) IS FALSE,
       p.display_name, f.bio, f.pronouns, f.city, f.country_code, coalesce(f.interests, '[]'),
       coalesce(f.visibility, '{}')
FROM people p LEFT JOIN profiles f USING (user_id) WHERE p.user_id = ANY (%(who)s)
"""
# Uncommitted, these rows hide nobody, and hold up whoever changes one of these people meanwhile:
# so no older truth is ever written over a newer one.
_EVERYBODY = """
INSERT INTO people_search_waiting (user_id)
SELECT user_id FROM people WHERE user_id > %(after)s AND local ORDER BY user_id LIMIT %(limit)s
ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id RETURNING user_id
"""
_HOW_MANY = "SELECT count(*) FROM people WHERE local"

Country = Callable[[str], str | None]
Tell = Callable[[int, int], None]


class Indexer:
    """Reads the truth and puts it into an engine."""

    def __init__(self, database: Database, engine: Engine, country: Country) -> None:
        """Args: Kith's database, the engine, and the name of a country of that code."""
        self._database = database
        self._engine = engine
        self._country = country

    async def drain(self) -> None:
        """See to everybody who waits; a job, which may run twice and at once with itself.

        Whoever changes something meanwhile waits for the batch to end and is seen to again.
        """
        while True:
            async with self._database.transaction() as tx:
                waiting = _ids(await tx.read(_WAITING, {"limit": _BATCH}))
                if waiting:
                    await self._put(await tx.read(_TRUTH, {"who": waiting}))
                    await tx.read(_DONE, {"who": waiting})
            if len(waiting) < _BATCH:
                return

    async def rebuild(self, tell: Tell) -> int:
        """Put in everybody anew, while searches and changes go on.

        Args:
            tell: is told how many are done, and of how many.

        Returns:
            How many people were seen to.
        """
        of = (await self._database.read(_HOW_MANY))[0][0]
        done, after = 0, ""
        while True:
            async with self._database.transaction() as tx:
                batch = _ids(await tx.read(_EVERYBODY, {"after": after, "limit": _BATCH}))
                await self._put(await tx.read(_TRUTH, {"who": batch}))
                await tx.read(_DONE, {"who": batch})
            if not batch:
                return done
            done, after = done + len(batch), max(batch)
            tell(done, max(of, done))

    async def _put(self, rows: Rows) -> None:
        found = [Truth(*row) for row in rows]
        kept = [
            entry(one, self._country(one.country_code) if one.country_code else None)
            for one in found
            if one.findable
        ]
        await self._engine.put(kept, [one.user_id for one in found if not one.findable])


def _ids(rows: Rows) -> Sequence[str]:
    return [row[0] for row in rows]
