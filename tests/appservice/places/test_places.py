# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer

from appservice.places import mapbox
from appservice.places.mapbox import Mapbox
from appservice.places.offline import Offline, plain
from appservice.places.timezones import is_timezone
from tests.support.door import Door

KEY = "pk.key-that-nobody-may-see"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("osl", "Oslo, Norway"),
        ("OSLO", "Oslo, Norway"),
        ("munch", "Munich, Germany"),
        ("M\u00dcNCHEN", "Munich, Germany"),
        ("\u043c\u043e\u0441\u043a\u0432\u0430", "Moscow, Russia"),
        ("\u6771\u4eac", "Tokyo, Japan"),
        ("new yo", "New York City, New York, United States"),
        ("norwa", "Norway"),
        ("sao pau", "S\u00e3o Paulo, Brazil"),
        ("springfield", "Springfield, Missouri, United States"),
    ],
)
async def test_places_are_found_in_any_language(text: str, first: str) -> None:
    found = await Offline().search(text, 5)
    assert found[0].label == first
    assert len(found) <= 5
    assert len({one.place_id for one in found}) == len(found)


async def test_what_is_found_is_found_by_its_number() -> None:
    gazetteer = Offline()
    for text in ("oslo", "a", "york", "norway"):
        for one in await gazetteer.search(text, 20):
            assert one.place_id is not None
            assert await gazetteer.place(one.place_id) == one
    for number in (-1, 0, 7, 2**62):
        assert await gazetteer.place(number) is None


@pytest.mark.parametrize("text", ["", " ", "\n", "\t", "!!!", "zzzzzz", "%", "\x00", "o" * 100])
async def test_nothing_is_an_answer(text: str) -> None:
    assert await Offline().search(text, 5) == []


def test_names_are_compared_plainly() -> None:
    assert plain("C\u00f4te  d\u2019Ivoire") == plain("cote divoire")
    assert (Offline().country("NO"), Offline().country("no"), Offline().country("ZZ")) == (
        *("Norway", None, None),
    )


def test_time_zones_by_their_names() -> None:
    assert is_timezone("Europe/Oslo")
    assert is_timezone("UTC")
    for name in ("", "Oslo", "europe/oslo", "../x", "Europe/Oslo\n"):
        assert not is_timezone(name)


class Service:
    """Mapbox's protocol, as far as it is spoken, with an answer of the test's choice."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.answer: Any = {"features": [OSLO, NORWAY, ATLANTIS]}
        self.status = 200
        self.hangs = False

    async def forward(self, request: web.Request) -> web.Response:
        self.asked.append(dict(request.query))
        if self.hangs:
            await asyncio.Event().wait()
        text = self.answer if isinstance(self.answer, str) else json.dumps(self.answer)
        return web.Response(status=self.status, text=text, content_type="application/json")


def feature(kind: str, name: str, code: str, **context: object) -> dict[str, object]:
    country = {"country": {"country_code": code, "name": "?"}}
    return {
        "type": "Feature",
        "properties": {"feature_type": kind, "name": name, "context": {**country, **context}},
    }


OSLO = feature("place", "Oslo\u202e", "no", region={"name": "Oslo County"})
NORWAY = feature("country", "Norway", "NO")
ATLANTIS = feature("place", "Atlantis", "xx")


@pytest.fixture
async def service() -> AsyncIterator[tuple[Service, Mapbox]]:
    served = Service()
    app = web.Application()
    app.router.add_get("/search/geocode/v6/forward", served.forward)
    server = TestServer(app)
    await server.start_server()
    async with aiohttp.ClientSession() as session:
        yield served, Mapbox(session, KEY, Offline(), url=str(server.make_url("/")))
    await server.close()


async def test_a_service_is_asked_for_what_is_kept(service: tuple[Service, Mapbox]) -> None:
    served, places = service
    found = await places.search("osl", 5)
    assert [(one.place_id, one.label) for one in found] == [
        (None, "Oslo, Oslo County, Norway"),
        (None, "Norway"),
    ]
    assert served.asked == [
        {
            "q": "osl",
            "limit": "5",
            "types": "place,country",
            "autocomplete": "true",
            "permanent": "true",
            "access_token": KEY,
        }
    ]
    known = await places.place(3143244)
    assert known
    assert known.label == "Oslo, Norway"
    assert places.country("NO") == "Norway"


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (401, {"message": "no"}),
        (500, "x"),
        (302, ""),
        (200, "x"),
        (200, "[]"),
        (200, {"features": [{}]}),
        (200, {"features": None}),
        (200, "[" * 300_000),
        (200, "[" * 200_000),
    ],
)
async def test_while_it_is_away_the_own_tables_answer(
    service: tuple[Service, Mapbox], status: int, answer: object
) -> None:
    served, places = service
    served.status, served.answer = status, answer
    with structlog.testing.capture_logs() as logs:
        found = await places.search("oslo", 5)
    assert found[0].label == "Oslo, Norway"
    assert [line["event"] for line in logs] == ["places_away"]
    assert KEY not in str(logs)


async def test_it_is_not_waited_for(
    service: tuple[Service, Mapbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    served, places = service
    served.hangs = True
    monkeypatch.setattr(mapbox, "_SECONDS", 0.05)
    assert (await places.search("oslo", 5))[0].label == "Oslo, Norway"


async def test_places_are_suggested_over_the_door(door: Door) -> None:
    alice = door.person("alice")
    (oslo,) = (await alice.get("/api/places?q=oslo&limit=1")).body["places"]
    assert oslo == {
        "place_id": 3143244,
        "city": "Oslo",
        "region": None,
        "country_code": "NO",
        "country": "Norway",
        "label": "Oslo, Norway",
        "timezone": "Europe/Oslo",
    }
    interests = (await alice.get("/api/profile/interests?q=chess")).body["interests"]
    assert interests == [{"id": "chess", "label": "Chess", "category": "games"}]
    assert len((await alice.get("/api/profile/interests")).body["interests"]) == 20
    options = (await alice.get("/api/profile/options")).body
    assert "she/her" in options["pronouns"]
    assert "woman" in options["genders"]
