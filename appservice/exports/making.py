# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes one archive from its beginning to its end. Repeating it makes the same again.

What is held meanwhile is a page of rows, a block of a file, and one line for each file that is
inside: neither the number of events nor the size of files counts.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import HomeserverRefused
from appservice.exports import looks, steps, tables
from appservice.exports.archive import Archive
from appservice.exports.conversations import Conversations
from appservice.exports.files import Files
from appservice.exports.pages import Page, Pages
from appservice.exports.said import NotToldError, Said
from appservice.exports.steps import Tell
from appservice.homeserver.port import Homeserver
from appservice.privacy.declared import TABLES
from appservice.privacy.entry import LeftOut
from appservice.privacy.places import PLACES

_FORMAT = 1
_SAID = "SELECT count(*) FROM events WHERE sender = %(me)s"


@dataclass(frozen=True, slots=True)
class Made:
    """A finished archive: bytes, SHA-256 of them, how many files could not be had."""

    size: int
    sha256: bytes
    missing: int


class Maker:
    """Makes archives."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        homeserver: Homeserver,
        said: Said,
        files: Files,
        *,
        keep_free: int,
    ) -> None:
        """Take where everything comes from; `keep_free` are bytes of the disk left to others."""
        self._database = database
        self._clock = clock
        self._homeserver = homeserver
        self._said = said
        self._files = files
        self._keep_free = keep_free

    async def make(self, me: str, path: Path, tell: Tell) -> Made:
        """Write somebody's archive.

        Args:
            me: whose.
            path: a file that is not there yet.
            tell: told of progress; whatever it raises ends the work.

        Raises:
            Unavailable: a part is away; the file is to be thrown away.
            DiskFullError: there is no room.
            OSError: it cannot be written.
        """
        now = self._clock.now()
        archive = await asyncio.to_thread(Archive, path, now, self._keep_free)
        try:
            return await self._write(archive, me, path, now, tell)
        except BaseException:
            archive.abandon()
            raise

    async def _write(
        self, archive: Archive, me: str, path: Path, now: datetime, tell: Tell
    ) -> Made:
        parts: dict[str, Sequence[str]] = {}
        await tell(steps.ACCOUNT, 0, None)
        account = await self._account(archive, me)
        kith = await tables.write(archive, self._database, me, now, tell)
        parts["In Kith"] = [_table(name, pages) for name, pages in kith.items()]
        await tell(steps.PICTURES, 0, None)
        pictures = await self._files.pictures(archive, me)
        talk = Conversations(archive, self._database, self._said, self._files)
        await self._uploads(archive, talk, me, tell)
        rows = await self._database.read(_SAID, {"me": me})
        parts["In Synapse"] = account
        parts["What you said"] = await talk.write(me, int(rows[0][0]), tell)
        files = [*pictures, *talk.files]
        parts["Files"] = [f'<li><a href="{escape(one)}">{escape(one)}</a></li>\n' for one in files]
        await tell(steps.CLOSING, 0, None)
        await asyncio.to_thread(_close, archive, me, now, parts)
        size, sha256 = await asyncio.to_thread(_measured, path)
        return Made(size, sha256, len(archive.missing))

    async def _account(self, archive: Archive, me: str) -> list[str]:
        base = [await self._said.account(me)]
        profile: dict[str, Any] | None = None
        found: dict[str, Any] = {}
        try:
            profile = await self._homeserver.get_profile(me)
            found = await self._homeserver.account(me)
        except HomeserverRefused as error:
            # A deactivated account, or one of another homeserver: nobody can act as it.
            archive.lacks("devices, pushers and e-mail addresses", error.sentence)
        written = [
            *await _put(archive, "synapse/account", "Your Matrix account", base),
            *await _put(archive, "synapse/profile", "Your Matrix profile", [profile or {}]),
        ]
        for name, title in (
            ("devices", "Your devices"),
            ("pushers", "Where you are notified"),
            ("threepids", "Your e-mail addresses and telephone numbers"),
        ):
            rows = [row for row in found.get(name, ()) if isinstance(row, dict)]
            written += await _put(archive, f"synapse/{name}", title, rows)
        pages = Pages(archive, "synapse/account_data", "Your account data", looks.table)
        async for some in self._said.account_data(me):
            await asyncio.to_thread(pages.extend, some)
        await asyncio.to_thread(pages.flush)
        return [*written, looks.contents(pages.written)]

    async def _uploads(self, archive: Archive, talk: Conversations, me: str, tell: Tell) -> None:
        pages = Pages(archive, "synapse/uploads", "Files you uploaded", looks.table)
        done = 0
        try:
            async for some in self._said.uploads(me):
                rows = []
                for one in some:
                    await tell(steps.UPLOADS, done, None)
                    done += 1
                    place = await talk.take(me, one)
                    rows.append({**asdict(one), "file": place})
                await asyncio.to_thread(pages.extend, rows)
        except NotToldError:
            archive.lacks(
                "files that no message of yours carries", "this homeserver does not list them"
            )
        await asyncio.to_thread(pages.flush)


async def _put(archive: Archive, base: str, title: str, rows: list[dict[str, Any]]) -> list[str]:
    pages = Pages(archive, base, title, looks.table)
    await asyncio.to_thread(pages.extend, rows)
    await asyncio.to_thread(pages.flush)
    return [looks.contents(pages.written)]


def _table(name: str, pages: Sequence[Page]) -> str:
    if pages:
        return looks.contents(pages)
    return f'<li>{escape(TABLES[name].what)} <span class="soft">(none)</span></li>\n'


def _close(archive: Archive, me: str, now: datetime, parts: dict[str, Sequence[str]]) -> None:
    left_out = [
        (entry.what, entry.on_export.reason)
        for entry in TABLES.values()
        if isinstance(entry.on_export, LeftOut) and entry.user_columns
    ]
    left_out += [(place.what, place.on_export) for place in PLACES]
    archive.add("index.html", looks.index(me, now, parts, left_out))
    archive.close({"format": _FORMAT, "user_id": me, "made_at": now.isoformat()})


def _measured(path: Path) -> tuple[int, bytes]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        return file.tell(), digest
