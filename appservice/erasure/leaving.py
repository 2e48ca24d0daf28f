# SPDX-License-Identifier: AGPL-3.0-or-later
"""What follows when an account is deactivated on the homeserver, by whomever (F1, G1)."""

from appservice.erasure.service import Erasures
from appservice.people.farewell import Farewell


class Leaving:
    """Ties go at once, everything else with an erasure after the grace period."""

    def __init__(self, farewell: Farewell, erasures: Erasures) -> None:
        """Take who ends ties, and the erasures."""
        self._farewell = farewell
        self._erasures = erasures

    async def deactivate(self, user_id: str) -> None:
        """Both; done again it changes nothing."""
        await self._farewell.deactivate(user_id)
        await self._erasures.follow(user_id)
