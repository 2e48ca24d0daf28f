# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Synapse tells no appservice: new accounts, deactivations, ignore lists, muted rooms.

A module's NOTIFY is a hint; Synapse's tables are the truth and are read by position. On a foreign
Synapse only the hints are left.
"""

import asyncio
import json
from collections.abc import Iterable

import structlog

from appservice import metrics
from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import Unavailable
from appservice.homeserver.event import is_user_id
from appservice.homeserver.stream import AccountSource
from appservice.people.comparing import compare, find_drifted

_LOG = structlog.get_logger("kith.accounts")
_TICK = 3.0
_SWEEP = 60.0
"""Seconds between looks at all deactivated accounts, which no index serves."""
OVERLAP = 200
"""Positions of account data read again: they, too, may become visible out of order."""
OVERLAP_SECONDS = 120
_ANSWERED = 10_000
_PAGE = 500
_LOAD = """
SELECT stream, position FROM positions WHERE stream IN ('account_data', 'accounts', 'push_rules')
"""
_SAVE = """
INSERT INTO positions (stream, position) VALUES (%(stream)s, %(position)s)
ON CONFLICT (stream) DO UPDATE SET position = greatest(positions.position, excluded.position)
"""
# Whose erasure has begun is on the way out, whatever the homeserver says yet.
_BACK = """
WITH kept AS (DELETE FROM erasures WHERE user_id = ANY (%(back)s)
              AND source = 'homeserver' AND state = 'waiting')
