# SPDX-License-Identifier: AGPL-3.0-or-later
"""The job behind a picture: fetch, cut, scan, show. Killed anywhere, it goes on where it was.

Each step leaves something that the next run finds: the original, variants, then a status.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import Unavailable
from appservice.homeserver.media import MediaRepository, Stored
from appservice.profile_media import coming, store
from appservice.profile_media.fetching import Fetching
from appservice.profile_media.folder import Folder
from appservice.profile_media.scanning import Finding, Scanner
from appservice.profile_media.shapes import FORMATS, SHAPES, Crop, Purpose
from appservice.profile_media.shown import show
from appservice.profile_media.store import FLAGGED, UNSCANNED, Picture, PictureStore
from appservice.profile_media.tasks import forget, queue
from appservice.profiles import activity
from appservice.profiles.activity import Kind
from appservice.untrusted.parent import NoAnswerError, Untrusted

_LOG = structlog.get_logger("kith.profile_media")
_STALE = timedelta(hours=24)
_STUCK = timedelta(minutes=10)
_SWEPT = 200
_CHANGED = {Purpose.AVATAR: Kind.CHANGED_AVATAR, Purpose.BANNER: Kind.CHANGED_BANNER}


class Pipeline:
    """What the worker does with pictures."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        pictures: PictureStore,
        folder: Folder,
        processes: Untrusted,
        scanner: Scanner,
        repository: MediaRepository,
        fetching: Fetching,
        most_pixels: int,
    ) -> None:
        """Take rows, files, who looks at pictures, who judges them, and what fetches them."""
        self._database = database
        self._clock = clock
        self._pictures = pictures
        self._folder = folder
        self._processes = processes
        self._scanner = scanner
        self._repository = repository
        self._fetching = fetching
        self._most_pixels = most_pixels

    async def process(self, media_id: str) -> None:
        """Bring a picture as far as it gets; repeating it changes nothing.

        Raises:
            Unavailable: the scanner, the homeserver or the database does not answer; to be
                repeated.
        """
        picture = await self._pictures.find(UUID(media_id))
        if picture is not None and picture.status == "ready":
            # Killed at the very end: where it was taken must not lie about.
            await asyncio.to_thread(self._folder.drop_original, picture.id)
        if picture is None or not _open(picture):
            return
        if not await asyncio.to_thread(self._folder.has_variants, picture.id):
            problem = await self._fetched(picture) or await self._vary(picture)
            if problem:
                await self._fail(picture, problem)
                return
        try:
            found = await self._scan(picture)
        except Unavailable:
            # Nobody sees it meanwhile; staff may decide, or the scanner when it is back.
            await self._move(picture, "review", UNSCANNED)
            raise
        if found.flagged:
            await self._move(picture, "review", FLAGGED, labels=list(found.labels))
        else:
            await self.finish(picture, before=("processing", "review"))

    async def finish(
        self, picture: Picture, *, before: tuple[str, ...], judged_by: str | None = None
    ) -> bool:
        """Show a good picture instead of the one before it; False when it has moved on."""
        now = self._clock.now()
        places = picture.source_mxc is not None
        places = places and await asyncio.to_thread(self._folder.says_place, picture.id)
        async with self._database.transaction() as tx:
            after = await store.change(
                tx, picture.id, "ready", now, before=before, judged_by=judged_by
            )
            if after is None:
                return False
            # Before the profile's row is locked: in this order everywhere.
            await coming.drop(tx, after.user_id, after.purpose, before=after.created_at)
            earlier = await show(tx, picture.user_id, picture.purpose, picture.id, now)
            if earlier is not None:
                await forget(tx, earlier)
            if places:
                await coming.replaced(tx, picture, self._clock.new_id().hex)
            kind = _CHANGED.get(picture.purpose)
            if kind is not None and not picture.quiet:
                await activity.record(tx, picture.user_id, kind, now, once=True)
        await asyncio.to_thread(self._folder.drop_original, picture.id)
        return True

    async def drop_files(self, media_id: UUID) -> None:
        """Remove the files of a picture that will never be shown."""
        await asyncio.to_thread(self._folder.forget, media_id)

    async def forget(self, media_id: str, mxc: str | None) -> None:
        """Remove the files of a picture whose row is gone."""
        await asyncio.to_thread(self._folder.forget, UUID(media_id))
        stored = Stored.parse(mxc)
        if stored is not None and not await self._repository.delete(stored):
            # Only a server administrator may; without that it stays, under an unguessable name.
            _LOG.info("media_stays", media_id=stored.media_id)

    async def sweep(self) -> None:
        """Take away what came to nothing, wake what was forgotten, remove files without a row."""
        now = self._clock.now()
        for picture in await self._pictures.stale(now - _STALE, _SWEPT):
            await asyncio.to_thread(self._folder.forget, picture.id)
        async with self._database.transaction() as tx:
            for media_id in await self._pictures.stuck(now - _STUCK):
                await queue(tx, media_id)
        before = (now - _STALE).timestamp()
        old = await asyncio.to_thread(
            lambda: [one for one, changed in self._folder.all() if changed < before]
        )
        for start in range(0, len(old), 1000):
            some = old[start : start + 1000]
            for orphan in set(some) - await self._pictures.known(some):
                await asyncio.to_thread(self._folder.forget, orphan)

    async def _fetched(self, picture: Picture) -> str | None:
        """Have the original, if it is elsewhere; the problem when it will not come."""
        try:
            return await self._fetching.fetch(picture)
        except Unavailable:
            if self._clock.now() - picture.created_at < _STALE:
                raise
            return "gone"

    async def _vary(self, picture: Picture) -> str | None:
        """Make the variants; the problem when there will be none."""
        if picture.crop is None and picture.source_mxc is None:
            return "crop"
        made = await asyncio.to_thread(self._folder.incoming, picture.id, self._clock.new_id().hex)
        await asyncio.to_thread(made.mkdir, mode=0o700)
        original = self._folder.original(picture.id)
        question: dict[str, Any] = {
            "path": str(original),
            "purpose": picture.purpose,
            "most_pixels": self._most_pixels,
            # Nobody chose a part of what was set in a Matrix client, or saw to its size.
            "crop": asdict(picture.crop) if picture.crop else None,
            "out": str(made),
        }
        try:
            told = await self._processes.ask(question)
        except NoAnswerError:
            told = {"problem": "broken"}
        if "problem" in told:
            return str(told["problem"])
        await asyncio.to_thread(self._folder.keep_variants, picture.id, made)
        async with self._database.transaction() as tx:
            await store.change(
                tx,
                picture.id,
                "processing",
                self._clock.now(),
                before=("processing",),
                blurhash=told["blurhash"],
                bytes=(await asyncio.to_thread(original.stat)).st_size,
                mime_type=told["kind"],
                width=told["width"],
                height=told["height"],
                crop=Crop(**told["crop"]),
            )
        return None

    async def _scan(self, picture: Picture) -> Finding:
        """What the scanner says; of several frames the first one that is flagged decides."""
        if picture.source_mxc:
            # In Matrix clients the whole of it is seen, and moves: not the part shown here.
            paths = await asyncio.to_thread(self._folder.scanned, picture.id)
        else:
            largest = f"{SHAPES[picture.purpose].largest}.jpg"
            paths = [self._folder.variant(picture.id, largest)]
        found = Finding(flagged=False)
        for path in paths:
            body = await asyncio.to_thread(path.read_bytes)
            found = await self._scanner.scan(body, FORMATS["jpg"][1])
            if found.flagged:
                break
        return found

    async def _fail(self, picture: Picture, problem: str) -> None:
        await self._move(picture, "failed", coming.reason_of(picture, problem))
        await asyncio.to_thread(self._folder.forget, picture.id)

    async def _move(
        self, picture: Picture, status: str, reason: str, *, labels: Sequence[str] | None = None
    ) -> Picture | None:
        async with self._database.transaction() as tx:
            after = await store.change(
                tx,
                picture.id,
                status,
                self._clock.now(),
                before=("processing", "review"),
                reason=reason,
                labels=labels,
            )
            if after is not None:
                await coming.turned_back(tx, after, self._clock.new_id().hex)
            return after


def _open(picture: Picture) -> bool:
    """Whether there is still something to do: in review only what no scanner has seen."""
    waits = picture.status == "review" and picture.reason == UNSCANNED
    return picture.status == "processing" or waits
