# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff do with pictures a scanner flagged, or could not see."""

from uuid import UUID

from sqlalchemy import insert

from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import NotFound
from appservice.profile_media import coming, store
from appservice.profile_media.pipeline import Pipeline
from appservice.profile_media.store import Picture, PictureStore
from appservice.rest.codes import Code
from appservice.rest.cursor import Position
from schema.tables.access import audit_log

_UNSAID = "Staff decided that this picture cannot be shown here."


class Review:
    """Use cases of staff."""

    def __init__(
        self, database: Database, clock: Clock, pictures: PictureStore, pipeline: Pipeline
    ) -> None:
        """Take the rows, the time, and who shows what is approved."""
        self._database = database
        self._clock = clock
        self._pictures = pictures
        self._pipeline = pipeline

    async def waiting(self, after: Position | None, limit: int) -> list[Picture]:
        """A page of what waits, newest first (one row more if there are more)."""
        return await self._pictures.in_review(after, limit)

    async def decide(
        self, staff: str, media_id: UUID, *, approve: bool, reason: str | None
    ) -> Picture:
        """Show a picture, or never.

        Raises:
            NotFound: there is none.
            KithError: `picture_moved_on`: it does not wait (any more).
        """
        picture = await self._pictures.find(media_id)
        if picture is None:
            raise NotFound
        done = (
            await self._pipeline.finish(picture, before=("review",), judged_by=staff)
            if approve
            else await self._reject(picture, staff, reason or _UNSAID)
        )
        if not done:
            raise Code.PICTURE_MOVED_ON.error()
        async with self._database.transaction() as tx:
            await tx.execute(
                insert(audit_log).values(
                    at=self._clock.now(),
                    actor=staff,
                    act="picture_approved" if approve else "picture_rejected",
                    target=picture.user_id,
                    reason=reason,
                    source="admin",
                    detail={"media_id": str(media_id), "purpose": picture.purpose.value},
                )
            )
        return await self._again(media_id)

    async def _reject(self, picture: Picture, staff: str, reason: str) -> bool:
        async with self._database.transaction() as tx:
            after = await store.change(
                tx,
                picture.id,
                "rejected",
                self._clock.now(),
                before=("review",),
                reason=reason,
                judged_by=staff,
            )
            if after is None:
                return False
            await coming.turned_back(tx, after, self._clock.new_id().hex)
        await self._pipeline.drop_files(picture.id)
        return True

    async def _again(self, media_id: UUID) -> Picture:
        picture = await self._pictures.find(media_id)
        if picture is None:
            raise NotFound
        return picture
