# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kith's tables as files of the archive: what the declaration says, of one moment, row by row."""

import asyncio
from datetime import datetime

from appservice.database import Database
from appservice.exports import looks
from appservice.exports.archive import Archive
from appservice.exports.pages import Page, Pages
from appservice.exports.steps import TABLES as STEP
from appservice.exports.steps import Tell
from appservice.privacy.declared import TABLES
from appservice.privacy.entry import Entry, Exported

_PAGE = 500
_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


def statement(entry: Entry) -> str | None:
    """The SELECT of a table; None when nothing of it is exported."""
    way = entry.on_export
    if not isinstance(way, Exported):
        return None
    columns = ", ".join(f'{way.shown.get(name, name)} AS "{name}"' for name in way.columns)
    return f"SELECT {columns} FROM {entry.table} WHERE {way.mine}"  # noqa: S608 - declared


async def write(
    archive: Archive, database: Database, me: str, now: datetime, tell: Tell
) -> dict[str, list[Page]]:
    """Write every table; the files of each."""
    written: dict[str, list[Page]] = {}
    async with database.transaction() as tx:
        # All tables as they were at one moment: a friend is not there twice, or not at all.
        await tx.read(_SNAPSHOT)
        for number, entry in enumerate(TABLES.values()):
            await tell(STEP, number, len(TABLES))
            sql = statement(entry)
            if sql is None:
                continue
            pages = Pages(archive, f"kith/{entry.table}", entry.what, looks.table)
            async with tx.raw.cursor(name="export") as cursor:
                await cursor.execute(sql.encode(), {"me": me, "now": now})
                names = [column.name for column in cursor.description or ()]
                while rows := await cursor.fetchmany(_PAGE):
                    found = [dict(zip(names, row, strict=True)) for row in rows]
                    await asyncio.to_thread(pages.extend, found)
            await asyncio.to_thread(pages.flush)
            if not pages.written:
                await asyncio.to_thread(archive.add, f"kith/{entry.table}.json", "[]\n")
            written[entry.table] = pages.written
    return written
