# SPDX-License-Identifier: AGPL-3.0-or-later
"""Use cases of people search: find people, and see what can narrow the search down (P6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from appservice.clock import Clock
from appservice.database import Database
from appservice.friends.rows import Row, about
from appservice.people_search.engine import Engine, Facets, Hit, Wanted

_ROWS = about(
    """
  SELECT user_id, place
  FROM unnest(%(people)s::text[]) WITH ORDINALITY AS given(user_id, place)""",
    own="page.place",
    order="page.place",
)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody found, and how the viewer stands to them."""

    hit: Hit
    row: Row


class PeopleSearch:
    """Finds people for people."""

    def __init__(self, database: Database, engine: Engine, clock: Clock) -> None:
        """Args: Kith's database, what finds, and the time."""
        self._database = database
        self._engine = engine
        self._clock = clock

    async def find(
        self, me: str, wanted: Wanted, after: tuple[int, str] | None, limit: int
    ) -> Sequence[Found]:
        """A page of people, best first (one more than `limit` if there are more)."""
        hits = await self._engine.find(me, wanted, after, limit + 1)
        if not hits:
            return []
        rows = await self._database.read(
            _ROWS,
            {"viewer": me, "now": self._clock.now(), "people": [hit.user_id for hit in hits]},
        )
        known = {row.user_id: row for row in (Row.of(columns[1:]) for columns in rows)}
        return [Found(hit, known[hit.user_id]) for hit in hits if hit.user_id in known]

    async def facets(self, me: str, wanted: Wanted) -> Facets:
        """What can narrow a search down."""
        return await self._engine.facets(me, wanted)
