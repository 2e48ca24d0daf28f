# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a listing's pictures come from: uploaded elsewhere, named here by their ids."""

from collections.abc import Collection, Mapping
from typing import Protocol

from appservice.database import Transaction

Urls = Mapping[str, str]
"""Addresses of one picture, by the pixels of their longer side."""


class Pictures(Protocol):
    """Knows pictures for listings."""

    async def ready(self, tx: Transaction, owner: str, ids: Collection[str]) -> bool:
        """Whether all of these are somebody's own, made for listings, and may be shown."""

    async def shown(self, ids: Collection[str]) -> Mapping[str, Urls]:
        """Addresses of those that may be shown; the others are absent."""
