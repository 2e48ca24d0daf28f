# SPDX-License-Identifier: AGPL-3.0-or-later
"""The SQL that fills the facts of the rules, written once for both runtimes.

Every function is a coroutine that awaits nothing but its `read` port, so it runs unchanged under
asyncio (appservice) and under Twisted (Synapse modules).
"""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from policy.person import DmPolicy, Person, PersonKind, Relationship, RequestPolicy, Trust
from policy.rooms import Room, RoomKind


class Read(Protocol):
    """Runs one SELECT and gives its rows.

    Raises:
        Exception: whatever the driver raises when the database cannot answer; the caller decides
            what unknown facts mean (D9, D18).
    """

    def __call__(
        self, sql: str, params: Mapping[str, Any]
    ) -> Awaitable[Sequence[tuple[Any, ...]]]:
        """Rows of ``sql``, whose placeholders are ``%(name)s``."""


_PERSON = """
SELECT p.kind, s.user_id IS NOT NULL, p.trust, p.dm_policy, p.request_policy,
       p.auto_decline_strangers, p.may_create_rooms, p.messages, p.active_days
FROM people p LEFT JOIN staff s USING (user_id)
WHERE p.user_id = %(user_id)s
"""


async def person(read: Read, user_id: str) -> Person:
    """The account's facts; the defaults when Kith has not met it."""
    rows = await read(_PERSON, {"user_id": user_id})
    if not rows:
        return Person(user_id)
    kind, staff, trust, dm, requests, auto_decline, may_create, messages, days = rows[0]
    return Person(
        user_id,
        kind=PersonKind(kind),
        staff=staff,
        trust=Trust(trust),
        dm_policy=DmPolicy(dm),
        request_policy=RequestPolicy(requests),
        auto_decline_strangers=auto_decline,
        may_create_rooms=may_create,
        messages=messages,
        active_days=days,
    )


# A declined request still counts as asked until it would have expired: a decline is silent (D39).
_TIES = """
  EXISTS (SELECT FROM friendships WHERE user_id = %(me)s AND friend_id = given.them),
  EXISTS (SELECT FROM blocks WHERE blocker = %(me)s AND blocked = given.them),
  EXISTS (SELECT FROM blocks WHERE blocker = given.them AND blocked = %(me)s),
  EXISTS (SELECT FROM follows WHERE follower = %(me)s AND followed = given.them),
  EXISTS (SELECT FROM follows WHERE follower = given.them AND followed = %(me)s),
  EXISTS (SELECT FROM friend_requests WHERE requester = %(me)s AND recipient = given.them
          AND status IN ('pending', 'declined') AND withdrawn_at IS NULL AND expires_at > now()),
  EXISTS (SELECT FROM friend_requests WHERE requester = given.them AND recipient = %(me)s
          AND status = 'pending' AND expires_at > now()),
  EXISTS (SELECT FROM bot_contacts WHERE bot = %(me)s AND user_id = given.them)
"""
_RELATIONSHIP = "SELECT" + _TIES.replace("given.them", "%(them)s")
_RELATIONSHIPS = f"""
SELECT given.them, {_TIES} FROM unnest(%(them)s::text[]) AS given(them)
"""  # noqa: S608 - constants


async def relationship(read: Read, me: str, them: str) -> Relationship:
    """How the two stand, seen from ``me``."""
    return tied(await read(*between(me, them)))


def between(me: str, them: str) -> tuple[str, Mapping[str, Any]]:
    """What `relationship` asks, for whoever asks more at once."""
    return _RELATIONSHIP, {"me": me, "them": them}


def tied(rows: Sequence[tuple[Any, ...]]) -> Relationship:
    """What is answered to it."""
    return _relationship(rows[0])


async def relationships(read: Read, me: str, others: Sequence[str]) -> dict[str, Relationship]:
    """How one person stands to each of several, in one question."""
    rows = await read(_RELATIONSHIPS, {"me": me, "them": list(others)})
    return {them: _relationship(ties) for them, *ties in rows}


