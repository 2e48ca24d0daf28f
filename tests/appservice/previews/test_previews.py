# SPDX-License-Identifier: AGPL-3.0-or-later
"""Visits of real local servers; only the loopback they live on is let through, for the test."""

import asyncio
import gzip
import io
import socket
from collections.abc import AsyncIterator
from ipaddress import ip_address
from urllib.parse import quote

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from appservice.outward import Address, Found, Outward
from appservice.previews import visitor
from tests.support.databases import Database
from tests.support.door import Answer, Door, Person, open_door
from tests.support.eventually import eventually

HERE = ip_address("127.0.0.1")
GOOD = """<!doctype html><html><head><title>Plain title</title>
<meta property="og:title" content="A &amp; B\r\nnot a header: x">
<meta name="description" content="Plain words">
<meta property="og:description" content="Right\u202eleft \u2066and\u2069 on">
<meta property="og:site_name" content="The Site"><meta property="og:image" content="/picture">
</head><body><title>no</title><meta property="og:title" content="too late"></body></html>"""


class Site:
    """A foreign host; a page a test puts in is served as it says."""

    def __init__(self) -> None:
        self.pages: dict[str, web.Response] = {}
        self.asked: list[web.Request] = []
        self.gate: asyncio.Event | None = None
        self.base = ""

    async def show(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        if request.path == "/endless":
            response = web.StreamResponse(headers={"Content-Type": "text/html"})
            await response.prepare(request)
            await response.write(b"<title>Long</title>")
            while True:
                await response.write(b"<!-- on and on -->" * 10_000)
        if self.gate is not None:
            await self.gate.wait()
        page = self.pages.get(request.path)
        if page is None:
            raise web.HTTPNotFound
        return web.Response(status=page.status, body=page.body, headers=page.headers)

    def html(self, path: str, body: str | bytes, kind: str = "text/html", **headers: str) -> str:
        raw = body.encode() if isinstance(body, str) else body
        self.pages[path] = web.Response(body=raw, headers={"Content-Type": kind, **headers})
        return self.base + path

    def redirect(self, path: str, target: str) -> str:
        self.pages[path] = web.Response(status=302, headers={"Location": target})
        return self.base + path


def permits(address: Address) -> bool:
    return address == HERE


async def lookup(host: str, port: int, family: socket.AddressFamily) -> Found:
    place = {"site.test": "127.0.0.1", "inside.test": "127.0.0.2"}.get(host)
    if place is None:
        raise OSError("no such name")
    return [(family or socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port))]


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    found = Site()
    app = web.Application()
    app.router.add_get("/{tail:.*}", found.show)
    async with TestServer(app, host="127.0.0.1") as server:
        found.base = f"http://site.test:{server.port}"
        yield found


@pytest.fixture
async def door(database: Database) -> AsyncIterator[Door]:
    visits = Outward(permits, schemes=("http", "https"), lookup=lookup)
    settings = {"deny_hosts": ["denied.test"]}
    async with open_door(database.url, visits=visits, previews=settings) as opened:
        yield opened


@pytest.fixture
def alice(door: Door) -> Person:
    return door.person("alice")


async def preview(person: Person, url: str) -> Answer:
    return await person.get(f"/api/v1/previews?url={quote(url, safe='')}")


def picture(size: tuple[int, int] = (1280, 640), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 20).convert("RGB").save(out, kind)
    return out.getvalue()


