# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever comes in, a callback gives an answer Synapse understands (Q17)."""

from collections.abc import Mapping, Sequence
from typing import Any
from unittest.mock import Mock

from hypothesis import given, settings
from hypothesis import strategies as st
from synapse.module_api import NOT_SPAM, UserID
from synapse.module_api.errors import Codes, SynapseError

from policy.reason import FIELD, Reason
from synapse_modules.errors import FactsUnknownError
from tests.synapse_modules.modules import NOW, SERVER, Loaded, event, finished

CODES = {reason.code for reason in Reason}
ROOM = "!r:hs.test"
TEXT = st.text(max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
USERS = st.sampled_from(
    [f"@a:{SERVER}", f"@b:{SERVER}", f"@kith:{SERVER}", "@far:else.test", "@x:else.test"]
)
KINDS = st.sampled_from(
    [
        "m.room.message",
        "m.room.encrypted",
        "m.room.redaction",
        "m.reaction",
        "m.room.member",
        "m.room.join_rules",
        "m.room.power_levels",
        "m.room.encryption",
        "m.room.create",
        "org.example.x",
    ]
)
CONTENTS = st.dictionaries(
    st.sampled_from(
        ["m.relates_to", "join_rule", "membership", "body", "redacts", "predecessor", "url"]
    )
    | TEXT,
    JSON,
    max_size=4,
)
BODIES = st.dictionaries(
    st.sampled_from(
        [
            "invite",
            "invite_3pid",
            "initial_state",
            "creation_content",
            "preset",
            "visibility",
            "room_alias_name",
        ]
    ),
    JSON
    | st.lists(USERS, max_size=3)
    | st.lists(st.fixed_dictionaries({"type": KINDS, "content": CONTENTS}), max_size=3),
    max_size=5,
)
BOOLS = st.booleans()
FACTS = st.fixed_dictionaries(
    {
        "relation": st.lists(BOOLS, min_size=8, max_size=8).map(tuple),
        "room": st.none()
        | st.tuples(
            st.sampled_from(["dm", "forum", "server", "foreign"]),
            st.lists(USERS, max_size=3),
            BOOLS,
            st.integers(0, 50),
            st.lists(USERS, max_size=1),
        ),
        "broken": st.sampled_from([None, FactsUnknownError("away"), RuntimeError("bug")]),
        "rows": st.lists(st.tuples(USERS), max_size=3),
        "creator": USERS,
        "create": CONTENTS,
    }
)


def loaded(facts: Mapping[str, Any]) -> Loaded:
    async def read(sql: str, _: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        if facts["broken"]:
            raise facts["broken"]
        if "EXISTS (SELECT FROM friendships" in sql:
            return [facts["relation"]]
        if sql.lstrip().startswith("SELECT EXISTS"):
            return [(facts["relation"][0],)]
        if "FROM rooms WHERE room_id" in sql:
            return [facts["room"]] if facts["room"] else []
        if "count(*)" in sql:
            return [(0, 0, None)]
        return []

    made = Loaded(read)
    made.room(ROOM, facts["creator"], **facts["create"])
    made.rows = facts["rows"]
    return made


def understood(loaded: Loaded, name: str, args: Sequence[Any], *, remote: bool) -> Any:
    """The answer, checked against all that Synapse and a client can make of it."""
    try:
        answer = finished(loaded.callbacks[name](*args))
    except SynapseError as problem:
        refused = problem
    else:
        refused = None
    if refused is not None:
        assert not remote, "never raised for anybody remote"
        assert refused.code == 400 or refused.error_dict(None)[FIELD] in CODES
        return refused
    if answer is NOT_SPAM:
        return answer
    if isinstance(answer, bool):
        assert name.startswith("check_")
        return answer
    assert remote, "local people get an error with its status"
    code, fields = answer
    assert isinstance(code, Codes)
    assert fields[FIELD] in CODES
    assert fields["error"]
    return answer


@settings(max_examples=120)
@given(
    facts=FACTS,
    kind=KINDS,
    content=CONTENTS,
    sender=USERS,
    state_key=st.none() | st.just("") | USERS,
    here=BOOLS,
    age=st.integers(0, 10**9),
)
def test_events(
    *,
    facts: Mapping[str, Any],
    kind: str,
    content: dict[str, Any],
    sender: str,
    state_key: str | None,
    here: bool,
    age: int,
) -> None:
    modules = loaded(facts)
    remote = not sender.endswith(SERVER)
    made = event(
        kind,
        content,
        sender=sender,
        room_id=ROOM,
        state_key=state_key,
        here=here and not remote,
        at=NOW - age,
    )
    answer = understood(modules, "check_event_for_spam", [made], remote=remote)
    if remote and (state_key is not None or facts["broken"]):
        assert answer is NOT_SPAM


@settings(max_examples=80)
@given(FACTS, USERS, USERS, CONTENTS, BOOLS)
def test_invites_and_joins(
    facts: Mapping[str, Any], who: str, whom: str, content: dict[str, Any], invited: bool
) -> None:
    modules = loaded(facts)
    remote = not who.endswith(SERVER)
    understood(modules, "user_may_invite", [who, whom, ROOM], remote=remote)
    made = event("m.room.member", content, sender=who, state_key=whom, here=False)
    understood(modules, "federated_user_may_invite", [made], remote=True)
    understood(modules, "user_may_join_room", [whom, ROOM, invited], remote=False)
    understood(modules, "user_may_publish_room", [who, ROOM], remote=False)
    understood(
        modules, "check_visibility_can_be_modified", [ROOM, modules.state[ROOM], "public"],
        remote=False,
    )  # fmt: skip


@settings(max_examples=120)
@given(FACTS, BODIES, USERS, BOOLS)
def test_create_room(
    facts: Mapping[str, Any], body: dict[str, Any], who: str, admin: bool
) -> None:
    modules = loaded(facts)
    requester = Mock(user=UserID.from_string(who))
    answer = understood(modules, "on_create_room", [requester, body, admin], remote=False)
    if answer is NOT_SPAM and who != f"@kith:{SERVER}":
        stamp = body["creation_content"]["social.kith.kind"]
        assert stamp in ("dm", "forum", "server")
        assert (
            facts["relation"][0]
            or not [i for i in body.get("invite") or [] if i != who]
            or (f"@kith:{SERVER}" in body["invite"])
        )
    understood(modules, "user_may_create_room", [who, body], remote=False)