UPDATE people p SET deactivated_at = NULL
WHERE user_id = ANY (%(back)s) AND deactivated_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM erasures e WHERE e.user_id = p.user_id AND e.state = 'running')
"""
_STILL_ACTIVE = """
SELECT user_id FROM unnest(%(gone)s::text[]) AS g(user_id) JOIN people USING (user_id)
WHERE deactivated_at IS NULL
"""


class Accounts:
    """Turns changes of accounts into jobs."""

    def __init__(self, database: Database, stream: AccountSource | None, clock: Clock) -> None:
        """Take Kith's database, Synapse's (None on a foreign one) and the time."""
        self._database = database
        self._stream = stream
        self._clock = clock
        self._wake = asyncio.Event()
        self._hinted: set[tuple[str, str]] = set()
        self._sweep_due = True
        self._listening_anew = False
        self._mutes_known = True
        # What an overlapping read shows again has its job already.
        self._done: dict[tuple[str, int], None] = {}

    def hint(self, payload: str) -> None:
        """Hear a module; anything it says is checked before it is acted upon.

        Nothing said means that the connection is new: what was said before is lost.
        """
        if not payload:
            self._listening_anew = True
        try:
            said = json.loads(payload or "{}")
        except ValueError:
            return
        if not isinstance(said, dict):
            return
        user_id, kind = said.get("user_id"), said.get("kind")
        if is_user_id(user_id) and kind in ("ignored", "deactivated", "profile"):
            self._hinted.add((kind, str(user_id)))
        self._wake.set()

    async def run(self, held: asyncio.Event) -> None:
        """Look for changes for ever, at every hint and every few seconds."""
        ticks = 0
        while True:
            await held.wait()
            self._wake.clear()
            self._sweep_due = self._sweep_due or ticks * _TICK >= _SWEEP
            try:
                await self.look()
                ticks = 0 if ticks * _TICK >= _SWEEP else ticks + 1
            except Unavailable as error:
                metrics.ERRORS.labels("accounts").inc()
                _LOG.warning("accounts_wait", part=error.part)
            try:
                async with asyncio.timeout(_TICK):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Queue a job for everything that changed."""
        hinted, self._hinted = self._hinted, set()
        try:
            await self._hints(hinted)
            if self._listening_anew:
                async with self._database.transaction() as tx:
                    await find_drifted(tx)
                self._listening_anew = False
            if self._stream is not None:
                positions: dict[str, int] = dict(await self._database.read(_LOAD))
                await self._newcomers(self._stream, positions.get("accounts", 0))
                await self._ignored(self._stream, positions.get("account_data", 0))
                if self._sweep_due:
                    await self._gone(await self._stream.deactivated())
                    self._sweep_due = False
                await self._muted(self._stream, positions.get("push_rules", 0))
        except Unavailable:
            self._hinted |= hinted
            raise

    async def _hints(self, hinted: set[tuple[str, str]]) -> None:
        gone = [user_id for kind, user_id in hinted if kind == "deactivated"]
        if gone:
            # A re-activation gives the same hint: Synapse's table tells which it was.
            known = await self._stream.deactivated(gone) if self._stream else gone
            await self._gone(known)
            await self._database.run(_BACK, {"back": sorted(set(gone) - set(known))})
        async with self._database.transaction() as tx:
            for kind, user_id in hinted:
                if kind == "ignored":
                    await tx.defer(
                        "people.mirror_ignored", once=f"ignored:{user_id}", user_id=user_id
                    )
                elif kind == "profile":
                    await compare(tx, user_id, judge=True)

    async def _newcomers(self, stream: AccountSource, since: int) -> None:
        made, name = since - OVERLAP_SECONDS, ""
        while True:
            found = await stream.accounts(made, name, _PAGE)
            marks = [("accounts:" + user, at) for user, at in found]
            fresh = [
                user
                for (user, _), mark in zip(found, marks, strict=True)
                if mark not in self._done
            ]
            if fresh:
                async with self._database.transaction() as tx:
                    for user_id in fresh:
                        await tx.defer("rooms.join_defaults", user_id=user_id)
                        await compare(tx, user_id, judge=since > 0)
                    await tx.read(_SAVE, {"stream": "accounts", "position": found[-1][1]})
                self._remember(marks)
            if len(found) < _PAGE:
                return
            name, made = found[-1]

    async def _ignored(self, stream: AccountSource, after: int) -> None:
        found = await stream.ignored_changes(after - OVERLAP)
        fresh = [(user, at) for user, at in found if ("ignored:" + user, at) not in self._done]
        if not fresh:
            return
        async with self._database.transaction() as tx:
            for user_id, _ in fresh:
                await tx.defer("people.mirror_ignored", once=f"ignored:{user_id}", user_id=user_id)
            await tx.read(_SAVE, {"stream": "account_data", "position": fresh[-1][1]})
        self._remember(("ignored:" + user, at) for user, at in fresh)

    async def _muted(self, stream: AccountSource, since: int) -> None:
        try:
            await self._mutes_behind(stream, since - OVERLAP)
        except Unavailable:
            # Most likely not granted yet (docs/operations.md); nothing else waits for it.
            if self._mutes_known:
                _LOG.warning("mutes_not_read")
            self._mutes_known = False
        else:
            self._mutes_known = True

    async def _mutes_behind(self, stream: AccountSource, after: int) -> None:
        while True:
            found = await stream.rule_changes(after, _PAGE)
            marks = [(f"mute:{user}:{room}", at) for user, room, at in found]
            fresh = [
                (user, room)
                for (user, room, _), mark in zip(found, marks, strict=True)
                if mark not in self._done
            ]
            if fresh:
                async with self._database.transaction() as tx:
                    for user, room in dict.fromkeys(fresh):
                        await tx.defer(
                            "rooms.mirror_mute",
                            once=f"mute:{user}:{room}",
                            user_id=user,
                            room_id=room,
                        )
                    await tx.read(_SAVE, {"stream": "push_rules", "position": found[-1][2]})
                self._remember(marks)
            if len(found) < _PAGE:
                return
            after = found[-1][2]

    async def _gone(self, user_ids: list[str]) -> None:
        rows = await self._database.read(_STILL_ACTIVE, {"gone": user_ids})
        async with self._database.transaction() as tx:
            for (user_id,) in rows:
                await tx.defer("people.deactivate", once=f"gone:{user_id}", user_id=user_id)

    def _remember(self, marks: Iterable[tuple[str, int]]) -> None:
        self._done.update(dict.fromkeys(marks))
        while len(self._done) > _ANSWERED:
            del self._done[next(iter(self._done))]
