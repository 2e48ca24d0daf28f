# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding listings: every filter against a plain reading of the same rows, and the plans."""

import random
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from appservice.database import Database
from appservice.listings import finding
from appservice.listings.filter import Filter
from appservice.listings.finding import Wanted
from tests.support.door import Door, Person

PATH = "/api/listings"
WORDS = ("Road", "bike", "café", "lamp", "mid-century", "1.5", "O'Neill")
TAGS = ("sport", "home", "old")
CITIES = (("Berlin", "DE"), ("berlin", "DE"), ("Wien", "AT"), (None, None))


async def fill(door: Door, alice: Person, bob: Person, seed: int) -> list[dict[str, Any]]:
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    rows: list[dict[str, Any]] = []
    for number in range(60):
        price = chance.choice((None, 100, 100, 250, 1_000))
        city, country = chance.choice(CITIES)
        rows.append(
            {
                "id": str(UUID(int=chance.getrandbits(128), version=4)),
                "seller": chance.choice((alice, bob)).user_id,
                "title": " ".join(chance.sample(WORDS, 2)),
                "tags": chance.sample(TAGS, chance.randint(0, 2)),
                "price_minor": price,
                "currency": chance.choice(("EUR", "USD")) if price else None,
                "city": city,
                "country_code": country,
                "status": chance.choice(("draft", "open", "open", "open", "sold", "closed")),
                # Some at the same time, so that the id decides.
                "at": door.clock.now() - timedelta(minutes=number // 3),
            }
        )
    for row in rows:
        await door.sql(
            "INSERT INTO listings (id, seller, title, tags, price_minor, currency, city,"
            " country_code, status, listed_at, created_at, updated_at) VALUES (%(id)s, %(seller)s,"
            " %(title)s, %(tags)s, %(price_minor)s, %(currency)s, %(city)s, %(country_code)s,"
            " %(status)s, %(at)s, %(at)s, %(at)s)",
            **row,
        )
    return rows


def meant(row: dict[str, Any], asked: dict[str, Any], me: str) -> bool:
    mine = row["seller"] == me
    words = row["title"].lower().split()
    money = row["price_minor"] is not None and row["currency"] == asked.get("currency")
    tests = {
        "q": lambda value: all(
            any(word.startswith(part.lower()) for word in words) for part in value.split()
        ),
        "tags": lambda value: set(value.split(",")) <= set(row["tags"]),
        "min_price": lambda value: money and row["price_minor"] >= value,
        "max_price": lambda value: money and row["price_minor"] <= value,
        "currency": lambda value: row["currency"] == value,
        "country": lambda value: row["country_code"] == value,
        "city": lambda value: (row["city"] or "").lower() == value.lower(),
        "seller": lambda value: row["seller"] == value,
        "status": lambda value: row["status"] == value,
        "sort": lambda value: value == "new" or row["price_minor"] is not None,
    }
    if row["status"] in ("draft", "closed") and not mine:
        return False
    if "status" not in asked and row["status"] != "open" and asked.get("seller") != me:
        return False
    return all(tests[name](value) for name, value in asked.items())


def order(row: dict[str, Any], sort: str) -> tuple[Any, ...]:
    number = UUID(row["id"]).int
    if sort == "cheapest":
        return (row["price_minor"], number)
    if sort == "dearest":
        return (-row["price_minor"], -number)
    return (-row["at"].timestamp(), -number)


def questions(seed: int, me: str, other: str) -> list[dict[str, Any]]:
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    parts: dict[str, tuple[Any, ...]] = {
        "q": ("road", "Bi", "caf", "mid-cen", "1.5", "O'Ne", "lamp ro", "nothing"),
        "tags": ("sport", "home,old"),
        "min_price": (100, 250),
        "max_price": (100, 1_000),
        "country": ("DE", "AT"),
        "city": ("BERLIN", "Wien"),
        "seller": (me, other),
        "status": ("open", "sold", "draft", "closed"),
        "sort": ("new", "cheapest", "dearest"),
    }
    found = []
    for _ in range(40):
        names = chance.sample(sorted(parts), chance.randint(0, 3))
        asked = {name: chance.choice(parts[name]) for name in names}
        if asked.get("min_price", 0) > asked.get("max_price", 10**9):
            del asked["min_price"]
        if asked.keys() & {"min_price", "max_price"} or asked.get("sort", "new") != "new":
            asked["currency"] = chance.choice(("EUR", "USD"))
        found.append(asked)
    return found


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_filter_finds_what_a_plain_reading_finds(door: Door, seed: int) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await alice.get("/api/me")
    await bob.get("/api/me")
    rows = await fill(door, alice, bob, seed)
    for asked in questions(seed, alice.user_id, bob.user_id):
        right = [row for row in rows if meant(row, asked, alice.user_id)]
        right.sort(key=lambda row: order(row, asked.get("sort", "new")))
        got: list[str] = []
        after = ""
        while True:
            answer = await alice.get(f"{PATH}?{urlencode(asked)}&limit=4{after}")
            assert answer.status == 200, (asked, answer.text)
            got += [one["id"] for one in answer.body["listings"]]
            if answer.body["next_cursor"] is None:
                break
            after = f"&cursor={answer.body['next_cursor']}"
        assert got == [row["id"] for row in right], asked


@pytest.mark.parametrize(
    "query",
    [
        "min_price=5",
        "sort=cheapest",
        "currency=EUR&min_price=5&max_price=4",
        "currency=ZZZ",
        "tags=" + ",".join("abcdefghijk"),
        "country=germany",
        "seller=%20",
        "status=gone",
        "cursor=x",
        "cursor=WzAsICJ4Il0",
        "sort=dearest&currency=EUR&cursor=WzAsICJ4Il0",
        "sort=dearest&currency=EUR&cursor=WzAsICItNSAwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDAiXQ",
        "limit=0",
        "colour=red",
    ],
)
async def test_what_cannot_be_asked_is_refused(door: Door, query: str) -> None:
    answer = await door.person("alice").get(f"{PATH}?{query}")
    assert (answer.status, answer.code) == (400, "invalid")


@pytest.mark.parametrize(
    "text", ["'", "\\", "& | !", "a' & 'b", ":*", "<->", "\u202e", "\0", "((", "-"]
)
async def test_no_letter_of_a_question_is_an_operator(door: Door, text: str) -> None:
    alice = door.person("alice")
    answer = await alice.get(f"{PATH}?{urlencode({'q': text})}")
    assert answer.status == 200, answer.text


MANY = """
INSERT INTO listings (id, seller, title, tags, price_minor, currency, city, country_code, status,
  listed_at, created_at, updated_at)
SELECT gen_random_uuid(), '@seller' || n %% 500 || ':hs.test', 'thing number' || n,
  ARRAY['tag' || n %% 700], n, 'EUR', 'city' || n %% 300, chr(65 + n %% 26) || 'A',
  CASE WHEN n %% 5 = 0 THEN 'sold' ELSE 'open' END,
  now() - n * interval '1 second', now(), now()
FROM generate_series(1, 50000) n
"""
BY_INDEX: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, "listings_page"),
    ({"q": "number777"}, "listings_words"),
    ({"tags": "tag6"}, "listings_tags"),
    ({"sort": "cheapest", "currency": "EUR"}, "listings_price"),
    ({"sort": "dearest", "currency": "EUR", "max_price": 4_000}, "listings_price"),
    ({"country": "CA"}, "listings_country"),
    ({"city": "City7"}, "listings_city"),
    ({"status": "sold"}, "listings_page"),
    ({"seller": "@seller7:hs.test"}, "listings_of"),
)


async def test_each_question_over_fifty_thousand_listings_has_its_index(store: Database) -> None:
    async with store.transaction() as tx:
        await tx.read(
            "INSERT INTO people (user_id, local)"
            " SELECT '@seller' || n || ':hs.test', true FROM generate_series(0, 499) n"
        )
        await tx.read(MANY, {})
    # Of people nothing is known: that must not matter.
    await store.run("ANALYZE listings")
    me = "@seller7:hs.test"
    for question, index in BY_INDEX:
        asked = Filter.model_validate(question)
        wanted = Wanted(asked, asked.seller)
        found, after = await finding.page(store, me, wanted, None, 10)
        assert found
        for place in {None, after}:
            sql, values = finding.statement(me, wanted, place)
            plan = await store.read("EXPLAIN " + sql, {**values, "limit": 11})
            text = "\n".join(row[0] for row in plan)
            assert f"using {index} on" in text or f"Scan on {index} " in text, (
                f"{question}: {text}"
            )
