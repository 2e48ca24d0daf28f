# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything about erasures, put together over one assembly."""

from appservice.assembly import Assembly
from appservice.erasure import hints, store
from appservice.erasure.homeserver import OnHomeserver
from appservice.erasure.pictures import Pictures
from appservice.erasure.runner import Runner
from appservice.erasure.service import Erasures
from appservice.erasure.steps import Doing, Step
from appservice.erasure.store import Erasure
from appservice.erasure.tables import Tables
from appservice.erasure.ties import Ties
from appservice.exports import parts as exports
from appservice.profile_media.parts import Parts as ProfilePictures


def erasures(assembly: Assembly) -> Erasures:
    """What the doors call."""
    return Erasures(assembly.database, assembly.clock, assembly.settings.rules.privacy)


def runner(assembly: Assembly, pictures: ProfilePictures) -> Runner:
    """What the worker runs."""
    database = assembly.database
    there = OnHomeserver(
        database, assembly.homeserver, pictures.repository, assembly.stream, assembly.clock
    )
    tables = Tables(database, assembly.clock)

    shown, archives = Pictures(database, pictures.pipeline), exports.build(assembly).service

    async def remove_files(erasure: Erasure, user_id: str) -> None:
        await shown.remove(erasure, user_id)
        removed = await archives.forget(user_id)
        async with database.transaction() as tx:
            # Their rows are still there, so that a repetition counts the same ones.
            await store.count(tx, erasure.id, "place archives", "removed", removed, add=False)

    async def forget_hints(erasure: Erasure, user_id: str) -> None:
        removed = await hints.forget(assembly.redis, user_id)
        if removed is not None:
            async with database.transaction() as tx:
                await store.count(tx, erasure.id, "place redis", "removed", removed)

    ties = Ties(database, tables, assembly.friends, assembly.clock)
    doing: dict[Step, Doing] = {
        Step.TIES: ties.end,
        Step.ACCOUNT: there.account,
        Step.PROFILE: there.profile,
        Step.FILES: there.files,
        Step.PICTURES: remove_files,
        Step.SETTLED: there.settled,
        Step.TABLES: tables.erase,
        Step.HINTS: forget_hints,
    }
    return Runner(
        database,
        assembly.clock,
        assembly.settings.rules.privacy,
        homeserver=there,
        tables=tables,
        doing=doing,
        server_name=assembly.settings.server_name,
    )
