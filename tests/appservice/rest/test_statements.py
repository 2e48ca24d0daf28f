# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many SQL statements an endpoint may cost, sign-in included (quality Q24)."""

from collections.abc import Mapping
from typing import Any

import pytest

from appservice.database import Database, Rows, Transaction
from tests.support.door import Door, Person

MOST = {
    "GET /api/me": 2,
    "GET /api/me/settings": 2,
    "GET /api/me/friends": 3,
    "GET /api/profile/bob/friends": 3,
    "GET /api/me/friend-requests": 2,
    "GET /api/profile/bob/relationship": 3,
    "GET /api/me/following": 2,
    "GET /api/me/blocks": 2,
    "GET /api/auth/session": 2,
    # The first look finds them.
    "GET /api/people/suggestions": 8,
    "GET /api/people/search?q=p1": 3,
    "GET /api/people/search/facets?q=p1": 2,
    "GET /api/dm/conversations": 6,
    "GET /api/me/quick-replies": 2,
    "POST /api/profile/bob/follow": 6,
    "POST /api/profile/bob/mute": 4,
    "POST /api/profile/eve/friend-request": 14,
    "POST /api/dm/conversations": 16,
}


class Counter:
    """Counts statements between `reset` and a look."""

    def __init__(self) -> None:
        self.count = 0


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Counter:
    counted = Counter()
    by_pool, in_transaction = Database._read, Transaction.read

    async def pool(self: Database, sql: str, params: Mapping[str, Any] | None) -> Rows:
        counted.count += 1
        return await by_pool(self, sql, params)

    async def inside(self: Transaction, sql: str, params: Mapping[str, Any] | None = None) -> Rows:
        counted.count += 1
        return await in_transaction(self, sql, params)

    monkeypatch.setattr(Database, "_read", pool)
    monkeypatch.setattr(Transaction, "read", inside)
    return counted


async def test_no_endpoint_costs_more_than_it_may(door: Door, counter: Counter) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await door.befriend(alice, bob)
    others = [door.person(f"p{number}") for number in range(30)]
    for other in others:
        await door.befriend(other, bob)
    await door.person("eve").get("/api/me")
    spent = {}
    for what in MOST:
        method, path = what.split()
        body = {"participants": ["bob"]} if path.endswith("conversations") else None
        counter.count = 0
        answer = await alice.ask(method, path, body)
        assert answer.status < 300, (what, answer.text)
        spent[what] = counter.count
    assert {what: count for what, count in spent.items() if count > MOST[what]} == {}


async def test_a_longer_page_costs_no_more_statements(door: Door, counter: Counter) -> None:
    alice = door.person("alice")
    friends: list[Person] = [door.person(f"p{number}") for number in range(12)]
    for friend in friends:
        await door.befriend(alice, friend)
    counts = []
    for limit in (1, 12):
        counter.count = 0
        await alice.get(f"/api/me/friends?limit={limit}")
        counts.append(counter.count)
    assert counts[0] == counts[1]
