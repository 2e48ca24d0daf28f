# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person said, room by room and month by month, and the files that went with it."""

import asyncio
from typing import Any

from appservice.database import Database
from appservice.exports import looks, steps
from appservice.exports.archive import Archive
from appservice.exports.files import Files, attached
from appservice.exports.pages import Pages
from appservice.exports.said import Said, Upload
from appservice.exports.steps import Tell
from appservice.homeserver.port import Json

_NAMED = """
SELECT room_id, name, kind, people FROM rooms WHERE room_id = ANY (%(rooms)s)
"""


class Conversations:
    """One person's, while their archive is made."""

    def __init__(self, archive: Archive, database: Database, said: Said, files: Files) -> None:
        """Take the archive, and where words and files come from."""
        self._archive = archive
        self._database = database
        self._said = said
        self._files = files
        # One short line for each file of media: the zip's own directory holds more.
        self._places: dict[str, str | None] = {}
        self._done = 0

    @property
    def files(self) -> list[str]:
        """Paths of the files of media that are inside."""
        return [place for place in self._places.values() if place]

    async def take(self, me: str, upload: Upload) -> str | None:
        """Put a file in; its path."""
        place = await self._files.upload(self._archive, me, upload)
        self._places[upload.media_id] = place
        return place

    async def write(self, me: str, about: int, tell: Tell) -> list[str]:
        """Write all rooms; an item for each that has something, for the first page."""
        listed = Pages(self._archive, "synapse/rooms", "Your rooms", looks.table)
        items: list[str] = []
        number = 0
        async for some in self._said.rooms(me):
            names = await self._named([room_id for room_id, _ in some])
            for room_id, membership in some:
                number += 1
                known = names.get(room_id, {})
                title = known.get("name") or room_id
                pages = Pages(self._archive, f"messages/{number:05}", title, looks.messages)
                async for events in self._said.events(me, room_id):
                    rows = [await self._with_file(me, event) for event in events]
                    await asyncio.to_thread(pages.extend, rows, looks.month)
                    self._done += len(events)
                    await tell(steps.MESSAGES, self._done, max(about, self._done))
                await asyncio.to_thread(pages.flush)
                if pages.written:
                    items.append(looks.room(title, room_id, pages.written))
                row = {"room_id": room_id, "membership": membership, **known}
                folder = f"messages/{number:05}" if pages.written else None
                told = {**row, "own_events": pages.count, "folder": folder}
                await asyncio.to_thread(listed.extend, [told])
        await asyncio.to_thread(listed.flush)
        return [looks.contents(listed.written), *items]

    async def _named(self, rooms: list[str]) -> dict[str, dict[str, Any]]:
        rows = await self._database.read(_NAMED, {"rooms": rooms})
        # Who is in a public room is not one's own matter; with whom one talks is.
        return {
            room_id: {"name": name, "kind": kind, "with": people if kind == "dm" else None}
            for room_id, name, kind, people in rows
        }

    async def _with_file(self, me: str, event: Json) -> Json:
        """The event, and where its file is."""
        place = None
        for address, kind, name in attached(event["content"]):
            media_id = self._files.local(address)
            known = media_id or address
            if known not in self._places:
                if media_id is None:
                    self._places[known] = None
                    self._archive.lacks(f"file {address}", "kept by another homeserver")
                else:
                    await self.take(me, Upload(media_id, kind, None, 0, name, quarantined=False))
            place = place or self._places[known]
        return {**event, "file": place} if place else event
