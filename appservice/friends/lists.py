# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading about friends: the list with who may see it (F3, D17), requests, one relationship.

Hot reads: one way to the database and back each, keyset pages.
"""

from dataclasses import dataclass
from datetime import datetime

from appservice.database import Database
from appservice.errors import Denied, NotFound
from appservice.friends.requests import COLUMNS, WIDTH, FriendRequest
from appservice.friends.rows import APART, I_BLOCK, SEES, WITHDRAWN, Friend, Row, about
from appservice.rest import cursor
from appservice.rest.codes import Code
from appservice.rest.cursor import Position
from policy.person import Relationship
from policy.reason import Reason
from schema import facts

_MUTUAL = """(SELECT count(*) FROM friendships a
  JOIN friendships b ON b.friend_id = a.friend_id AND b.user_id = p.user_id
  WHERE a.user_id = %(viewer)s)"""


def _named(who: str) -> str:
    """SQL: whether somebody has the words in their name or id, which everybody sees (D34)."""
    return f"""(%(q)s = '' OR strpos(lower({who}.display_name), lower(%(q)s)) > 0
    OR strpos(split_part({who}.user_id, ':', 1), lower(%(q)s)) > 0 OR {who}.user_id = %(q)s)"""


_GATE = f"""
SELECT {I_BLOCK}, {SEES},
       CASE WHEN %(count)s THEN (
         SELECT count(*) FROM friendships f LEFT JOIN profiles h ON h.user_id = f.friend_id
         WHERE f.user_id = p.user_id
           AND (%(q)s = '' OR EXISTS (
             SELECT FROM people n WHERE n.user_id = f.friend_id AND {_named("n")}))
           AND f.friend_id NOT IN (
             SELECT blocked FROM blocks WHERE blocker = %(viewer)s
             UNION ALL SELECT blocker FROM blocks WHERE blocked = %(viewer)s)
           AND (h.hidden IS NOT TRUE OR p.user_id = %(viewer)s OR f.friend_id = %(viewer)s
                OR EXISTS (SELECT FROM friendships v
                           WHERE v.user_id = %(viewer)s AND v.friend_id = f.friend_id))) END
FROM people p WHERE p.user_id = %(owner)s AND p.deactivated_at IS NULL
"""  # noqa: S608 - constants

# Whom a block parts from the viewer and who hides from them are left out, of the count above too.
_FRIENDS = about(
    f"""
  SELECT p.user_id, f.created_at FROM friendships f JOIN people p ON p.user_id = f.friend_id
  WHERE f.user_id = %(owner)s AND p.deactivated_at IS NULL AND NOT {APART} AND NOT {WITHDRAWN}
    AND {_named("p")}
    AND f.created_at <= %(at)s::timestamptz
    AND (f.created_at < %(at)s::timestamptz OR f.friend_id > %(key)s)
  ORDER BY f.created_at DESC, f.friend_id LIMIT %(limit)s""",  # noqa: S608 - constants
    own="page.created_at",
    order="page.created_at DESC, page.user_id",
)

_AFTER = """r.created_at <= %(at)s::timestamptz
  AND (r.created_at < %(at)s::timestamptz OR r.id > %(key)s::uuid)"""


def _waiting(mine: str, theirs: str, status: str) -> str:
    """Requests of one direction, and who is at the other end."""
    return about(
        f"""
  SELECT r.{theirs} AS user_id, {COLUMNS} FROM friend_requests r
  WHERE r.{mine} = %(viewer)s AND {status} AND r.expires_at > %(now)s AND {_AFTER}
  ORDER BY r.created_at DESC, r.id LIMIT %(limit)s""",  # noqa: S608 - constants
        own=COLUMNS.replace("r.", "page."),
        order="page.created_at DESC, page.id",
    )


_INCOMING = _waiting("recipient", "requester", "r.status = 'pending'")
# A decline is silent: it waits on for whoever asked (D39).
_OUTGOING = _waiting(
    "requester", "recipient", "r.status IN ('pending', 'declined') AND r.withdrawn_at IS NULL"
)

_BETWEEN = f"""
SELECT p.display_name, p.avatar_url,
  (SELECT created_at FROM friendships WHERE user_id = %(viewer)s AND friend_id = p.user_id),
  EXISTS (SELECT FROM mutes WHERE muter = %(viewer)s AND muted = p.user_id),
  CASE WHEN {SEES} AND NOT {I_BLOCK} THEN {_MUTUAL} END,
  w.*
