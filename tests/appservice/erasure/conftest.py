# SPDX-License-Identifier: AGPL-3.0-or-later
"""A door with a homeserver's media behind it, the worker by hand, and people who left traces."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from appservice.erasure import parts, store
from appservice.erasure.runner import Runner
from appservice.people_search import parts as people_search
from appservice.profile_media import parts as pictures
from appservice.profile_media.parts import Parts
from policy.ids import localpart
from tests.appservice.erasure.traces import PLANT
from tests.fakes.media import FakeMedia, Kept
from tests.fakes.small_homeserver import PASSWORD
from tests.support.databases import Database
from tests.support.door import SECRETS, Answer, Door, Person, open_door

DAY = 24 * 3600


@dataclass
class House:
    """Kith with a worker that does what a test tells it."""

    door: Door
    media: FakeMedia
    runner: Runner
    pictures: Parts

    async def person(self, name: str) -> Person:
        """Somebody Kith has met."""
        made = self.door.person(name)
        assert (await made.get("/api/me")).status == 200
        return made

    async def plant(self, person: Person, marker: str) -> None:
        """Leave traces of somebody in every table; `marker` is in all they wrote."""
        tag = localpart(person.user_id)
        others = [self.door.person(f"{tag}{name}") for name in ("one", "two", "staff")]
        for other in others:
            await other.get("/api/me")
        values = {"me": person.user_id, "marker": marker, "tag": tag, "room": f"!{tag}"}
        values |= {f"other{number}": one.user_id for number, one in enumerate(others)}
        values |= {"now": self.door.clock.now(), "later": self.door.clock.now()}
        for statement in PLANT:
            await self.door.sql(statement, **values)
        for number in range(3):
            body = f"{marker} file {number}".encode()
            kept = Kept(body, "image/png", None, person.user_id)
            self.media.files[f"{marker}{number}"] = kept
        rows = await self.door.sql(
            "SELECT id FROM profile_media WHERE user_id = %(me)s", me=person.user_id
        )
        for (media_id,) in rows:
            folder = self.pictures.folder.incoming(media_id, "here").parent
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "512.webp").write_bytes(marker.encode())

    async def ask(self, person: Person, password: str = PASSWORD) -> Answer:
        """Have an account deleted."""
        return await person.post("/api/me/erasure", {"password": password})

    async def erasure_of(self, person: Person) -> store.Erasure:
        """The row."""
        found = await store.of(self.door.database, person.user_id)
        assert found is not None
        return found

    async def gone(self, person: Person) -> Any:
        """Ask, let the grace period pass, do it; the proof as its link shows it."""
        asked = await self.ask(person)
        assert asked.status == 202, asked.text
        erasure = await self.erasure_of(person)
        self.door.clock.advance(days=14)
        await self.runner.run(str(erasure.id))
        await people_search.indexer(self.door.database).drain()
        return (await self.door.ask("GET", asked.body["proof_url"])).body

    async def where(self, word: str) -> set[str]:
        """The columns of Kith's database in which a word stands."""
        columns = await self.door.sql(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
            " AND (c.data_type IN ('text', 'character varying', 'character', 'jsonb', 'json',"
            " 'ARRAY', 'tsvector', 'bytea') OR c.data_type = 'USER-DEFINED')"
        )
        found = set()
        for table, column in columns:
            rows = await self.door.sql(
                f'SELECT 1 FROM "{table}"'
                f' WHERE position(lower(%(word)s) in lower("{column}"::text)) > 0 LIMIT 1',
                word=word,
            )
            if rows:
                found.add(f"{table}.{column}")
        return found

    async def jobs(self, name: str) -> list[Any]:
        """Arguments of the jobs that wait, which go."""
        rows = await self.door.sql(
            "DELETE FROM procrastinate_jobs WHERE task_name = %(name)s RETURNING args", name=name
        )
        return [row[0] for row in rows]

    async def counts(self, proof: Any) -> dict[str, int]:
        """What a proof says was done, by table."""
        return {
            f"{one['table']} {one['done']}": one["rows"]
            for one in proof["report"]["tables"]
            # Whoever changes is put there by a trigger, as often as they change.
            if one["table"] != "people_search_waiting"
        }


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    media = FakeMedia(SECRETS["as_token"], administrator=True)
    async with TestServer(media.app()) as server:
        synapse = {"url": str(server.make_url("/"))}
        folder = {"folder": tmp_path / "media"}
        async with open_door(database.url, synapse=synapse, profile_media=folder) as door:
            made = pictures.build(door.assembly)
            yield House(door, media, parts.runner(door.assembly, made), made)