def _relationship(ties: Sequence[bool]) -> Relationship:
    friends, i_block, they_block, i_follow, they_follow, i_asked, they_asked, wrote = ties
    return Relationship(
        friends=friends,
        i_block=i_block,
        they_block=they_block,
        i_follow=i_follow,
        they_follow=they_follow,
        i_asked=i_asked,
        they_asked=they_asked,
        they_wrote=wrote,
    )


# A room met before its create event stands as foreign and without a creator: that is not yet
# knowledge, and a local conversation must not be open until the event comes.
_ROOM = """
SELECT kind, people, read_only, slow_mode, managers, kept, admin, min_trust FROM rooms
WHERE room_id = %(room_id)s AND NOT (kind = 'foreign' AND creator IS NULL)
"""


async def room(read: Read, room_id: str) -> Room | None:
    """The registered room; None while the registry does not know it."""
    rows = await read(_ROOM, {"room_id": room_id})
    if not rows:
        return None
    kind, people, read_only, slow_mode, managers, kept, admin, min_trust = rows[0]
    return Room(
        room_id,
        kind=RoomKind(kind),
        people=frozenset(people),
        read_only=read_only,
        slow_mode=slow_mode,
        managers=frozenset(managers),
        kept=kept,
        admin=admin,
        min_trust=Trust(min_trust),
    )


# The Lounge's public forums, default rooms, foreign rooms and ended circles never count (D13).
COUNTS_AS_SHARED = """(NOT r.is_default
    AND (r.kind = 'server' OR (r.kind = 'forum' AND r.visibility <> 'public')
         OR (r.kind = 'circle' AND NOT r.read_only)))"""
"""Whether room r is a place that two people can share."""

_SHARED_PLACE = f"""
SELECT EXISTS (
  SELECT FROM memberships mine
  JOIN memberships theirs USING (room_id)
  JOIN rooms r USING (room_id)
  WHERE mine.user_id = %(me)s AND mine.membership = 'join'
    AND theirs.user_id = %(them)s AND theirs.membership = 'join'
    AND {COUNTS_AS_SHARED})
"""  # noqa: S608 - constants


async def shared_place(read: Read, me: str, them: str) -> bool:
    """Whether both are joined to a place that counts as shared (D13)."""
    rows = await read(_SHARED_PLACE, {"me": me, "them": them})
    return bool(rows[0][0])


_INVITER = """
SELECT sender FROM memberships
WHERE room_id = %(room_id)s AND user_id = %(user_id)s AND membership = 'invite'
"""


async def inviter(read: Read, room_id: str, user_id: str) -> str | None:
    """Who invited the person into the room; None when no open invite is recorded."""
    rows = await read(_INVITER, {"room_id": room_id, "user_id": user_id})
    return rows[0][0] if rows else None


@dataclass(frozen=True, slots=True)
class Created:
    """Rooms of one kind that somebody created within a sliding day (D33).

    Attributes:
        today: all of them.
        settled: those older than a minute, which no counter in memory remembers any more.
        wait: seconds until the oldest of them is a day old.
    """

    today: int
    settled: int
    wait: int


_CREATED = """
SELECT count(*), count(*) FILTER (WHERE created_at < now() - interval '1 minute'),
       ceil(extract(epoch FROM min(created_at) + interval '1 day' - now()))
FROM rooms
WHERE creator = %(user_id)s AND kind = %(kind)s AND predecessor IS NULL
  AND created_at > now() - interval '1 day'
"""


async def created_lately(read: Read, user_id: str, kind: RoomKind) -> Created:
    """How many rooms of that kind the account created within a day; upgrades do not count."""
    rows = await read(_CREATED, {"user_id": user_id, "kind": kind.value})
    today, settled, wait = rows[0]
    return Created(today, settled, max(1, int(wait or 1)))