async def test_a_page_says_what_it_is(door: Door, site: Site, alice: Person) -> None:
    url = site.html("/page", GOOD)
    site.html("/picture", picture(), "image/png")
    answer = await preview(alice, url + "#part")
    assert answer.status == 200, answer.text
    image = answer.body["image"]
    assert {**answer.body, "image": None} == {
        "url": url,
        "title": "A & B not a header: x",
        "description": "Rightleft and on",
        "site_name": "The Site",
        "image": None,
    }
    assert (image["width"], image["height"]) == (640, 320)
    for request in site.asked:
        assert request.headers["User-Agent"] == "Kith (+http://kith.test; link preview)"
        assert not {"Cookie", "Authorization", "Referer"} & set(request.headers)

    token = {"Authorization": f"Bearer {alice.token}"}
    address = door.client.make_url(image["url"])
    async with door.client.session.get(address, headers=token) as shown:
        assert shown.headers["Content-Type"] == "image/webp"
        assert shown.headers["Content-Security-Policy"].startswith("sandbox")
        with Image.open(io.BytesIO(await shown.read())) as small:
            assert small.size == (640, 320)
    assert (await door.ask("GET", image["url"])).status == 401

    bob = door.person("bob")
    assert (await preview(bob, url)).body == answer.body
    assert len(site.asked) == 2
    door.clock.advance(hours=25)
    site.html("/page", "<title>New</title>")
    assert (await preview(bob, url)).body["title"] == "New"


async def test_all_who_ask_at_once_wait_for_one_visit(site: Site, alice: Person) -> None:
    site.gate = asyncio.Event()
    url = site.html("/page", "<title>Once</title>")
    waiting = [asyncio.create_task(preview(alice, url)) for _ in range(5)]
    await eventually(lambda: site.asked)
    waiting.pop().cancel()
    site.gate.set()
    answers = await asyncio.gather(*waiting)
    assert {answer.body["title"] for answer in answers} == {"Once"}
    assert len(site.asked) == 1


async def test_nothing_is_remembered_as_nothing_for_a_while(
    door: Door, site: Site, alice: Person
) -> None:
    url = f"{site.base}/later"
    for _ in range(2):
        answer = await preview(alice, url)
        assert answer.status == 204
    assert len(site.asked) == 1
    site.html("/later", "<title>Now</title>")
    door.clock.advance(minutes=11)
    assert (await preview(alice, url)).body["title"] == "Now"


async def test_one_host_is_not_visited_often(door: Door, site: Site) -> None:
    people = [door.person(f"p{number}") for number in range(31)]
    for number, person in enumerate(people):
        answer = await preview(person, f"{site.base}/{number}")
    assert (answer.status, answer.code) == (429, "too_many_requests")
    assert len(site.asked) == 30


async def test_no_redirection_leads_inside(site: Site, alice: Person) -> None:
    port = site.base.rpartition(":")[2]
    site.html("/page", "<title>Fine</title>")
    assert (await preview(alice, site.redirect("/good", "/page"))).body["title"] == "Fine"
    targets = [
        f"http://inside.test:{port}/page",
        f"http://127.0.0.2:{port}/page",
        f"http://[::1]:{port}/page",
        f"http://user@site.test:{port}/page",
        "file:///etc/passwd",
        "ftp://site.test/",
        "//",
        "",
        "http://[",
    ]
    for number, target in enumerate(targets):
        before = len(site.asked)
        answer = await preview(alice, site.redirect(f"/{number}", target))
        assert answer.status == 204, target
        # An empty address is the page itself, over and over, until it is enough.
        assert len(site.asked) - before == (4 if target in ("", "//") else 1)


async def test_a_pictures_address_is_guarded_like_the_pages(site: Site, alice: Person) -> None:
    port = site.base.rpartition(":")[2]
    site.html("/bad", picture((8, 8)), "image/png")
    for number, address in enumerate(
        [
            f"http://inside.test:{port}/bad",
            "javascript:alert(1)",
            "data:image/png;base64,x",
            "http://[",
        ]
    ):
        head = f'<title>T</title><meta property="og:image" content="{address}">'
        answer = await preview(alice, site.html(f"/{number}", head))
        assert answer.body["image"] is None
    assert not [request for request in site.asked if request.path == "/bad"]


async def test_a_hostile_picture_is_none(site: Site, alice: Person) -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 9_000)).save(out, "PNG")
    bodies = {
        "/bomb": out.getvalue(),
        "/svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "/cut": picture()[:-100],
        "/large": b"\x89PNG\r\n\x1a\n" + b"x" * (2 * 1024 * 1024),
    }
    for path, body in bodies.items():
        site.html(path, body, "image/png")
        head = f'<title>T</title><meta property="og:image" content="{path}">'
        answer = await preview(alice, site.html(f"{path}-page", head))
        assert (answer.status, answer.body["image"]) == (200, None), path


