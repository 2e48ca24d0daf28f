# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door's answers to the table every shell must agree on."""

import pytest

from policy.limits import DmRules, Rules
from tests.contracts.refusals import CASES, write
from tests.support.databases import Database, connect
from tests.support.door import open_door


@pytest.mark.parametrize("require_friendship", [True, False])
async def test_the_table(database: Database, require_friendship: bool) -> None:
    rules = Rules(dm=DmRules(require_friendship=require_friendship))
    cases = [case for case in CASES if case.require_friendship is require_friendship]
    answers = {}
    async with open_door(database.url, rules=rules) as door:
        for number, case in enumerate(cases):
            me, them = door.person(f"me{number}"), door.person(f"them{number}")
            with connect(database.url) as connection:
                write(connection, case, me.user_id, them.user_id)
            alone = await me.post("/api/dm/conversations", {"participants": [them.user_id]})
            friend = door.person(f"friend{number}")
            await door.befriend(me, friend)
            followed = await friend.post(f"/api/profile/{me.user_id}/follow")
            assert followed.status == 204
            body = {"participants": [friend.user_id, them.user_id]}
            group = await me.post("/api/dm/conversations", body)
            answers[case.name] = [
                None if answer.status == 201 else answer.code for answer in (alone, group)
            ]
    assert answers == {case.name: [case.code] * 2 for case in cases}
