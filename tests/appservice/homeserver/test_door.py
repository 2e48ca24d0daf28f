# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door: who may knock, what is kept, what happens when storing is slow (Q3)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import REGISTRY

from appservice.database import Database
from appservice.homeserver.door import Door
from appservice.homeserver.inbox import Inbox
from tests.fakes.clock import FrozenClock
from tests.fakes.events import Timeline, as_pushed

TOKEN = "t" * 40
Heard = list[dict[str, Any]]


@pytest.fixture
def heard() -> Heard:
    return []


@pytest.fixture
async def client(
    store: Database, clock: FrozenClock, heard: Heard
) -> AsyncIterator[TestClient[Any, Any]]:
    # A generous budget: what is tested here is not this machine's speed.
    door = Door(Inbox(store), clock, TOKEN, budget=20.0, ephemeral=heard.extend)
    async with TestClient(TestServer(door.app())) as opened:
        yield opened


async def put(client: TestClient[Any, Any], txn: str, body: Any, token: str | None = TOKEN) -> int:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with client.put(
        f"/_matrix/app/v1/transactions/{txn}", json=body, headers=headers
    ) as answer:
        return answer.status


async def waiting(store: Database) -> list[str]:
    return [row[0] for row in await store.read("SELECT event_id FROM inbox ORDER BY position")]


@pytest.mark.parametrize(("token", "status"), [(None, 401), ("wrong", 403), ("ü", 403)])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/_matrix/app/v1/transactions/1"),
        ("GET", "/_matrix/app/v1/users/@a:b"),
        ("GET", "/_matrix/app/v1/rooms/x"),
        ("POST", "/_matrix/app/v1/ping"),
        ("GET", "/elsewhere"),
    ],
)
async def test_nobody_but_the_homeserver_comes_in(
    client: TestClient[Any, Any], method: str, path: str, *, token: str | None, status: int
) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with client.request(method, path, headers=headers) as answer:
        assert answer.status == status
    # A token in the address would stand in logs: it opens nothing.
    async with client.request(method, path, params={"access_token": TOKEN}) as answer:
        assert answer.status == 401


async def test_kith_makes_nobody_up(client: TestClient[Any, Any]) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for path in ("users/@ghost:hs.test", "rooms/%23none:hs.test"):
        async with client.get(f"/_matrix/app/v1/{path}", headers=headers) as answer:
            assert answer.status == 404


async def test_a_transaction_is_stored_once_however_often_it_comes(
    client: TestClient[Any, Any], store: Database, clock: FrozenClock
) -> None:
    timeline = Timeline(clock)
    one, two, three = (as_pushed(timeline.message("!r", "@a:hs.test")) for _ in range(3))
    body = {"events": [one, two]}
    copies = [put(client, "7", body) for _ in range(6)]
    assert set(await asyncio.gather(*copies)) == {200}
    assert await waiting(store) == [one["event_id"], two["event_id"]]
    # The same id with another body is not the same transaction: nothing of it may be lost.
    assert await put(client, "7", {"events": [two, three]}) == 200
    assert await waiting(store) == [event["event_id"] for event in (one, two, three)]


@pytest.mark.parametrize("body", [[], "text", None, 7])
async def test_what_is_no_transaction_is_refused(client: TestClient[Any, Any], body: Any) -> None:
    assert await put(client, "1", body) == 400


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"event_id": "$x"},
        {"event_id": "$x", "content": {"body": "a\0b\ud800"}},
        {"event_id": "$x", "content": [[[[[{}]]]]]},
        {"event_id": "$x", "content": {"n": 10**40}},
        "text",
    ],
)
async def test_no_event_stops_the_queue(client: TestClient[Any, Any], event: Any) -> None:
    # Synapse repeats what is refused for ever, and everything behind it waits.
    assert await put(client, "1", {"events": [event]}) == 200


async def test_private_receipts_stay_outside(client: TestClient[Any, Any], heard: Heard) -> None:
    before = REGISTRY.get_sample_value("kith_intake_ephemeral_total", {"type": "m.typing"}) or 0
    alice, bob = {"@alice:hs.test": {"ts": 1}}, {"@bob:hs.test": {"ts": 1}}
    ephemeral = [
        {"type": "m.typing", "room_id": "!r", "content": {"user_ids": []}},
        {"type": "m.receipt", "content": {"$1": {"m.read": alice, "m.read.private": bob}}},
        {"type": "m.receipt", "content": {"$1": {"m.read.private": bob}}},
    ]
    assert await put(client, "1", {"events": [], "ephemeral": ephemeral}) == 200
    assert "@bob" not in str(heard)
    assert [event["type"] for event in heard] == ["m.typing", "m.receipt"]
    after = REGISTRY.get_sample_value("kith_intake_ephemeral_total", {"type": "m.typing"})
    assert after == before + 1


async def test_slow_storing_is_refused_not_waited_for(store: Database, clock: FrozenClock) -> None:
    event = as_pushed(Timeline(clock).message("!r", "@a:hs.test"))
    door = Door(Inbox(store), clock, TOKEN, budget=0.05)
    async with TestClient(TestServer(door.app())) as client:
        async with store.transaction() as blocker:
            await blocker.read("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
            assert await put(client, "1", {"events": [event]}) == 503
        patient = Door(Inbox(store), clock, TOKEN, budget=20.0)
    async with TestClient(TestServer(patient.app())) as client:
        assert await put(client, "1", {"events": [event]}) == 200
    assert await waiting(store) == [event["event_id"]]
