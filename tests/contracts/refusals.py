# SPDX-License-Identifier: AGPL-3.0-or-later
"""One table of who may open a conversation with whom; every shell must give these answers.

Facts are rows in Kith's database, so that each shell gathers them in its own way.
"""

from dataclasses import dataclass, field

import psycopg

Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Case:
    """`me` wants to open a conversation with `them`.

    Attributes:
        name: what a failing test is called.
        facts: words of `_FACTS`, each a row.
        code: the reason of the refusal; None when it is allowed.
        policy: `dm_policy` of the other one.
        require_friendship: the operator's switch.
    """

    name: str
    facts: frozenset[str] = field(default_factory=frozenset)
    code: str | None = None
    policy: str = "connections"
    require_friendship: bool = True


def _case(name: str, facts: str, code: str | None, **more: object) -> Case:
    return Case(name, frozenset(facts.split()), code, **more)  # type: ignore[arg-type]


CASES = (
    _case("friends", "friends", None),
    _case("strangers", "", "friendship_required"),
    _case("i asked", "i_asked", "request_pending"),
    _case("they asked", "they_asked", "request_received"),
    _case("they declined silently", "i_was_declined", "request_pending"),
    _case("i block", "i_block", "blocked"),
    _case("they block", "they_block", "friendship_required"),
    _case("i asked, they block", "i_asked they_block", "request_pending"),
    _case("both block", "i_block they_block", "blocked"),
    _case("they follow me", "they_follow", "friendship_required"),
    _case("a shared server", "shared_server", "friendship_required"),
    _case("friends, but closed", "friends", "dm_policy", policy="none"),
    _case("open: strangers", "", "dm_policy", require_friendship=False),
    _case("open: everyone", "", None, policy="everyone", require_friendship=False),
    _case("open: i follow", "i_follow", "dm_policy", require_friendship=False),
    _case("open: they follow", "they_follow", None, require_friendship=False),
    _case("open: shared server", "shared_server", None, require_friendship=False),
    _case("open: public forum", "public_forum", "dm_policy", require_friendship=False),
    _case(
        "open: following, shared server",
        "shared_server",
        "dm_policy",
        policy="following",
        require_friendship=False,
    ),
    _case(
        "open: everyone, they block",
        "they_block",
        "dm_policy",
        policy="everyone",
        require_friendship=False,
    ),
)

_REQUEST = (
    "INSERT INTO friend_requests (id, requester, recipient, status, created_at, expires_at)"
    " VALUES (gen_random_uuid(), %({0})s, %({1})s, '{2}', now(), now() + interval '30 days')"
)
_PLACE = """
WITH place AS (
  INSERT INTO rooms (room_id, id, kind, visibility, local, created_at)
  VALUES ('!place' || %(me)s, gen_random_uuid(), '{0}', '{1}', true, now()) RETURNING room_id)
INSERT INTO memberships (room_id, user_id, membership, sender, event_id, stream_ordering, since)
SELECT room_id, who, 'join', who, '$' || who, 1, now()
FROM place, unnest(ARRAY[%(me)s, %(them)s]) who
"""
_FACTS = {
    "friends": "INSERT INTO friendships (user_id, friend_id, created_at)"
    " VALUES (%(me)s, %(them)s, now()), (%(them)s, %(me)s, now())",
    "i_block": "INSERT INTO blocks VALUES (%(me)s, %(them)s)",
    "they_block": "INSERT INTO blocks VALUES (%(them)s, %(me)s)",
    "i_follow": "INSERT INTO follows VALUES (%(me)s, %(them)s)",
    "they_follow": "INSERT INTO follows VALUES (%(them)s, %(me)s)",
    "i_asked": _REQUEST.format("me", "them", "pending"),
    "they_asked": _REQUEST.format("them", "me", "pending"),
    "i_was_declined": _REQUEST.format("me", "them", "declined"),
    "shared_server": _PLACE.format("server", "private"),
    "public_forum": _PLACE.format("forum", "public"),
}


def write(connection: Connection, case: Case, me: str, them: str) -> None:
    """Write the facts of a case; the two may be known already."""
    names = {"me": me, "them": them, "policy": case.policy}
    connection.execute(
        "INSERT INTO people (user_id, local) VALUES (%(me)s, true), (%(them)s, true)"
        " ON CONFLICT DO NOTHING",
        names,
    )
    connection.execute("UPDATE people SET dm_policy = %(policy)s WHERE user_id = %(them)s", names)
    for fact in sorted(case.facts):
        connection.execute(_FACTS[fact].encode(), names)
