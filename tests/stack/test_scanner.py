# SPDX-License-Identifier: AGPL-3.0-or-later
"""The local model's service, asked by the appservice's own client, and how the stack runs it.

The model itself takes 330 MB: it is asked where `KITH_SCANNER_FOLDER` names a finished environment
(`data/scanner` after a start with it); else a stand-in of the same name is in its place.
"""

import os
import threading
import venv
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image

from appservice.errors import Unavailable
from appservice.profile_media.scanning import Finding, HttpScanner
from stack import scanner as local
from stack import webapp
from stack.child import Child
from stack.errors import StackError
from stack.scanner import LocalScanner, serve, wanted

TOKEN = "a token of the scanner"
MODEL = """
class NudeDetector:
    def detect(self, picture):
        return [{"class": "ANUS_EXPOSED", "score": 0.9}] if picture == b"bad" else []
"""


class Sees:
    """A model that reads what it sees from the picture: `LABEL score` in lines."""

    def detect(self, image_path: bytes) -> list[dict[str, Any]]:
        lines = [line.split() for line in image_path.decode().splitlines()]
        return [{"class": label, "score": float(score)} for label, score in lines]


@pytest.fixture
def service() -> Iterator[serve.Scanner]:
    with serve.Scanner(0, TOKEN, Sees()) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        server.shutdown()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def client(session: aiohttp.ClientSession, url: str, token: str = TOKEN) -> HttpScanner:
    return HttpScanner(session, url, token, 10.0)


def address(server: serve.Scanner) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/"


@pytest.mark.parametrize(
    ("picture", "labels"),
    [
        (b"", []),
        (b"FACE_FEMALE 0.99", []),
        (b"BUTTOCKS_EXPOSED 0.49", []),
        (b"BUTTOCKS_EXPOSED 0.5\nFACE_MALE 0.9", ["BUTTOCKS_EXPOSED"]),
        (b"BUTTOCKS_EXPOSED 0.9\nANUS_EXPOSED 0.8", ["ANUS_EXPOSED", "BUTTOCKS_EXPOSED"]),
    ],
)
async def test_what_is_flagged(
    service: serve.Scanner, session: aiohttp.ClientSession, picture: bytes, labels: list[str]
) -> None:
    found = await client(session, address(service)).scan(picture, "image/jpeg")
    assert found == Finding(bool(labels), labels)


@pytest.mark.parametrize(
    ("token", "picture"),
    [("another", b""), (TOKEN, b"no picture"), (TOKEN, b"x" * (serve.LARGEST + 1))],
    ids=["a stranger", "what the model cannot read", "too large"],
)
async def test_no_clear_answer_is_none(
    service: serve.Scanner, session: aiohttp.ClientSession, token: str, picture: bytes
) -> None:
    asking = client(session, address(service), token)
    with pytest.raises(Unavailable):
        await asking.scan(picture, "image/jpeg")
    # The service is there as before.
    assert not (await client(session, address(service)).scan(b"", "image/jpeg")).flagged


async def test_a_request_without_a_length_is_refused(
    service: serve.Scanner, session: aiohttp.ClientSession
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"x"

    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with session.post(address(service), data=endless(), headers=headers) as answer:
        assert answer.status == 411


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (None, False),
        ({}, False),
        ({"local_scanner": False}, False),
        ({"local_scanner": True}, True),
        ({"local_scanner": True, "scanner_url": "http://127.0.0.1:9/"}, False),
    ],
)
def test_when_it_runs(own: dict[str, Any] | None, expected: bool) -> None:
    assert wanted({"profile_media": own}) is expected


async def test_the_stack_runs_it(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    folder = tmp_path / "scanner"
    venv.create(folder, with_pip=False)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "nudenet.py").write_text(MODEL)
    one = LocalScanner(folder, tmp_path / "scanner.log", TOKEN)
    child = Child(one.program())
    await child.start()
    try:
        asking = client(session, one.settings["scanner_url"], one.settings["scanner_token"])
        assert (await asking.scan(b"bad", "image/jpeg")).flagged
        assert not (await asking.scan(b"good", "image/jpeg")).flagged
    finally:
        await child.stop()
    with pytest.raises(Unavailable):
        await asking.scan(b"good", "image/jpeg")


async def test_it_is_fetched_once_and_its_absence_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[str, ...]] = []
    told: list[str] = []
    away = [True]

    async def run(*command: str, folder: Path) -> None:
        ran.append(command)
        assert folder == tmp_path / "scanner"
        if away:
            raise StackError("no index")

    monkeypatch.setattr(webapp, "run", run)
    monkeypatch.setattr(local.venv, "create", lambda folder, **_: folder.mkdir())
    one = LocalScanner(tmp_path / "scanner", tmp_path / "scanner.log", TOKEN)
    assert not await one.ensure(told.append)
    assert "no index" in told[-1]
    away.clear()
    assert await one.ensure(told.append)
    assert await one.ensure(told.append)
    assert len(ran) == 2
    assert all("--require-hashes" in command for command in ran)


@pytest.mark.skipif("KITH_SCANNER_FOLDER" not in os.environ, reason="KITH_SCANNER_FOLDER not set")
async def test_the_model_looks_at_a_picture(session: aiohttp.ClientSession) -> None:
    folder = Path(os.environ["KITH_SCANNER_FOLDER"])
    one = LocalScanner(folder, folder / "test.log", TOKEN)
    picture = BytesIO()
    Image.new("RGB", (512, 512), "teal").save(picture, "JPEG")
    child = Child(one.program())
    await child.start()
    try:
        asking = client(session, one.settings["scanner_url"])
        assert not (await asking.scan(picture.getvalue(), "image/jpeg")).flagged
        with pytest.raises(Unavailable):
            await asking.scan(b"no picture", "image/jpeg")
    finally:
        await child.stop()
