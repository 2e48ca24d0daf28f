# SPDX-License-Identifier: AGPL-3.0-or-later
"""The module's answers to the table every shell must agree on."""

from typing import Any
from unittest.mock import Mock

from synapse.module_api import NOT_SPAM, UserID
from synapse.module_api.errors import SynapseError

from policy.limits import DmRules, Rules
from policy.reason import FIELD
from synapse_modules.fact_reader import FactReader
from tests.contracts.refusals import CASES, Case, write
from tests.support.databases import Database, connect
from tests.synapse_modules.conftest import Twisted
from tests.synapse_modules.modules import SERVER, Loaded

ROOM = "!r:hs.test"


def test_the_table(twisted: Twisted, reader: FactReader, database: Database) -> None:
    answers = {}
    with connect(database.url) as connection:
        for number, case in enumerate(CASES):
            me, them = f"@me{number}:{SERVER}", f"@them{number}:{SERVER}"
            write(connection, case, me, them)
            answers[case.name] = answered(twisted, reader, case, me, them)
    assert answers == {case.name: [case.code] * 3 for case in CASES}


def answered(
    twisted: Twisted, reader: FactReader, case: Case, me: str, them: str
) -> list[str | None]:
    """What creation, invite and join say; at the join it is the invited one who asks."""
    loaded = Loaded(reader.read, Rules(dm=DmRules(require_friendship=case.require_friendship)))
    loaded.room(ROOM, me)
    requester = Mock(user=UserID.from_string(me))
    answers = [
        asked(twisted, loaded, "on_create_room", requester, {"invite": [them]}, False),
        asked(twisted, loaded, "user_may_invite", me, them, ROOM),
    ]
    loaded.rows = [(me,)]
    return [*answers, asked(twisted, loaded, "user_may_join_room", them, ROOM, True)]


def asked(twisted: Twisted, loaded: Loaded, name: str, *args: Any) -> str | None:
    """The reason of the refusal; None when there is none."""
    try:
        answer = twisted.run(lambda: loaded.callbacks[name](*args))
    except SynapseError as problem:
        return str(problem.error_dict(None)[FIELD])
    assert answer is NOT_SPAM
    return None