NO_PAGES = [
    (b"<title>x</title>", "application/pdf", {}),
    (b"<title>x</title>", "text/plain", {}),
    (b"<title>x</title>", "", {}),
    (b"<title>x</title>", "text/html", {"Content-Encoding": "br"}),
    (b"<title>x</title>", "text/html", {"Content-Encoding": "gzip"}),
    (b"nothing here", "text/html", {}),
    (b"<title>\xe2\x80\xae \r\n </title>", "text/html", {}),
    (b"", "text/html", {}),
]


async def test_what_is_no_page_is_none(site: Site, alice: Person) -> None:
    for number, (body, kind, headers) in enumerate(NO_PAGES):
        answer = await preview(alice, site.html(f"/{number}", body, kind, **headers))
        assert answer.status == 204, (body, kind, headers)


CHARSETS = [
    ("<title>grüß</title>".encode("latin-1"), "text/html; charset=iso-8859-1", "grüß"),
    ("<meta charset=shift_jis><title>日本</title>".encode("shift_jis"), "text/html", "日本"),
    (b"\xef\xbb\xbf<title>gr\xc3\xbc</title>", "text/html; charset=latin-1", "grü"),
    ("<title>grü</title>".encode(), "text/html; charset=unicode_escape", "grü"),
    (b"<title>a\\x41</title>", "text/html; charset=zlib", "a\\x41"),
    (b"<title>a\xff</title>", "text/html", "a\ufffd"),
    (b"<title>" + b"x" * 5000 + b"</title>", "text/html", "x" * 200),
    (b"<TITLE>a</TITLE><title>b</title>", "text/html", "a"),
]


async def test_the_charset_is_what_the_web_uses(site: Site, alice: Person) -> None:
    for number, (body, kind, title) in enumerate(CHARSETS):
        answer = await preview(alice, site.html(f"/{number}", body, kind))
        assert answer.body["title"] == title


async def test_a_packed_page_is_unpacked_so_far(site: Site, alice: Person) -> None:
    bomb = gzip.compress(b"<title>Packed</title>" + b"\0" * (64 * 1024 * 1024), 9)
    url = site.html("/bomb", bomb, **{"Content-Encoding": "gzip"})
    assert (await preview(alice, url)).body["title"] == "Packed"


async def test_an_endless_page_is_read_so_far(site: Site, alice: Person) -> None:
    answer = await preview(alice, f"{site.base}/endless")
    assert answer.body["title"] == "Long"


async def test_a_page_that_says_nothing_is_left(
    site: Site, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitor, "SECONDS", 0.2)
    site.gate = asyncio.Event()
    url = site.html("/page", "<title>x</title>")
    answer = await preview(alice, url)
    site.gate.set()
    assert answer.status == 204


async def test_a_page_written_to_hold_up_its_reader_does_not(site: Site, alice: Person) -> None:
    knots = {
        "comment": b"<!" * 200_000,
        "tag": b"<a " * 150_000,
        "quote": b"<meta content='" * 30_000,
        "nested": b"<div>" * 100_000,
        "reference": b"&" * 500_000,
    }
    for name, body in knots.items():
        answer = await preview(alice, site.html(f"/{name}", body))
        assert answer.status == 204, name
    assert (await preview(alice, site.html("/fine", "<title>x</title>"))).status == 200


NOT_ASKED = [
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://denied.test/",
    "http://deep.denied.test./",
    "http://",
    "http://[",
    "http://a:b:c/",
    "//site.test/",
    "x",
    "http://site.test:99999/",
    "http://\u202esite.test/",
    "http://nowhere.test/",
]


async def test_what_is_not_asked(site: Site, alice: Person) -> None:
    for url in NOT_ASKED:
        answer = await preview(alice, url)
        assert answer.status == 204, url
    assert not site.asked


async def test_the_operator_may_switch_them_off(database: Database) -> None:
    async with open_door(database.url, previews={"enabled": False}) as door:
        answer = await preview(door.person("alice"), "https://kith.test/")
        assert (answer.status, answer.code) == (404, "previews_off")
