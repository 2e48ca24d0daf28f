# SPDX-License-Identifier: AGPL-3.0-or-later
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestServer
from PIL import Image

from tests.fakes.media import FakeMedia
from tests.support.databases import Database
from tests.support.door import SECRETS, Answer, Door, Person, open_door


def picture(
    size: tuple[int, int] = (64, 48), kind: str = "PNG", mode: str = "RGB", **options: Any
) -> bytes:
    """A picture with something in it."""
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert(mode).save(out, kind, **options)
    return out.getvalue()


async def upload(person: Person, body: bytes, name: str = "x.png", **field: Any) -> Answer:
    """Upload as a browser does."""
    form = FormData()
    form.add_field("file", io.BytesIO(body), filename=name, **field)
    return await send(person, form)


async def send(person: Person, form: Any, **headers: str) -> Answer:
    """Send any form."""
    url = person.door.client.make_url("/api/v1/media")
    headers = {"Authorization": f"Bearer {person.token}", **headers}
    async with person.door.client.session.post(url, data=form, headers=headers) as response:
        return Answer(response.status, response.headers.copy(), await response.text())


async def fetch(person: Person, path: str, **headers: str) -> tuple[int, Any, bytes]:
    """Status, headers and bytes of an answer."""
    url = person.door.client.make_url(path)
    headers = {"Authorization": f"Bearer {person.token}", **headers}
    async with person.door.client.session.get(url, headers=headers) as response:
        return response.status, response.headers, await response.read()


@pytest.fixture
def media() -> FakeMedia:
    return FakeMedia(SECRETS["as_token"])


@pytest.fixture
async def media_door(database: Database, media: FakeMedia) -> AsyncIterator[Door]:
    async with TestServer(media.app()) as server:
        synapse = {"url": str(server.make_url("/"))}
        small = {"max_bytes": 1024 * 1024, "max_pixels": 1_000_000}
        async with open_door(database.url, synapse=synapse, media=small) as opened:
            yield opened
