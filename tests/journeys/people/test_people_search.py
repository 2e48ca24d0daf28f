# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody is found by what they say of themselves, in Kith or in a Matrix client (P6)."""

from typing import Any

import pytest

from tests.journeys.people.world import Someone
from tests.support.eventually import eventually

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


async def found(reader: Someone, words: str) -> list[str]:
    status, told = await reader.kith("GET", f"/api/people/search?q={words}")
    assert status == 200, told
    return [row["user_id"] for row in told["people"]]


async def finds(reader: Someone, words: str, whom: Someone) -> None:
    async def now() -> bool:
        return whom.user_id in await found(reader, words)

    await eventually(now)


async def test_the_worker_brings_a_person_into_the_search(alice: Someone, bob: Someone) -> None:
    public: dict[str, Any] = {"bio": "public", "location": "public"}
    await alice.edit(bio="I tune harpsichords.", visibility_settings=public)
    await finds(bob, "harpsichord", alice)
    await finds(bob, "harpsichords+alice", alice)
    # Hidden with the answer to the change, not when the worker comes to it.
    await alice.edit(visibility_settings={"bio": "private"})
    assert await found(bob, "harpsichord") == []
    await alice.write("displayname", "Wilhelmina Quist")
    await finds(bob, "wilhelmnia", alice)
    await alice.edit(hidden=True)
    assert await found(bob, "wilhelmina") == []
    await alice.edit(hidden=False)
    await finds(bob, "quist", alice)
    status, told = await bob.kith("POST", f"/api/profile/{alice.user_id}/block")
    assert status == 204, told
    assert await found(bob, "quist") == []
    assert bob.user_id not in await found(alice, bob.matrix.user_id[1:].partition(":")[0])
