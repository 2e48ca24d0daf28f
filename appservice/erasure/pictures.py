# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deletes somebody's pictures: rows, files, and what the homeserver has of them."""

from typing import Protocol
from uuid import UUID

from appservice.database import Database
from appservice.erasure import store
from appservice.erasure.store import Erasure
from appservice.profile_media.tasks import forget

_SOME = """
SELECT id, mxc FROM profile_media WHERE user_id = %(user_id)s ORDER BY id LIMIT 100
"""


class Files(Protocol):
    """Who has the files (`appservice.profile_media.pipeline`)."""

    async def forget(self, media_id: str, mxc: str | None) -> None:
        """Remove the files of a picture whose row is gone."""


class Pictures:
    """Somebody's pictures."""

    def __init__(self, database: Database, files: Files) -> None:
        """Take Kith's database and who has the files."""
        self._database = database
        self._files = files

    async def remove(self, erasure: Erasure, user_id: str) -> None:
        """All of them; a row that is gone leaves a job behind that removes its files for sure."""
        while rows := await self._database.read(_SOME, {"user_id": user_id}):
            for media_id, mxc in rows:
                await self._one(erasure.id, media_id, mxc)

    async def _one(self, erasure_id: UUID, media_id: UUID, mxc: str | None) -> None:
        async with self._database.transaction() as tx:
            await forget(tx, media_id)
            await store.count(tx, erasure_id, "profile_media", "removed", 1)
            await store.count(tx, erasure_id, "place pictures", "removed", 1)
        # At once too, so that the proof tells of what is done and not of what is to come.
        await self._files.forget(str(media_id), mxc)
