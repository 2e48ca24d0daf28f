# SPDX-License-Identifier: AGPL-3.0-or-later
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image
from yarl import URL

from appservice.profile_media import parts
from appservice.profile_media.parts import Parts
from tests.fakes.media import FakeMedia
from tests.support.databases import Database
from tests.support.door import SECRETS, Answer, Door, Person, open_door

SQUARE = {"x": 0, "y": 0, "width": 512, "height": 512}
WIDE = {"x": 0, "y": 0, "width": 600, "height": 200}


def picture(
    size: tuple[int, int] = (640, 600), kind: str = "JPEG", mode: str = "RGB", **options: Any
) -> bytes:
    """A picture with something in it."""
    out = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert(mode).save(out, kind, **options)
    return out.getvalue()


@dataclass
class FakeScanner:
    """The operator's scanner: says what a test wants, or what it finds of a picture."""

    verdict: Any = field(default_factory=lambda: {"verdict": "clean"})
    status: int = 200
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)

    def app(self) -> web.Application:
        app = web.Application(client_max_size=10 * 1024 * 1024)
        app.router.add_post("/scan", self._scan)
        return app

    async def _scan(self, request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", ""), request.content_type
        self.asked.append((*given, await request.read()))
        if callable(self.verdict):
            return web.json_response(self.verdict(self.asked[-1][2]))
        if isinstance(self.verdict, str):
            return web.Response(text=self.verdict, status=self.status)
        return web.json_response(self.verdict, status=self.status)


@dataclass
class Studio:
    """A door with a homeserver's media and a scanner behind it, and its worker by hand."""

    door: Door
    media: FakeMedia
    scanner: FakeScanner
    parts: Parts

    def person(self, name: str) -> Person:
        return self.door.person(name)

    async def sign(self, person: Person, purpose: str = "avatar", size: int = 1000) -> Any:
        body = {"purpose": purpose, "mime_type": "image/jpeg", "size": size}
        answer = await person.post("/api/profile/media/sign", body)
        assert answer.status == 201, answer.text
        return answer.body

    async def put(
        self, person: Person, url: str, body: bytes, kind: str = "image/jpeg", **headers: str
    ) -> Answer:
        sent = {"Authorization": f"Bearer {person.token}", "Content-Type": kind, **headers}
        # In a file, so that a large one is sent piece by piece.
        made = URL(str(self.door.client.make_url("")).rstrip("/") + url, encoded=True)
        async with self.door.client.session.put(
            made, data=io.BytesIO(body), headers=sent
        ) as answer:
            return Answer(answer.status, answer.headers.copy(), await answer.text())

    async def upload(
        self, person: Person, body: bytes, purpose: str = "avatar", kind: str = "image/jpeg"
    ) -> str:
        """Up to where it can be cut; its id."""
        signed = await self.sign(person, purpose)
        answer = await self.put(person, signed["upload_url"], body, kind)
        assert answer.status == 200, answer.text
        return str(signed["media_id"])

    async def crop(self, person: Person, media_id: str, crop: dict[str, int]) -> Answer:
        return await person.post(f"/api/profile/media/{media_id}/crop", crop)

    async def show(self, person: Person, purpose: str = "avatar") -> str:
        """A whole way, to where the profile shows it; its id."""
        await person.get("/api/me")
        media_id = await self.upload(person, picture(), purpose)
        cut = await self.crop(person, media_id, SQUARE if purpose == "avatar" else WIDE)
        assert cut.status == 202, cut.text
        await self.parts.pipeline.process(media_id)
        return media_id

    async def status(self, person: Person, media_id: str) -> Any:
        return (await person.get(f"/api/profile/media/{media_id}")).body

    async def fetch(self, url: str, person: Person | None = None) -> tuple[int, Any, bytes]:
        headers = {"Authorization": f"Bearer {person.token}"} if person else {}
        made = self.door.client.make_url(url)
        async with self.door.client.session.get(made, headers=headers) as response:
            return response.status, response.headers, await response.read()

    async def jobs(self, name: str) -> list[Any]:
        """Arguments of the jobs that wait, which go."""
        rows = await self.door.sql(
            "DELETE FROM procrastinate_jobs WHERE task_name = %(name)s RETURNING args", name=name
        )
        return [row[0] for row in rows]


@pytest.fixture
def scanner() -> FakeScanner:
    return FakeScanner()


@pytest.fixture
async def studio(
    database: Database, scanner: FakeScanner, tmp_path: Path
) -> AsyncIterator[Studio]:
    media = FakeMedia(SECRETS["as_token"])
    async with TestServer(media.app()) as server, TestServer(scanner.app()) as scans:
        settings = {
            "folder": tmp_path / "media",
            "scanner_url": str(scans.make_url("/scan")),
            "scanner_token": "scan-token",
        }
        synapse = {"url": str(server.make_url("/"))}
        async with open_door(
            database.url,
            synapse=synapse,
            media={"max_pixels": 4_000_000},
            profile_media=settings,
        ) as door:
            made = parts.build(door.assembly)
            held = made.processes.lifespan(web.Application())
            await anext(held)
            yield Studio(door, media, scanner, made)
            await anext(held, None)
