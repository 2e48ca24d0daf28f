# SPDX-License-Identifier: AGPL-3.0-or-later
import io
import json
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiohttp.test_utils import TestServer

from appservice.exports import parts
from appservice.exports.parts import Parts
from tests.fakes.media import FakeMedia
from tests.support.databases import Database
from tests.support.door import SECRETS, Door, Person, open_door


@dataclass
class Office:
    """A door with a homeserver's media behind it, and its worker by hand."""

    door: Door
    media: FakeMedia
    parts: Parts
    folder: Path
    pictures: Path

    async def person(self, name: str) -> Person:
        """Somebody whom Kith knows."""
        made = self.door.person(name)
        assert (await made.get("/api/me")).status == 200
        return made

    async def ask(self, person: Person) -> str:
        answer = await person.post("/api/me/exports")
        assert answer.status == 201, answer.text
        return str(answer.body["id"])

    async def look(self, person: Person, export_id: str) -> Any:
        return (await person.get(f"/api/me/exports/{export_id}")).body

    async def archive(self, person: Person) -> "Opened":
        """Somebody's archive, made and fetched."""
        export_id = await self.ask(person)
        await self.parts.making.make(export_id)
        url = self.door.client.make_url(f"/api/me/exports/{export_id}/archive")
        headers = {"Authorization": f"Bearer {person.token}"}
        async with self.door.client.session.get(url, headers=headers) as answer:
            assert answer.status == 200
            return Opened.of(await answer.read())

    def files(self) -> set[str]:
        """Names of the files that lie about."""
        return {path.name for path in self.folder.iterdir()} if self.folder.is_dir() else set()

    def whole(self, export_id: str) -> Path:
        return self.folder / f"{UUID(export_id)}.zip"


@dataclass(frozen=True)
class Opened:
    """An archive."""

    files: dict[str, bytes]

    @classmethod
    def of(cls, body: bytes) -> "Opened":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
            assert len(names) == len(set(names))
            return cls({name: archive.read(name) for name in names})

    def json(self, name: str) -> Any:
        return json.loads(self.files[name])

    def table(self, name: str) -> list[dict[str, Any]]:
        return list(self.json(f"kith/{name}.json"))

    @property
    def text(self) -> str:
        """Everything inside that is text."""
        ends = (".json", ".html")
        return "\n".join(
            [*self.files, *(b.decode() for n, b in self.files.items() if n.endswith(ends))]
        )


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    media = FakeMedia(SECRETS["as_token"])
    folder = tmp_path / "exports"
    async with (
        TestServer(media.app()) as server,
        open_door(
            database.url,
            synapse={"url": str(server.make_url("/"))},
            exports={"folder": folder, "max_file_bytes": 1000},
            profile_media={"folder": tmp_path / "media"},
        ) as door,
    ):
        yield Office(door, media, parts.build(door.assembly), folder, tmp_path / "media")
