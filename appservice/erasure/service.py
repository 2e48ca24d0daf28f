# SPDX-License-Identifier: AGPL-3.0-or-later
"""Use cases of deleting an account: ask, look, cancel, open the proof (G1, D32)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from appservice.access.store import digest
from appservice.clock import Clock
from appservice.database import Database, Transaction
from appservice.erasure import grace, store
from appservice.erasure.steps import STEPS
from appservice.erasure.store import Erasure
from appservice.errors import NotFound
from appservice.people.locks import lock_person
from appservice.rest.codes import Code
from policy.limits import PrivacyRules

RUN = "erasure.run"
"""Job that does an erasure once its time has come."""

NOTE = "bot.erasure_note"
"""Job that tells somebody what was asked for in their name."""

_PERSON = """
SELECT local AND kind = 'person' FROM people WHERE user_id = %(user_id)s
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an erasure is; without one there is none."""

    erasure: Erasure | None
    step: str | None = None
    done: int = 0
    total: int = len(STEPS)

    @classmethod
    def of(cls, found: Erasure | None) -> "Progress":
        """Of a row."""
        if found is None:
            return cls(None)
        done = len(STEPS) if found.state == "done" else found.step
        running = found.state == "running" and found.step < len(STEPS)
        return cls(found, STEPS[found.step].code if running else None, done)


@dataclass(frozen=True, slots=True)
class Begun:
    """An erasure that was asked for, and the only copy of the link's secret."""

    progress: Progress
    token: str


class Erasures:
    """The erasures of one database."""

    def __init__(self, database: Database, clock: Clock, rules: PrivacyRules) -> None:
        """Take Kith's database, the time and the numbers."""
        self._database = database
        self._clock = clock
        self._rules = rules

    async def ask(self, user_id: str, *, source: str = "person", at_once: bool = False) -> Begun:
        """Let an account be deleted; asked again it only gives a new link.

        Args:
            user_id: a local person whom Kith has met.
            source: ``person`` or ``operator``.
            at_once: without the days in which it can be cancelled.

        Raises:
            NotFound: there is no such person here.
            KithError: `erasure_running`.
        """
        token, now = self._clock.token(), self._clock.now()
        due = now if at_once else now + timedelta(seconds=self._rules.erasure_grace)
        async with self._database.transaction() as tx:
            found = await self._alone(tx, user_id)
            if found is None:
                before = await grace.hide(tx, user_id, now)
                new_id = self._clock.new_id()
                await store.add(
                    tx,
                    new_id,
                    user_id,
                    source,
                    token_hash=digest(token),
                    now=now,
                    due=due,
                    before=before,
                )
                if before and not at_once:
                    note = "operator" if source == "operator" else "asked"
                    await self._note(tx, user_id, note, due)
            else:
                await store.again(tx, user_id, digest(token), due)
            found = await store.of(tx, user_id)
            if found is not None and at_once:
                await queue(tx, found)
        return Begun(Progress.of(found), token)

    async def follow(self, user_id: str) -> None:
        """Let everything go of somebody whose account was deactivated on the homeserver."""
        now = self._clock.now()
        due = now + timedelta(seconds=self._rules.erasure_grace)
        async with self._database.transaction() as tx:
            try:
                found = await self._alone(tx, user_id)
            except NotFound:
                return
            if found is None:
                new_id = self._clock.new_id()
                await store.add(
                    tx,
                    new_id,
                    user_id,
                    "homeserver",
                    token_hash=None,
                    now=now,
                    due=due,
                    before={},
                )

    async def cancel(self, user_id: str, *, noted: bool = True) -> bool:
        """Keep the account, as it was; without an erasure nothing happens.

        Args:
            user_id: whose.
            noted: whether the bot tells them; not when it is the bot that answers.

        Returns:
            Whether there was one to cancel.

        Raises:
            NotFound: there is no such person here.
            KithError: `erasure_running`: it cannot be stopped any more.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            found = await self._alone(tx, user_id)
            if found is None:
                return False
            await store.cancel(tx, user_id)
            await grace.restore(tx, user_id, found.before, now)
            if found.before and noted:
                await self._note(tx, user_id, "cancelled", found.due_at)
        return True

    async def state(self, user_id: str) -> Progress:
        """How far somebody's is."""
        return Progress.of(await store.of(self._database, user_id))

    async def proof(self, token: str) -> tuple[Erasure, Progress, datetime | None]:
        """What a link leads to, how far it is, and until when the link opens.

        Raises:
            NotFound: the link is wrong, too old, or the erasure was cancelled.
        """
        found = await store.by_link(self._database, digest(token))
        if found is None:
            raise NotFound
        until = None
        if found.finished_at is not None:
            until = found.finished_at + timedelta(seconds=self._rules.erasure_link)
            if until <= self._clock.now():
                raise NotFound
        return found, Progress.of(found), until

    async def _alone(self, tx: Transaction, user_id: str) -> Erasure | None:
        """Somebody's, alone with them; not one that cannot be stopped any more."""
        await lock_person(tx, user_id)
        known = await tx.read(_PERSON, {"user_id": user_id})
        if not known or not known[0][0]:
            raise NotFound
        found = await store.of(tx, user_id)
        if found is not None and found.state != "waiting":
            raise Code.ERASURE_RUNNING.error()
        return found

    async def _note(self, tx: Transaction, user_id: str, note: str, at: datetime) -> None:
        mark = self._clock.new_id().hex
        await tx.defer(NOTE, user_id=user_id, note=note, at_time=at.isoformat(), mark=mark)


async def queue(tx: Transaction, erasure: Erasure) -> None:
    """Have an erasure done that is due; one run of it at a time.

    Those that wait have no job: the worker looks every five minutes which are due (`Runner.wake`).
    """
    mark = f"{RUN}:{erasure.id}"
    await tx.defer(RUN, lock=mark, once=mark, erasure_id=str(erasure.id))
