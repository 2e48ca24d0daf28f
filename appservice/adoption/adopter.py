# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes over a Synapse that has lived: people, rooms, ignore lists, friendships, positions (D41).

All of it is one transaction of Kith's database: it is done, or nothing is. Nothing follows from
history: no case, no job, no message.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

import psycopg
import structlog
from sqlalchemy.exc import DBAPIError

from appservice.adoption import statements as sql
from appservice.adoption.kinds import Shape
from appservice.adoption.report import Report
from appservice.adoption.rooms import RoomReader
from appservice.adoption.synapse import Past
from appservice.clock import Clock
from appservice.database import Database, Transaction
from appservice.homeserver import accounts
from appservice.homeserver.event import is_user_id
from appservice.homeserver.intake import LEASE
from appservice.homeserver.stream import ignored_of
from appservice.registry.batch import shown
from appservice.registry.projector import Projector
from policy.limits import Rules

_LOG = structlog.get_logger("kith.adoption")
_PORTION = 1000
_ROOMS = 200
_OVERLAP = 1000
"""Positions the intake reads again: some may become visible only after this look at them."""
_REFUSED = (psycopg.DataError, psycopg.IntegrityError, DBAPIError)

Tell = Callable[[str, int, int], None]
"""Hears of progress: of what, how many are done, of how many (0: not known)."""


class Dms(StrEnum):
    """What becomes of the 1:1s in which both wrote."""

    BEFRIEND = "befriend"
    KEEP = "keep"
    FREEZE = "freeze"


class AdoptionError(Exception):
    """It cannot be done now; the message says why and what helps."""


