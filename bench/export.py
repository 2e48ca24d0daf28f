# SPDX-License-Identifier: AGPL-3.0-or-later
"""Memory and time of an archive of somebody with 100,000 events, beside as many of others.

Synapse's tables are made here with the columns and indexes that are read, and filled directly; so
is Kith's own. What Synapse answers over HTTP comes from a homeserver in memory.
"""

import asyncio
import gc
import resource
import time
from pathlib import Path

import psycopg

from appservice.exports import parts
from appservice.exports.making import Maker
from appservice.exports.said import FromDatabase
from appservice.homeserver.stream import SynapseStream
from bench import stage
from bench.report import Report
from tests.support.door import open_door

_MEGABYTE = 1024 * 1024
_MOST_GROWTH = 48.0
"""MB the process may grow beyond what a small archive takes."""

_ROOMS = 20
_SYNAPSE = """
CREATE TABLE events (stream_ordering bigint UNIQUE, event_id text PRIMARY KEY, room_id text,
  sender text, type text, state_key text, origin_server_ts bigint, rejection_reason text);
CREATE INDEX events_room_stream ON events (room_id, stream_ordering);
CREATE TABLE event_json (event_id text PRIMARY KEY, json text);
CREATE TABLE redactions (event_id text PRIMARY KEY, redacts text);
CREATE INDEX redactions_redacts ON redactions (redacts);
CREATE TABLE room_memberships (event_id text, room_id text, user_id text, membership text);
CREATE INDEX room_memberships_user_id ON room_memberships (user_id);
CREATE TABLE local_current_membership (room_id text, user_id text, event_id text,
  membership text);
CREATE UNIQUE INDEX local_current_membership_idx ON local_current_membership (user_id, room_id);
CREATE TABLE users (name text, creation_ts bigint, admin smallint, deactivated smallint,
  user_type text);
CREATE TABLE account_data (user_id text, account_data_type text, content text);
CREATE TABLE room_account_data (user_id text, room_id text, account_data_type text, content text);
CREATE TABLE local_media_repository (media_id text, media_type text, media_length bigint,
  created_ts bigint, upload_name text, quarantined_by text, user_id text);
"""
# Every second event is somebody else's; a minute lies between two.
_SAID = """
INSERT INTO events SELECT %(first)s::bigint + n,
  '$' || %(me)s::text || n, '!' || n / 2 %% %(rooms)s,
  CASE n %% 2 WHEN 0 THEN %(me)s ELSE '@other:hs.test' END, 'm.room.message', NULL,
  1767225600000 + n::bigint * 60000, NULL
FROM generate_series(1, 2 * %(count)s) n
"""
_BODIES = """
INSERT INTO event_json SELECT event_id, json_build_object('type', type, 'content',
  json_build_object('msgtype', 'm.text', 'body', repeat('Some words of a message. ', 6)))::text
FROM events WHERE event_id NOT IN (SELECT event_id FROM event_json)
"""
_IN = """
INSERT INTO room_memberships SELECT '$m' || n, '!' || n, %(me)s, 'join'
FROM generate_series(0, %(rooms)s - 1) n
"""
_KITH = """
INSERT INTO events (event_id, room_id, sender, type, stream_ordering, origin_server_ts, applied_at)
SELECT '$' || %(me)s::text || n, '!' || n %% %(rooms)s, %(me)s, 'm.room.message', n, n, now()
FROM generate_series(1, %(count)s) n
"""


async def run(*, quick: bool = False) -> Report:
    """Fill two databases, then make a small archive and a large one."""
    small, large = (500, 10_000) if quick else (1_000, 100_000)
    report = Report("export", f"{large:,} own events among {2 * large:,}, in {_ROOMS} rooms")
    with stage.folder() as place:
        async with stage.postgres(place) as postgres:
            kith, synapse = postgres.url("kith", "kith"), postgres.url("synapse", "synapse")
            stage.migrate(kith)
            await asyncio.to_thread(_make, synapse)
            async with (
                open_door(kith, exports={"folder": place / "exports"}) as door,
                SynapseStream(synapse) as stream,
            ):
                said = FromDatabase(stream)
                for name, count, first in (("warm", small, 0), ("large", large, 10**9)):
                    person = door.person(name)
                    await person.get("/api/me")
                    await asyncio.to_thread(_fill, synapse, kith, person.user_id, count, first)
                maker = parts.build(door.assembly, said).maker
                await _measure(report, maker, place, large)
    return report


async def _measure(report: Report, maker: Maker, place: Path, large: int) -> None:
    async def tell(step: str, done: int, total: int | None) -> None:
        del step, done, total

    await maker.make("@warm:hs.test", place / "warm.zip", tell)
    gc.collect()
    before, cpu, began = _peak(), time.process_time(), time.perf_counter()
    made = await maker.make("@large:hs.test", place / "large.zip", tell)
    wall, used = time.perf_counter() - began, time.process_time() - cpu
    report.at_most("peak memory beyond a small archive", _peak() - before, "MB", _MOST_GROWTH)
    report.add("the archive", made.size / _MEGABYTE, "MB")
    report.add("events a second", large / wall, "1/s")
    report.add("processor time for 1,000 events", 1000 * used / (large / 1000), "ms")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _make(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_SYNAPSE.encode())


def _fill(synapse: str, kith: str, me: str, count: int, first: int) -> None:
    values = {"me": me, "count": count, "first": first, "rooms": _ROOMS}
    with psycopg.connect(synapse, autocommit=True) as connection:
        for statement in (_SAID, _BODIES, _IN):
            connection.execute(statement.encode(), values)
        connection.execute("INSERT INTO users VALUES (%s, 0, 0, 0, NULL)", (me,))
        connection.execute("ANALYZE")
    with psycopg.connect(kith, autocommit=True) as connection:
        connection.execute(_KITH.encode(), values)
        connection.execute("ANALYZE events")
