# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fast accepted events are applied, beside how fast this Synapse can emit them.

The limit is measured first: ten people send into one room of a bare Synapse. Kith then applies
exactly those events from Synapse's own database, with all projections, into a fresh database of
its own; and the door stores the same events as transactions of a hundred.
"""

import asyncio
import time
from pathlib import Path

import aiohttp
import psycopg

from appservice.clock import SystemClock
from appservice.database import Database
from appservice.homeserver.consumer import Consumer
from appservice.homeserver.door import Door
from appservice.homeserver.inbox import Inbox
from appservice.homeserver.stream import SynapseStream
from appservice.listening import Listening
from appservice.registry.projector import Projector
from bench import stage
from bench.homeservers import SERVER, Community, populate
from bench.load import Client
from bench.report import Report, median
from stack.ports import free_port
from stack.postgres import Postgres

_LIMIT = 20.0
_TRANSACTION = 100
_TOKEN = "bench-token"  # noqa: S105 - of a server that lives for seconds


async def run(*, quick: bool = False) -> Report:
    """Emit, then apply what was emitted several times, then store it through the door."""
    each, rounds = (30, 2) if quick else (300, 5)
    with stage.folder() as place:
        async with stage.postgres(place) as postgres:
            emitted = await _emit(place, postgres, each)
            applied = [await _apply(postgres, number) for number in range(rounds)]
            stored = await _store(postgres, each)
    report = Report("intake", f"{each * 10:,} messages, median of {rounds} runs")
    report.add("Synapse emits, ten senders", emitted, "events/s")
    report.add("applied with all projections", median(applied), "events/s")
    report.at_least("ratio applied / emitted", median(applied) / emitted, "x", _LIMIT)
    report.add("stored through the door, transactions of 100", stored, "events/s")
    return report


async def _emit(place: Path, postgres: Postgres, each: int) -> float:
    rates: list[float] = []

    async def send(client: Client, pid: int, community: Community) -> None:
        room, senders = community.rooms[10], community.senders
        await client.round(pid, room, senders, max(1, each // 10))  # warms caches
        rates.append((await client.round(pid, room, senders, each)).rate)

    await populate(place / "origin", postgres, (10,), then=send)
    return rates[0]


async def _apply(postgres: Postgres, number: int) -> float:
    name = f"kith_{number}"
    postgres.create_database(name, owner="kith")
    url = postgres.url(name, "kith")
    stage.migrate(url)
    projector = Projector(SERVER, f"@kith:{SERVER}", SystemClock())
    stream = SynapseStream(postgres.url("synapse", "synapse"))
    async with Database(url) as database, stream:
        consumer = Consumer(database, projector, SystemClock(), stream)
        begin = time.perf_counter()
        await consumer.catch_up()
        seconds = time.perf_counter() - begin
        rows = await database.read("SELECT count(*) FROM events")
        refused = await database.read("SELECT count(*) FROM intake_failures")
    if refused[0][0]:
        raise RuntimeError(f"{refused[0][0]} events could not be applied")
    return float(rows[0][0]) / seconds


async def _store(postgres: Postgres, each: int) -> float:
    postgres.create_database("kith_door", owner="kith")
    url = postgres.url("kith_door", "kith")
    stage.migrate(url)
    with psycopg.connect(postgres.url("synapse", "synapse")) as connection:
        rows = connection.execute(
            "SELECT json::jsonb || jsonb_build_object('event_id', event_id) FROM event_json"
            " ORDER BY event_id LIMIT %s",
            (each * 10,),
        ).fetchall()
    events = [row[0] for row in rows]
    port = free_port()
    async with Database(url) as database, aiohttp.ClientSession() as session:
        door = Door(Inbox(database), SystemClock(), _TOKEN)
        async with Listening(door.app(), "127.0.0.1", port):
            begin = time.perf_counter()
            for number, start in enumerate(range(0, len(events), _TRANSACTION)):
                body = {"events": events[start : start + _TRANSACTION]}
                where = f"http://127.0.0.1:{port}/_matrix/app/v1/transactions/{number}"
                await _put(session, where, body)
            return len(events) / (time.perf_counter() - begin)


async def _put(session: aiohttp.ClientSession, where: str, body: object) -> None:
    headers = {"Authorization": f"Bearer {_TOKEN}"}
    for _ in range(20):
        async with session.put(where, json=body, headers=headers) as answer:
            if answer.status == 200:  # noqa: PLR2004 - stored
                return
        # As Synapse does: an error means the transaction comes again.
        await asyncio.sleep(0.01)
    raise RuntimeError(f"the door did not take {where}")
