# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person's files: pictures from Kith's disk, uploads from the homeserver, as streams.

A file that cannot be had is named in the archive with the reason; only when the homeserver as a
whole is away does the archive wait for it.
"""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from appservice.database import Database
from appservice.errors import HomeserverRefused, NotFound, Unavailable
from appservice.exports.archive import Archive
from appservice.exports.said import Upload
from appservice.homeserver.media import MediaRepository, Stored
from appservice.homeserver.port import Homeserver
from appservice.media.names import file_name
from appservice.profile_media.folder import Folder as PictureFolder
from appservice.profile_media.shapes import SHAPES, Purpose

_MEDIA_ID = re.compile(r"[A-Za-z0-9_\-]{1,255}")
_STRANGE = re.compile(r'[<>:"|?*]')
_LONGEST = 80
_BLOCK = 256 * 1024
_PICTURES = "SELECT id, purpose FROM profile_media WHERE user_id = %(me)s ORDER BY created_at, id"
_TOO_LARGE = "larger than an archive takes"


class Files:
    """Puts files into an archive."""

    def __init__(
        self,
        database: Database,
        homeserver: Homeserver,
        repository: MediaRepository,
        pictures: PictureFolder,
        *,
        server_name: str,
        most_bytes: int,
    ) -> None:
        """Take where files are; `most_bytes` is the largest that is taken in."""
        self._database = database
        self._homeserver = homeserver
        self._repository = repository
        self._pictures = pictures
        self._server_name = server_name
        self._most_bytes = most_bytes

    async def pictures(self, archive: Archive, me: str) -> list[str]:
        """Pictures of a profile and of listings; their paths."""
        rows = await self._database.read(_PICTURES, {"me": me})
        written: list[str] = []
        for media_id, purpose in rows:
            written += await asyncio.to_thread(self._picture, archive, media_id, Purpose(purpose))
        return written

    def _picture(self, archive: Archive, media_id: UUID, purpose: Purpose) -> list[str]:
        largest = SHAPES[purpose].largest
        wanted = {
            "original": self._pictures.original(media_id),
            f"{largest}.jpg": self._pictures.variant(media_id, f"{largest}.jpg"),
            f"{largest}.webp": self._pictures.variant(media_id, f"{largest}.webp"),
        }
        found = []
        for name, path in wanted.items():
            place = f"pictures/{media_id}-{purpose}-{name}"
            if _copy(archive, path, place):
                found.append(place)
        if not found:
            archive.lacks(f"picture {media_id}", "no file of it is there")
        return found

    def place(self, upload: Upload) -> str:
        """Where an upload lies in the archive."""
        name = _STRANGE.sub("_", file_name(upload.name))[-_LONGEST:]
        known = _MEDIA_ID.fullmatch(upload.media_id) is not None
        return f"media/{upload.media_id}-{name}" if known else f"media/{name}"

    def local(self, mxc: object) -> str | None:
        """The id of a file of this homeserver; None for any other."""
        stored = Stored.parse(mxc)
        if stored is None or stored.server != self._server_name:
            return None
        return stored.media_id if _MEDIA_ID.fullmatch(stored.media_id) else None

    async def upload(self, archive: Archive, me: str, upload: Upload) -> str | None:
        """One file of the homeserver; its path, None when it could not be had.

        Raises:
            Unavailable: the homeserver as a whole does not answer.
        """
        what = f"file {upload.media_id} ({upload.name or 'no name'})"
        if upload.quarantined:
            archive.lacks(what, "held back by the staff of this homeserver")
            return None
        if (upload.size or 0) > self._most_bytes:
            archive.lacks(what, _TOO_LARGE)
            return None
        arriving = archive.spool()
        try:
            if not await self._fetched(upload.media_id, me, arriving):
                archive.lacks(what, _TOO_LARGE)
                return None
            place = self.place(upload)
            await asyncio.to_thread(_copy, archive, arriving, place)
        except NotFound:
            archive.lacks(what, "the homeserver does not have it any more")
        except Unavailable:
            # Raises when it is not this file alone.
            with suppress(HomeserverRefused):
                await self._homeserver.get_profile(me)
            archive.lacks(what, "the homeserver did not give it out")
        else:
            return place
        finally:
            await asyncio.to_thread(arriving.unlink, missing_ok=True)
        return None

    async def _fetched(self, media_id: str, me: str, arriving: Path) -> bool:
        """Bring a file here, whole; False when it is too large."""
        stored, size = Stored(self._server_name, media_id), 0
        async with self._repository.download(stored, as_user=me) as download:
            if (download.length or 0) > self._most_bytes:
                return False
            with await asyncio.to_thread(arriving.open, "wb") as file:
                async for chunk in download.chunks:
                    size += len(chunk)
                    if size > self._most_bytes:
                        return False
                    await asyncio.to_thread(file.write, chunk)
        return True


def _copy(archive: Archive, path: Path, place: str) -> bool:
    try:
        file = path.open("rb")
    except OSError:
        return False
    with file, archive.entry(place, packed=True) as entry:
        while block := file.read(_BLOCK):
            entry.write(block)
    return True


def attached(content: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Files that an event carries: address, type and name, encrypted ones and small copies too."""
    info = content.get("info")
    info = info if isinstance(info, Mapping) else {}
    name = content.get("filename", content.get("body"))
    named = name if isinstance(name, str) else ""
    found = []
    for inside, suffix in ((content, ""), (info, "thumbnail_")):
        address = inside.get(f"{suffix}url")
        locked = inside.get(f"{suffix}file")
        if isinstance(locked, Mapping):
            address = locked.get("url")
        if isinstance(address, str):
            found.append((address, str(info.get("mimetype", "")), named))
    return found
