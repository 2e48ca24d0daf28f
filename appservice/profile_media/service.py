# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people do with pictures of their profile: announce, upload, cut, take away (P4)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import NotFound
from appservice.profile_media import coming, store
from appservice.profile_media.arriving import TooLargeError, written
from appservice.profile_media.folder import Folder
from appservice.profile_media.shapes import MOST_BYTES, SMALLEST, Crop, Purpose, wrong
from appservice.profile_media.shown import show
from appservice.profile_media.signing import Signer
from appservice.profile_media.store import Picture, PictureStore
from appservice.profile_media.tasks import forget, queue
from appservice.rest.codes import Code
from appservice.untrusted.parent import NoAnswerError, Untrusted

_MOST_PENDING = 12
"""Pictures of a person that are under way; a listing has ten."""

_PENDING_SINCE = timedelta(hours=1)
_PROBLEMS = {
    "type": Code.NOT_A_PICTURE,
    "broken": Code.BROKEN_IMAGE,
    "pixels": Code.IMAGE_TOO_LARGE,
    "small": Code.IMAGE_TOO_SMALL,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture may be put, and until when."""

    media_id: UUID
    url: str
    expires_at: datetime


class ProfileMedia:
    """Use cases."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        pictures: PictureStore,
        folder: Folder,
        processes: Untrusted,
        signer: Signer,
        most_pixels: int,
    ) -> None:
        """Take the rows, the files, who looks at pictures, and who signs links."""
        self._database = database
        self._clock = clock
        self._pictures = pictures
        self._folder = folder
        self._processes = processes
        self._signer = signer
        self._most_pixels = most_pixels

    async def announce(self, me: str, purpose: Purpose, size: int) -> Place:
        """Say that a picture will come.

        Raises:
            KithError: `too_large`; `too_many_requests` for who has many under way.
        """
        if size > MOST_BYTES:
            raise Code.TOO_LARGE.error(most_bytes=MOST_BYTES)
        now = self._clock.now()
        if await self._pictures.pending(me, now - _PENDING_SINCE) >= _MOST_PENDING:
            raise Code.TOO_MANY_REQUESTS.error(
                "You have many pictures under way. Finish some first.", retry_after_ms=60_000
            )
        media_id = self._clock.new_id()
        await self._pictures.add(media_id, me, purpose, size, now)
        url, expires_at = self._signer.upload(media_id, now)
        return Place(media_id, url, expires_at)

    async def put(
        self, me: str, media_id: UUID, expires: int, signature: str, chunks: AsyncIterator[bytes]
    ) -> Picture:
        """Take a picture in and look at it; done again it gives the same answer.

        Raises:
            NotFound: not one's own, or not with this link.
            KithError: `too_large`, `not_a_picture`, `broken_image`, `image_too_large`,
                `image_too_small`; `picture_moved_on` when it was cut already.
        """
        now = self._clock.now()
        picture = await self.own(me, media_id)
        if not self._signer.good("put", media_id, expires, signature, now):
            raise NotFound
        if picture.status not in ("waiting", "received", "failed"):
            raise Code.PICTURE_MOVED_ON.error()
        arriving = await asyncio.to_thread(
            self._folder.incoming, media_id, self._clock.new_id().hex
        )
        try:
            size, digest = await written(arriving, chunks, MOST_BYTES)
            told = await self._look(arriving)
            problem = told.get("problem")
            if problem is None:
                await asyncio.to_thread(self._folder.keep_original, media_id, arriving)
        except TooLargeError:
            raise Code.TOO_LARGE.error(most_bytes=MOST_BYTES) from None
        finally:
            await asyncio.to_thread(arriving.unlink, missing_ok=True)
        async with self._database.transaction() as tx:
            after = await store.change(
                tx,
                media_id,
                "failed" if problem else "received",
                self._clock.now(),
                before=("waiting", "received", "failed"),
                reason=_PROBLEMS[problem].code if problem else None,
                mime_type=told["kind"],
                bytes=size,
                width=told.get("width"),
                height=told.get("height"),
                hash=digest,
            )
        if problem:
            raise _PROBLEMS[problem].error(smallest=SMALLEST)
        if after is None:
            raise Code.PICTURE_MOVED_ON.error()
        return after

    async def crop(self, me: str, media_id: UUID, crop: Crop) -> Picture:
        """Choose the part that is shown; the rest happens by itself.

        Raises:
            NotFound: it is not one's own.
            KithError: `invalid`; `picture_moved_on` when it did not arrive or was cut already.
        """
        picture = await self.own(me, media_id)
        if picture.status != "received" or picture.width is None or picture.height is None:
            raise Code.PICTURE_MOVED_ON.error()
        problem = wrong(crop, picture.purpose, picture.width, picture.height)
        if problem:
            raise Code.INVALID.error(fields=[{"field": "crop", "problem": problem}])
        async with self._database.transaction() as tx:
            after = await store.change(
                tx, media_id, "processing", self._clock.now(), before=("received",), crop=crop
            )
            if after is None:
                raise Code.PICTURE_MOVED_ON.error()
            await queue(tx, media_id)
        return after

    async def own(self, me: str, media_id: UUID) -> Picture:
        """One's own picture, however far it is.

        Raises:
            NotFound: it is not one's own.
        """
        picture = await self._pictures.find(media_id)
        if picture is None or picture.user_id != me:
            raise NotFound
        return picture

    async def take_away(self, me: str, purpose: Purpose) -> None:
        """Show none in the profile any more; its files go."""
        async with self._database.transaction() as tx:
            await coming.drop(tx, me, purpose)
            before = await show(tx, me, purpose, None, self._clock.now())
            if before is not None:
                await forget(tx, before)

    async def _look(self, path: Path) -> dict[str, Any]:
        question = {"path": str(path), "most_pixels": self._most_pixels}
        try:
            return await self._processes.ask(question)
        except NoAnswerError:
            return {"kind": None, "problem": "broken"}
