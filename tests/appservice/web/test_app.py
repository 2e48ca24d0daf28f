# SPDX-License-Identifier: AGPL-3.0-or-later
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from appservice.web.app import POLICY
from tests.support.databases import Database
from tests.support.door import Door, open_door

HTML = {"Accept": "text/html,*/*"}
PAGE = '<!doctype html>\n<html lang="en"><title>App</title>'


@pytest.fixture
async def app_door(database: Database, tmp_path: Path) -> AsyncIterator[Door]:
    """The door with a small built app."""
    (tmp_path / "assets").mkdir()
    for name, content in {
        "index.html": PAGE,
        "icon.svg": "<svg/>",
        "manifest.webmanifest": "{}",
        "sw.js": "worker",
        "assets/index-abc.js": "plain",
        "assets/index-abc.js.gz": "zipped",
        "assets/index-abc.js.br": "squeezed",
    }.items():
        (tmp_path / name).write_text(content, "utf-8")
    async with open_door(database.url, built=tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sign-in",
        "/connections",
        "/connections/incoming/",
        "/people",
        "/search",
        "/people/bob",
        "/profile/bob",
        "/settings/profile",
        "/lounge",
        "/lounge/general",
        "/thrive-circle",
        "/messages/0191d3f0-0000-7000-8000-000000000000",
        "/settings/quick-replies",
        "/settings/privacy",
    ],
)
async def test_the_app_is_at_each_of_its_addresses(app_door: Door, path: str) -> None:
    answer = await app_door.ask("GET", path)
    assert (answer.status, answer.text) == (200, PAGE)
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in POLICY


async def test_an_unknown_address_is_the_apps_own_not_found(app_door: Door) -> None:
    answer = await app_door.ask("GET", "/no/such/page", headers=HTML)
    assert (answer.status, answer.text) == (404, PAGE)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("GET", "/api/auth/login", 405),
        ("GET", "/assets/gone.js", 404),
        ("GET", "/.well-known/nothing", 404),
        ("GET", "/ws/nothing", 404),
        ("POST", "/connections", 404),
        ("GET", "/assets/../../../kith.yaml", 404),
    ],
)
async def test_what_is_not_the_apps_stays_as_it_was(
    app_door: Door, method: str, path: str, status: int
) -> None:
    answer = await app_door.ask(method, path, headers=HTML)
    assert answer.status == status
    assert PAGE not in answer.text


async def test_hashed_files_are_kept_for_ever_and_sent_small(app_door: Door) -> None:
    path = "/assets/index-abc.js"
    plain = await app_door.ask("GET", path, headers={"Accept-Encoding": "identity"})
    assert (plain.text, plain.headers["Content-Type"]) == (
        "plain",
        "text/javascript; charset=utf-8",
    )
    assert "immutable" in plain.headers["Cache-Control"]
    assert plain.headers["Vary"] == "Accept-Encoding"
    session = app_door.client.session
    for accepted, expected, content in (
        ("gzip, deflate, br", "br", b"squeezed"),
        ("gzip", "gzip", b"zipped"),
    ):
        url = app_door.client.make_url(path)
        headers = {"Accept-Encoding": accepted}
        async with session.get(url, headers=headers, auto_decompress=False) as answer:
            assert answer.headers["Content-Encoding"] == expected
            assert await answer.read() == content
    icon = await app_door.ask("GET", "/icon.svg")
    assert "immutable" not in icon.headers["Cache-Control"]


async def test_the_worker_is_asked_for_anew_each_time(app_door: Door) -> None:
    worker = await app_door.ask("GET", "/sw.js")
    assert (worker.text, worker.headers["Content-Type"]) == (
        "worker",
        "text/javascript; charset=utf-8",
    )
    assert worker.headers["Cache-Control"] == "no-cache"
    assert worker.headers["Content-Security-Policy"].startswith("default-src 'none'")
    manifest = await app_door.ask("GET", "/manifest.webmanifest")
    assert manifest.headers["Content-Type"] == "application/manifest+json"


async def test_the_page_says_whether_a_session_cookie_came(app_door: Door) -> None:
    known = await app_door.ask("GET", "/", headers={"Cookie": "kith_session=any"})
    assert '<html data-session lang="en">' in known.text
    assert known.headers["Vary"] == "Accept-Encoding, Cookie"


MANIFEST = {
    "index.html": {
        "file": "assets/index.js",
        "css": ["assets/index.css"],
        "imports": ["_base.js"],
    },
    "_base.js": {"file": "assets/base.js"},
    "_part.js": {"file": "assets/part.js", "imports": ["_base.js", "index.html"]},
    "src/app/places/pages.ts": {
        "file": "assets/pages.js",
        "css": ["assets/pages.css"],
        "imports": ["_part.js", "_base.js"],
    },
}


async def test_a_rooms_page_names_the_rooms_files(database: Database, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(f"{PAGE}</head>", "utf-8")
    (tmp_path / ".manifest.json").write_text(json.dumps(MANIFEST), "utf-8")
    cookie = {"Cookie": "kith_session=any"}
    async with open_door(database.url, built=tmp_path) as door:
        for path in ("/lounge/general", "/messages/0191d3f0-0000-7000-8000-000000000000/"):
            page = (await door.ask("GET", path, headers=cookie)).text
            assert re.findall('<link rel="(.*?)" crossorigin href="(.*?)">', page) == [
                ("modulepreload", "/assets/pages.js"),
                ("stylesheet", "/assets/pages.css"),
                ("modulepreload", "/assets/part.js"),
            ]
        assert "<link" not in (await door.ask("GET", "/lounge/general")).text, "nobody's yet"
        assert "<link" not in (await door.ask("GET", "/lounge", headers=cookie)).text


async def test_without_a_build_the_drawn_page_stays(door: Door) -> None:
    home = await door.ask("GET", "/")
    assert home.text == (await door.ask("GET", "/about")).text
    assert (await door.ask("GET", "/connections", headers=HTML)).status == 404


async def test_what_runs_here_is_still_told(app_door: Door) -> None:
    assert "What runs here" in (await app_door.ask("GET", "/about")).text
