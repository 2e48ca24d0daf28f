# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells profiles where their pictures are; implements `profiles.parts.Pictures`."""

from collections.abc import Mapping
from uuid import UUID

from appservice.clock import Clock
from appservice.profile_media.signing import Signer


class Addresses:
    """Makes addresses; asks nobody."""

    def __init__(self, signer: Signer, clock: Clock) -> None:
        """Take who signs links, and the time."""
        self._signer = signer
        self._clock = clock

    async def urls(self, media_id: UUID, name: str, *, public: bool) -> Mapping[str, str]:
        """Address of each size of an ``avatar`` or a ``banner``; signed unless `public`."""
        now = self._clock.now()
        return self._signer.urls(media_id, name, public=public, now=now)
