# SPDX-License-Identifier: AGPL-3.0-or-later
"""The job of an erasure: step after step, each noted when it is done. Killed anywhere, it goes on.

From the first step on nothing can be cancelled; the person is signed out and nobody sees them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import structlog

from appservice.clock import Clock
from appservice.database import Database
from appservice.erasure import grace, pseudonyms, report, store
from appservice.erasure.homeserver import FILES_GONE, OnHomeserver
from appservice.erasure.service import queue
from appservice.erasure.steps import STEPS, Doing, Step
from appservice.erasure.store import Erasure
from appservice.erasure.tables import LAST, Tables
from appservice.people.locks import lock_person
from policy.limits import PrivacyRules

_LOG = structlog.get_logger("kith.erasure")
LATE = "erasure.late"
"""Job that removes what requests that were under way have still written."""

_LATE_AFTER = timedelta(minutes=15)
"""No request lives that long."""

_GONE = "UPDATE people SET deactivated_at = %(now)s WHERE user_id = %(user_id)s"
_BACK = "UPDATE people SET deactivated_at = NULL WHERE user_id = %(user_id)s"
_BOOK = """
INSERT INTO audit_log (at, actor, act, target, source, detail)
VALUES (%(now)s, 'kith', 'account_erased', %(target)s, 'system',
        jsonb_build_object('report', %(id)s::text, 'sha256', %(sha256)s::text))
"""


class Runner:
    """Does erasures."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        rules: PrivacyRules,
        *,
        homeserver: OnHomeserver,
        tables: Tables,
        doing: Mapping[Step, Doing],
        server_name: str,
    ) -> None:
        """Take the parts.

        Args:
            database: Kith's own.
            clock: the time.
            rules: how long links and proofs are kept.
            homeserver: asked whether an account that was deactivated has come back.
            tables: for what comes late.
            doing: who does each step but the last.
            server_name: stands in proofs.
        """
        self._database = database
        self._clock = clock
        self._rules = rules
        self._homeserver = homeserver
        self._tables = tables
        self._doing = doing
        self._server_name = server_name

    async def run(self, erasure_id: str) -> None:
        """Bring an erasure to its end; one that is cancelled, done or not yet due stays.

        Raises:
            Unavailable: a part is away; what is done is noted, the rest is done when it is back.
        """
        found = await store.find(self._database, UUID(erasure_id))
        if found is None or found.user_id is None:
            return
        user_id = found.user_id
        if found.state == "waiting" and not await self._begin(found, user_id):
            return
        while True:
            found = await store.find(self._database, UUID(erasure_id))
            if found is None or found.state != "running":
                return
            step = STEPS[found.step]
            if step is Step.PROOF:
                await self._prove(found, user_id)
                return
            await self._doing[step](found, user_id)
            await store.done(self._database, found.id, found.step + 1)
            _LOG.info("erasure_step", erasure=erasure_id, step=step.code)

    async def wake(self) -> None:
        """Take up what is due and has no job any more; close old links, drop old proofs."""
        now = self._clock.now()
        for erasure_id in await store.due(self._database, now):
            async with self._database.transaction() as tx:
                found = await store.find(tx, erasure_id)
                if found is not None:
                    await queue(tx, found)
        links = now - timedelta(seconds=self._rules.erasure_link)
        await store.forget_old(
            self._database, links, now - timedelta(seconds=self._rules.proofs_kept)
        )

    async def late(self, user_id: str, *, files: bool = False) -> None:
        """Once more what is to be deleted, when no request can be under way any more.

        Args:
            user_id: whose.
            files: whether their files were deleted from the homeserver.
        """
        removed = await self._tables.late(user_id)
        if files:
            await self._homeserver.late_files(user_id)
        if removed:
            _LOG.info("erasure_late", rows=removed)

    async def _begin(self, found: Erasure, user_id: str) -> bool:
        now = self._clock.now()
        followed = found.source == "homeserver"
        back = followed and await self._homeserver.living(user_id) is True
        async with self._database.transaction() as tx:
            await lock_person(tx, user_id)
            if back:
                # An administrator gave the account back, and nothing told us.
                await store.cancel(tx, user_id)
                await grace.restore(tx, user_id, found.before, now)
                await tx.read(_BACK, {"user_id": user_id})
                return False
            if not await store.begin(tx, found.id, now):
                return False
            await tx.read(_GONE, {"user_id": user_id, "now": now})
        return True

    async def _prove(self, found: Erasure, user_id: str) -> None:
        now = self._clock.now()
        whole = replace(found, counts={**found.counts, **LAST})
        text, sha256 = report.proof(whole, self._server_name, now)
        async with self._database.transaction() as tx:
            name = await pseudonyms.name_of(tx, user_id, self._clock)
            entry = {"now": now, "target": name, "id": str(found.id), "sha256": sha256}
            await tx.read(_BOOK, entry)
            await pseudonyms.destroy(tx, user_id)
            await store.finish(tx, found.id, now, text, sha256)
            files = found.answers.get("places", {}).get("synapse_media") == FILES_GONE
            await tx.defer(LATE, at=now + _LATE_AFTER, user_id=user_id, files=files)
