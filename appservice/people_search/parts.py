# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which engine people search has, and how its parts are put together."""

from appservice.clock import Clock
from appservice.database import Database
from appservice.people_search.index import Indexer
from appservice.people_search.service import PeopleSearch
from appservice.people_search.store import PostgresEngine
from appservice.places.offline import countries


def search(database: Database, clock: Clock) -> PeopleSearch:
    """What the doors ask."""
    return PeopleSearch(database, PostgresEngine(database), clock)


def indexer(database: Database) -> Indexer:
    """What the worker and the command run."""
    return Indexer(database, PostgresEngine(database), _country)


def _country(code: str) -> str | None:
    found = countries().get(code)
    return found[1] if found else None
