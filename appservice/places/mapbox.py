# SPDX-License-Identifier: AGPL-3.0-or-later
"""Places by Mapbox (Geocoding API v6), for whoever has a key; while it is away, the own tables.

The key travels in the address of the request, so no address and no library's error is ever
logged or passed on.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import aiohttp
import structlog

from appservice.places.gazetteer import Found, Gazetteer
from appservice.text import one_line

URL = "https://api.mapbox.com"
_PATH = "/search/geocode/v6/forward"
_SECONDS = 3.0
_MOST = 256 * 1024
"""Bytes of an answer."""
_OK = 200
_LONGEST = 100

_log = structlog.get_logger(__name__)


class Mapbox:
    """The gazetteer of a service elsewhere."""

    def __init__(
        self, session: aiohttp.ClientSession, key: str, offline: Gazetteer, *, url: str = URL
    ) -> None:
        """Take the key, and who answers while the service does not."""
        self._session = session
        self._key = key
        self._offline = offline
        self._url = url.rstrip("/")

    async def search(self, text: str, limit: int) -> list[Found]:
        """What Mapbox finds; what the own tables find, when it is away or says what is no answer.

        Its places have no number: they are chosen by city and country.
        """
        try:
            async with asyncio.timeout(_SECONDS):
                answer = await self._ask(text, limit)
            features = answer["features"]
            found = [self._found(one["properties"]) for one in features]
        except (
            aiohttp.ClientError,
            OSError,
            ValueError,
            KeyError,
            TypeError,
            RecursionError,
            TimeoutError,
        ) as why:
            _log.warning("places_away", provider="mapbox", error=type(why).__name__)
            return await self._offline.search(text, limit)
        return [one for one in found if one is not None][:limit]

    async def place(self, place_id: int) -> Found | None:
        """Numbers are always GeoNames'."""
        return await self._offline.place(place_id)

    def country(self, code: str) -> str | None:
        """The country's name, from the own table."""
        return self._offline.country(code)

    async def _ask(self, text: str, limit: int) -> Mapping[str, Any]:
        query = {
            "q": text,
            "limit": str(min(limit, 10)),
            "types": "place,country",
            "autocomplete": "true",
            # What is chosen is kept with the profile, which this asks for.
            "permanent": "true",
            "access_token": self._key,
        }
        async with self._session.get(
            self._url + _PATH, params=query, allow_redirects=False
        ) as answer:
            if answer.status != _OK:
                raise ValueError("no good status")
            raw = await answer.content.read(_MOST + 1)
            while len(raw) <= _MOST and not answer.content.at_eof():
                raw += await answer.content.read(_MOST + 1 - len(raw))
        if len(raw) > _MOST:
            raise ValueError("too much")
        found = json.loads(raw)
        if not isinstance(found, dict):
            raise TypeError("not an object")
        return found

    def _found(self, one: Mapping[str, Any]) -> Found | None:
        context = one["context"]
        code = str(context["country"]["country_code"]).upper()
        country = self.country(code)
        if country is None:
            return None
        city = None if one["feature_type"] == "country" else one_line(str(one["name"]), _LONGEST)
        region = context.get("region", {}).get("name") if city else None
        return Found(None, city, region and one_line(str(region), _LONGEST), code, country)
