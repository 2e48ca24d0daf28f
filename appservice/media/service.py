# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes files in for messages, says what a message needs of them, forgets those never sent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from appservice.clock import Clock
from appservice.errors import HomeserverRefused, NotFound
from appservice.homeserver.media import Download, MediaRepository, Stored
from appservice.media.incoming import Arrived
from appservice.media.kinds import message_type
from appservice.media.looker import Looker, Seen
from appservice.media.store import Dropped, Upload, UploadStore
from appservice.rest.codes import Code

_LOG = structlog.get_logger("kith.media")
_LIFE = timedelta(hours=24)
_MOST_WAITING = 100
"""Files of a person that no message carries yet."""

_SWEPT = 200
_TOO_LARGE = 413
_PROBLEMS = {"broken": Code.BROKEN_IMAGE, "pixels": Code.IMAGE_TOO_LARGE}


class MediaService:
    """Use cases of one's own files."""

    def __init__(
        self, store: UploadStore, repository: MediaRepository, looker: Looker, clock: Clock
    ) -> None:
        """Take the rows, the homeserver's media, who looks at pictures, and the time."""
        self._store = store
        self._repository = repository
        self._looker = looker
        self._clock = clock

    async def check_room(self, me: str) -> None:
        """Whether a person may upload one more.

        Raises:
            KithError: `too_many_requests`.
        """
        if await self._store.waiting(me, self._clock.now()) >= _MOST_WAITING:
            raise Code.TOO_MANY_REQUESTS.error(
                "You have many files waiting. Send or remove some first."
            )

    async def take(self, me: str, arrived: Arrived) -> Upload:
        """Look at a file, hand it to the homeserver, remember it for a day.

        Raises:
            KithError: `broken_image`, `image_too_large`, `too_large`.
            HomeserverRefused: any other no of the homeserver.
        """
        seen = await self._looker.look(arrived.path)
        if seen.problem:
            raise _PROBLEMS[seen.problem].error()
        path = seen.clean or arrived.path
        mxc = await self._hand_over(path, arrived.name, seen.kind, me)
        now = self._clock.now()
        upload = Upload(
            id=self._clock.new_id(),
            mxc=mxc,
            name=arrived.name,
            mime_type=seen.kind,
            size=path.stat().st_size,
            width=seen.width,
            height=seen.height,
            blurhash=seen.blurhash,
            thumbnail=await self._small(seen, me),
            expires_at=now + _LIFE,
        )
        await self._store.add(upload, me, now)
        return upload

    async def content(self, me: str, upload_id: UUID | str) -> dict[str, Any]:
        """What a message that carries the file says about it (spec 11.2), but its words.

        The file counts as sent from now on.

        Returns:
            `msgtype`, `filename`, `url`, `info`.

        Raises:
            NotFound: it is nobody's, somebody else's, or too old.
        """
        try:
            known = upload_id if isinstance(upload_id, UUID) else UUID(upload_id)
        except ValueError:
            raise NotFound from None
        upload = await self._store.use(me, known, self._clock.now())
        if upload is None:
            raise NotFound
        info: dict[str, Any] = {"mimetype": upload.mime_type, "size": upload.size}
        if upload.width is not None:
            info |= {"w": upload.width, "h": upload.height}
        if upload.blurhash:
            info["xyz.amorgan.blurhash"] = upload.blurhash
        if upload.thumbnail:
            small = upload.thumbnail
            info["thumbnail_url"] = small["mxc"]
            info["thumbnail_info"] = {
                "mimetype": small["mime_type"],
                "size": small["size"],
                "w": small["width"],
                "h": small["height"],
            }
        return {
            "msgtype": message_type(upload.mime_type),
            "filename": upload.name,
            "url": upload.mxc,
            "info": info,
        }

    @asynccontextmanager
    async def open(self, me: str, upload_id: UUID) -> AsyncIterator[tuple[Upload, Download]]:
        """One's own file, as the homeserver has it."""
        upload = await self._store.find(me, upload_id, self._clock.now())
        stored = Stored.parse(upload.mxc) if upload else None
        if upload is None or stored is None:
            raise NotFound
        async with self._repository.download(stored, as_user=me) as download:
            yield upload, download

    async def drop(self, me: str, upload_id: UUID) -> None:
        """Take one's own file back. What a message carries stays with the message."""
        dropped = await self._store.drop(me, upload_id)
        if dropped is None:
            raise NotFound
        await self._forget(dropped)

    async def sweep(self) -> None:
        """Forget what is too old."""
        for dropped in await self._store.expired(self._clock.now(), _SWEPT):
            await self._forget(dropped)

    async def _small(self, seen: Seen, me: str) -> dict[str, Any] | None:
        small = seen.small
        if small is None:
            return None
        return {
            "mxc": await self._hand_over(small.path, None, small.kind, me),
            "mime_type": small.kind,
            "size": small.path.stat().st_size,
            "width": small.width,
            "height": small.height,
        }

    async def _hand_over(self, path: Path, name: str | None, kind: str, me: str) -> str:
        try:
            return await self._repository.upload(path, name=name, kind=kind, as_user=me)
        except HomeserverRefused as error:
            if error.status == _TOO_LARGE:
                raise Code.TOO_LARGE.error() from error
            raise

    async def _forget(self, dropped: Dropped) -> None:
        stored = [Stored.parse(address) for address in dropped.addresses]
        for one in stored if dropped.unused else ():
            # Only a server administrator may; without that the file stays, known to nobody.
            if one is not None and not await self._repository.delete(one):
                _LOG.info("media_stays", media_id=one.media_id)
                return