FROM people p LEFT JOIN LATERAL (
  SELECT {COLUMNS} FROM friend_requests r
  WHERE r.expires_at > %(now)s AND r.withdrawn_at IS NULL
    AND ((r.requester = %(viewer)s AND r.recipient = p.user_id
          AND r.status IN ('pending', 'declined'))
      OR (r.requester = p.user_id AND r.recipient = %(viewer)s AND r.status = 'pending'))
  ORDER BY r.status = 'pending' DESC, r.created_at DESC LIMIT 1
) w ON true
WHERE p.user_id = %(other)s
"""  # noqa: S608 - constants

_FIRST_ID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of a list of requests: the request and who is at the other end."""

    request: FriendRequest
    row: Row


@dataclass(frozen=True, slots=True)
class Between:
    """Everything one person may know about how they stand to another."""

    relationship: Relationship
    display_name: str | None = None
    avatar_url: str | None = None
    since: datetime | None = None
    muted: bool = False
    mutual_count: int | None = None
    request: FriendRequest | None = None


class FriendLists:
    """The readings of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def friends(
        self,
        viewer: str,
        owner: str,
        after: Position | None,
        limit: int,
        now: datetime,
        *,
        q: str = "",
    ) -> tuple[list[Friend], int | None]:
        """A page of somebody's friends (one row more than `limit` if there are more).

        Args:
            viewer: who reads.
            owner: whose friends.
            after: where the page before ended.
            limit: rows of a page.
            now: the time.
            q: part of a name or an id; nothing is everybody.

        Returns:
            The rows, and on the first page how many there are in all.

        Raises:
            NotFound: nobody here knows the owner.
            Denied: the viewer blocks the owner.
            KithError: `list_hidden`.
        """
        values = {"viewer": viewer, "owner": owner, "count": after is None, "q": q}
        page = {**values, **cursor.bounds(after), "limit": limit + 1, "now": now}
        # Asked at once: what the gate refuses is thrown away here.
        gate, rows = await self._database.together((_GATE, values), (_FRIENDS, page))
        if not gate:
            raise NotFound
        i_block, sees, total = gate[0]
        if i_block:
            raise Denied(Reason.BLOCKED)
        # Whom the owner blocks sees what a stranger sees: another answer would tell them (D17).
        if not sees:
            raise Code.LIST_HIDDEN.error()
        return [Friend(row[0], Row.of(row[1:])) for row in rows], total

    async def requests(
        self, me: str, *, incoming: bool, after: Position | None, limit: int, now: datetime
    ) -> list[Waiting]:
        """A page of my waiting requests (one row more than `limit` if there are more)."""
        sql = _INCOMING if incoming else _OUTGOING
        rows = await self._database.read(
            sql, {"viewer": me, **cursor.bounds(after, _FIRST_ID), "limit": limit + 1, "now": now}
        )
        return [Waiting(FriendRequest.of(row), Row.of(row[WIDTH:])) for row in rows]

    async def between(self, viewer: str, other: str, now: datetime) -> Between:
        """How the viewer stands to somebody."""
        ties, rows = await self._database.together(
            facts.between(viewer, other),
            (_BETWEEN, {"viewer": viewer, "other": other, "now": now}),
        )
        relationship = facts.tied(ties)
        if not rows:
            return Between(relationship)
        name, avatar, since, muted, mutual, *request = rows[0]
        found = FriendRequest.of(request) if request[0] is not None else None
        return Between(relationship, name, avatar, since, muted, mutual, found)
