# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may look at a variant, and how long a browser may keep it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from appservice.clock import Clock
from appservice.errors import NotFound
from appservice.profile_media.folder import Folder
from appservice.profile_media.shapes import FORMATS, SHAPES, WHOLE, Purpose, named
from appservice.profile_media.signing import LIFE, Signer
from appservice.profile_media.store import Picture, PictureStore
from appservice.rest.access import Caller

_FOREVER = "public, max-age=31536000, immutable"
_WHOLE = ("whole", FORMATS["jpg"][1])
_SHORT = f"private, max-age={int(LIFE.total_seconds())}"


class Openness(Protocol):
    """Whether everybody may see a picture: asked of the profile it belongs to."""

    async def public(self, picture: Picture) -> bool:
        """Whether the profile shows it, to anybody."""


@dataclass(frozen=True, slots=True)
class Served:
    """A file and how it is given out."""

    path: Path
    kind: str
    cache: str


class Delivery:
    """Gives out variants."""

    def __init__(
        self,
        pictures: PictureStore,
        folder: Folder,
        signer: Signer,
        openness: Openness,
        clock: Clock,
    ) -> None:
        """Take the rows, the files, the signatures, the profiles and the time."""
        self._pictures = pictures
        self._folder = folder
        self._signer = signer
        self._openness = openness
        self._clock = clock

    async def find(
        self, caller: Caller | None, media_id: UUID, file: str, link: tuple[int, str] | None
    ) -> Served:
        """A variant for whoever asks.

        Args:
            caller: who asks; None is nobody known.
            media_id: which picture.
            file: ``512.webp`` and its like.
            link: when a signed link ends, and its signature.

        Raises:
            NotFound: there is none, or not for them.
        """
        variant = _WHOLE if file == WHOLE else named(file)
        picture = await self._pictures.find(media_id) if variant else None
        if picture is None or variant is None:
            raise NotFound
        if variant != _WHOLE and variant[0] not in SHAPES[picture.purpose].variants:
            raise NotFound
        # Owner and staff see what is quarantined; nobody else does, with whatever link. What is
        # shown already staff see as anybody does.
        waits = picture.status == "review"
        insider = caller is not None and (
            caller.user_id == picture.user_id or (waits and caller.staff is not None)
        )
        cache = _SHORT
        ready = picture.status == "ready" and variant != _WHOLE
        if ready and await self._openness.public(picture):
            cache = _FOREVER
        elif not insider and not (ready and self._signed(media_id, link)):
            raise NotFound
        return Served(self._folder.variant(media_id, file), variant[1], cache)

    def urls(self, picture: Picture, *, public: bool) -> dict[str, str]:
        """Addresses of a picture for who may see it; none while there are no variants."""
        if picture.status not in ("ready", "review"):
            return {}
        now = self._clock.now()
        urls = dict(self._signer.urls(picture.id, picture.purpose, public=public, now=now))
        if picture.source_mxc and picture.status == "review":
            urls["whole"] = self._signer.whole(picture.id)
        return urls

    def final(self, media_id: UUID, purpose: Purpose) -> str:
        """Where the largest variant will be."""
        urls = self._signer.urls(media_id, purpose, public=True, now=self._clock.now())
        return urls[SHAPES[purpose].largest]

    def _signed(self, media_id: UUID, link: tuple[int, str] | None) -> bool:
        if link is None:
            return False
        return self._signer.good("get", media_id, link[0], link[1], self._clock.now())
