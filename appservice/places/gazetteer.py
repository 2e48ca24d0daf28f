# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who knows places: the port, and what is found."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Found:
    """A city, or with no city a country.

    Attributes:
        place_id: GeoNames' number; None when the provider has none.
        city: its name.
        region: what tells it from others of its name; None when unknown.
        country_code: ISO 3166-1 alpha-2, upper case.
        country: English name.
        timezone: of tz database; None when unknown.
    """

    place_id: int | None
    city: str | None
    region: str | None
    country_code: str
    country: str
    timezone: str | None = None

    @property
    def label(self) -> str:
        """As it is shown."""
        return ", ".join(part for part in (self.city, self.region, self.country) if part)


class Gazetteer(Protocol):
    """A provider of places."""

    async def search(self, text: str, limit: int) -> list[Found]:
        """Places whose name begins so, in any language known, the largest first.

        Never raises for a provider that is away: what can be known without it is answered.
        """

    async def place(self, place_id: int) -> Found | None:
        """The place of a number."""

    def country(self, code: str) -> str | None:
        """English name of a country by its ISO code; None when there is none."""
