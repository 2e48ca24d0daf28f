# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from appservice.features import gazetteer
from appservice.profile_media import parts as pictures
from appservice.profile_sync import parts
from appservice.profile_sync.service import ProfileSync
from tests.appservice.profile_media.conftest import FakeScanner, Studio
from tests.fakes.media import FakeMedia
from tests.support.databases import Database
from tests.support.door import SECRETS, Door, Person, open_door

MOST_BYTES = 300_000
"""Of a picture that is fetched."""


@dataclass
class Both:
    """A person's two profiles."""

    studio: Studio
    sync: ProfileSync
    alice: Person
    writes: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def door(self) -> Door:
        return self.studio.door

    @property
    def matrix(self) -> dict[str, Any]:
        return self.door.homeserver.profiles[self.alice.user_id]

    async def edit(self, **change: Any) -> None:
        """Change it in Kith's web."""
        answer = await self.alice.ask("PUT", f"/api/profile/{self.alice.user_id}", change)
        assert answer.status == 200, answer.text

    async def read(self, person: Person | None = None) -> Any:
        answer = await (person or self.alice).get(f"/api/profile/{self.alice.user_id}")
        assert answer.status == 200, answer.text
        return answer.body

    async def settle(self) -> int:
        """Run the job twice, as after the signal its own writes give; how much it wrote."""
        before = len(self.writes)
        await self.sync.sync(self.alice.user_id)
        written = len(self.writes) - before
        await self.sync.sync(self.alice.user_id)
        assert len(self.writes) == before + written, "it answers itself"
        return written

    async def work(self) -> None:
        """Run the jobs of pictures that wait."""
        for job in await self.studio.jobs("profile_media.process"):
            await self.studio.parts.pipeline.process(**job)

    async def notes(self) -> list[tuple[str, str, str | None]]:
        told = await self.studio.jobs("bot.profile_note")
        return [(one["note"], one["field"], one["reason"]) for one in told]


@pytest.fixture
async def both(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Both]:
    media, scanner = FakeMedia(SECRETS["as_token"], administrator=True), FakeScanner()
    async with TestServer(media.app()) as server, TestServer(scanner.app()) as scans:
        settings = {"folder": tmp_path / "media", "scanner_url": str(scans.make_url("/scan"))}
        async with open_door(
            database.url,
            synapse={"url": str(server.make_url("/"))},
            profile_media=settings,
            media={"max_bytes": MOST_BYTES},
        ) as door:
            made = pictures.build(door.assembly)
            held = made.processes.lifespan(web.Application())
            await anext(held)
            studio = Studio(door, media, scanner, made)
            alice = studio.person("alice")
            await alice.get("/api/me")
            sync = parts.build(door.assembly, made, gazetteer(door.assembly))
            found = Both(studio, sync, alice)
            count(found, monkeypatch)
            await found.settle()
            assert not found.writes, "what both say already is not written"
            yield found
            await anext(held, None)


def count(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    homeserver = both.door.homeserver
    write, clear = homeserver.set_profile, homeserver.clear_profile

    async def set_profile(user_id: str, field: str, value: Any) -> None:
        both.writes.append((field, value))
        await write(user_id, field, value)

    async def clear_profile(user_id: str, field: str) -> None:
        both.writes.append((field, None))
        await clear(user_id, field)

    monkeypatch.setattr(homeserver, "set_profile", set_profile)
    monkeypatch.setattr(homeserver, "clear_profile", clear_profile)