class Adopter:
    """One pass over a Synapse."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        rules: Rules,
        *,
        server_name: str,
        service_user: str,
        tell: Tell = lambda *_: None,
    ) -> None:
        """Take Kith's database, the time, the operator's rules, who is who, whom to tell."""
        self._database = database
        self._clock = clock
        self._rules = rules
        self._server_name = server_name
        self._service_user = service_user
        self._tell = tell
        self._projector = Projector(server_name, service_user, clock)
        self._upgrades: list[tuple[int, str, str]] = []
        self._failed = 0

    async def run(self, past: Past, dms: Dms, *, dry_run: bool = False) -> Report:
        """Take everything over, or only find out what that would do.

        Args:
            past: Synapse's database, opened.
            dms: what becomes of the 1:1s in which both wrote.
            dry_run: write nothing.

        Raises:
            AdoptionError: Kith is running on this database.
            Unavailable: Kith's database does not answer; nothing was written.
        """
        async with self._database.transaction() as tx:
            report = await self._pass(tx, past, dms)
            if dry_run:
                await tx.core.rollback()
        return report

    async def _pass(self, tx: Transaction, past: Past, dms: Dms) -> Report:
        self._upgrades, self._failed = [], 0
        free = await tx.read(sql.LEASE, {"lease": LEASE})
        if not free[0][0]:
            raise AdoptionError("Kith is running on this database; stop it, then run this again.")
        events, account_data, newest, count = await past.end()
        known = await tx.read(sql.HORIZON)
        await tx.read(sql.WRITERS)
        await self._people(tx, past)
        await self._rooms(tx, past, known[0][0] if known else events, count)
        await self._continue(tx)
        blocks = await self._ignored(tx, past)
        friendships = await self._conversations(tx, dms)
        await tx.read(
            sql.POSITIONS,
            {
                "streams": ["adopted", "events", "account_data", "accounts"],
                "positions": [
                    events,
                    max(0, events - _OVERLAP),
                    # The intake looks that far back, for what became visible late.
                    account_data + accounts.OVERLAP,
                    newest + 1 + accounts.OVERLAP_SECONDS,
                ],
            },
        )
        return await self._report(tx, blocks, friendships)

    async def _people(self, tx: Transaction, past: Past) -> None:
        done = 0
        async with past.people(_PORTION) as portions:
            async for portion in portions:
                rows = [row for row in portion if is_user_id(row[0])]
                await tx.read(
                    sql.PEOPLE,
                    {
                        "now": self._clock.now(),
                        "ids": [row[0] for row in rows],
                        "kinds": [self._person_kind(row[0], row[2], row[3]) for row in rows],
                        "names": [shown(row[5]) for row in rows],
                        "avatars": [shown(row[6]) for row in rows],
                        "gone": [row[1] for row in rows],
                        "made": [row[4] or 0 for row in rows],
                    },
                )
                done += len(portion)
                self._tell("people", done, 0)

    def _person_kind(self, user_id: str, user_type: str | None, service: str | None) -> str:
        if user_id == self._service_user:
            return "service"
        if user_type == "bot":
            return "bot"
        return "ghost" if service else "person"

    async def _rooms(self, tx: Transaction, past: Past, horizon: int, count: int) -> None:
        reader = RoomReader(past, self._clock, self._server_name, self._service_user, horizon)
        done = 0
        async with past.rooms(_ROOMS) as portions:
            async for portion in portions:
                await self._take(tx, reader, dict(portion))
                done += len(portion)
                self._tell("rooms", done, count)

    async def _take(self, tx: Transaction, reader: RoomReader, rooms: dict[str, bool]) -> None:
        """Write some rooms; one that cannot be written must not stop the others."""
        try:
            async with tx.savepoint():
                upgrades = await self._write(tx, reader, rooms)
        except _REFUSED as error:
            if len(rooms) == 1:
                _LOG.error("room_not_adopted", room=next(iter(rooms)), error=type(error).__name__)
                self._failed += 1
                return
            for room_id, published in rooms.items():
                await self._take(tx, reader, {room_id: published})
        else:
            self._upgrades += upgrades

    async def _write(
        self, tx: Transaction, reader: RoomReader, rooms: dict[str, bool]
    ) -> list[tuple[int, str, str]]:
        found = await reader.read(rooms)
        rows = await tx.read(sql.KNOWN, {"rooms": list(rooms)})
        known = {row[0] for row in rows}
        await self._projector.note(tx, found.batch)
        await self._show(tx, {r: s for r, s in found.shapes.items() if r not in known})
        await tx.read(
            sql.WROTE,
            {
                "rooms": [room for room, _ in found.writers],
                "senders": [sender for _, sender in found.writers],
            },
        )
        return found.upgrades

    async def _show(self, tx: Transaction, shapes: dict[str, Shape]) -> None:
        values: dict[str, Sequence[Any]] = {
            "rooms": list(shapes),
            "visibilities": [shape.visibility for shape in shapes.values()],
        }
        await tx.read(sql.VISIBILITY, values)

    async def _continue(self, tx: Transaction) -> None:
        upgrades = sorted(self._upgrades)
        for statement, order in (
            (sql.INHERIT_PEOPLE, upgrades),
            (sql.CONTINUE, list(reversed(upgrades))),
        ):
            for _, old, new in order:
                await tx.read(statement, {"old": old, "new": new})

    async def _ignored(self, tx: Transaction, past: Past) -> int:
        made = 0
        async with past.ignored(_PORTION) as portions:
            async for portion in portions:
                pairs = [(me, them) for me, text in portion for them in ignored_of(text)]
                rows = await tx.read(
                    sql.IGNORED,
                    {
                        "me": [me for me, _ in pairs],
                        "them": [them for _, them in pairs],
                        "now": self._clock.now(),
                    },
                )
                made += len(rows)
        return made

    async def _conversations(self, tx: Transaction, dms: Dms) -> int:
        """Decide what happens to the 1:1s; how many friendships that made."""
        await tx.read(sql.CONTACTS)
        await tx.read(sql.PAIRS)
        await tx.read(sql.OPEN)
        if dms is Dms.BEFRIEND:
            rows = await tx.read(sql.BEFRIEND, {"now": self._clock.now()})
            return len(rows) // 2
        if dms is Dms.KEEP:
            await tx.read(sql.KEEP)
        return 0

    async def _report(self, tx: Transaction, blocks: int, friendships: int) -> Report:
        kinds = await tx.read(sql.KINDS)
        people = await tx.read(sql.MET)
        local, everybody = people[0]
        standing = await tx.read(sql.STANDING, {"friendship": self._rules.dm.require_friendship})
        kept, frozen, blocked, one_sided = standing[0]
        return Report(
            rooms=dict(kinds),
            people=local,
            others=everybody - local,
            blocks=blocks,
            friendships=friendships,
            kept=kept,
            frozen=frozen,
            blocked=blocked,
            one_sided=one_sided,
            failed=self._failed,
        )
