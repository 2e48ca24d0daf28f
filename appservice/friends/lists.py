# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading about friends: the list with who may see it (F3, D17), requests, one relationship.

Hot reads: one statement each, by psycopg, keyset pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from appservice.database import Database
from appservice.errors import Denied, NotFound
from appservice.friends.requests import COLUMNS, WIDTH, FriendRequest
from appservice.rest import cursor
from appservice.rest.codes import Code
from appservice.rest.cursor import Position
from policy.person import Relationship
from policy.reason import Reason
from schema import facts

# Whether the viewer may see p's friends: p sets the level, and friends are "connections" (D2).
_SEES = """(p.user_id = %(viewer)s OR p.connections_visibility = 'public'
  OR (p.connections_visibility = 'connections' AND EXISTS (
      SELECT FROM friendships v WHERE v.user_id = %(viewer)s AND v.friend_id = p.user_id)))"""

_I_BLOCK = """EXISTS (SELECT FROM blocks
  WHERE blocker = %(viewer)s AND blocked = p.user_id)"""
_APART = f"""({_I_BLOCK}
  OR EXISTS (SELECT FROM blocks WHERE blocker = p.user_id AND blocked = %(viewer)s))"""

_MUTUAL = """(SELECT count(*) FROM friendships a
  JOIN friendships b ON b.friend_id = a.friend_id AND b.user_id = p.user_id
  WHERE a.user_id = %(viewer)s)"""

_GATE = f"""
SELECT {_I_BLOCK}, {_SEES},
       CASE WHEN %(count)s THEN (
         (SELECT count(*) FROM friendships WHERE user_id = p.user_id)
         - (SELECT count(*) FROM friendships WHERE user_id = p.user_id AND friend_id IN (
             SELECT blocked FROM blocks WHERE blocker = %(viewer)s
             UNION SELECT blocker FROM blocks WHERE blocked = %(viewer)s))) END
FROM people p WHERE p.user_id = %(owner)s AND p.deactivated_at IS NULL
"""  # noqa: S608 - constants

# People whom a block parts from the viewer are left out, of the count above too; a row's own list
# may be hidden, and then so is how many friends it shares with the viewer.
_FRIENDS = f"""
WITH page AS MATERIALIZED (
  SELECT p.user_id, p.display_name, p.avatar_url, p.connections_visibility, f.created_at
  FROM friendships f JOIN people p ON p.user_id = f.friend_id
  WHERE f.user_id = %(owner)s AND p.deactivated_at IS NULL AND NOT {_APART}
    AND f.created_at <= %(at)s::timestamptz
    AND (f.created_at < %(at)s::timestamptz OR f.friend_id > %(key)s)
  ORDER BY f.created_at DESC, f.friend_id LIMIT %(limit)s
), mine AS MATERIALIZED (
  SELECT friend_id FROM friendships WHERE user_id = %(viewer)s
), shared AS MATERIALIZED (
  SELECT b.user_id, count(*) AS friends FROM page JOIN friendships b USING (user_id)
  JOIN mine ON mine.friend_id = b.friend_id GROUP BY b.user_id
)
SELECT p.user_id, p.display_name, p.avatar_url, p.created_at,
  CASE WHEN p.user_id = %(viewer)s THEN 'self'
       WHEN %(owner)s = %(viewer)s OR EXISTS (SELECT FROM friendships v
            WHERE v.user_id = %(viewer)s AND v.friend_id = p.user_id) THEN 'friends'
       WHEN EXISTS (SELECT FROM friend_requests WHERE requester = %(viewer)s
            AND recipient = p.user_id AND status IN ('pending', 'declined')
            AND withdrawn_at IS NULL AND expires_at > %(now)s) THEN 'request_sent'
       WHEN EXISTS (SELECT FROM friend_requests WHERE requester = p.user_id
            AND recipient = %(viewer)s AND status = 'pending'
            AND expires_at > %(now)s) THEN 'request_received'
       ELSE 'none' END,
  CASE WHEN p.user_id <> %(viewer)s AND {_SEES} THEN coalesce(
    (SELECT friends FROM shared WHERE shared.user_id = p.user_id), 0) END,
  CASE WHEN p.user_id <> %(viewer)s THEN (SELECT jsonb_agg(place) FROM (
    SELECT jsonb_build_object('id', r.id, 'room_id', r.room_id, 'name', r.name) AS place
    FROM memberships mine JOIN memberships theirs ON theirs.room_id = mine.room_id
      AND theirs.user_id = p.user_id AND theirs.membership = 'join'
    JOIN rooms r ON r.room_id = mine.room_id
    WHERE mine.user_id = %(viewer)s AND mine.membership = 'join'
      AND r.kind = 'server' AND NOT r.is_default AND r.successor IS NULL
    ORDER BY r.name LIMIT 5) places) END
FROM page p ORDER BY p.created_at DESC, p.user_id
"""  # noqa: S608 - constants

_AFTER = """r.created_at <= %(at)s::timestamptz
  AND (r.created_at < %(at)s::timestamptz OR r.id > %(key)s::uuid)"""

_INCOMING = f"""
SELECT {COLUMNS}, p.display_name, p.avatar_url FROM friend_requests r
JOIN people p ON p.user_id = r.requester
WHERE r.recipient = %(me)s AND r.status = 'pending' AND r.expires_at > %(now)s AND {_AFTER}
ORDER BY r.created_at DESC, r.id LIMIT %(limit)s
"""  # noqa: S608 - constants

_OUTGOING = f"""
SELECT {COLUMNS}, p.display_name, p.avatar_url FROM friend_requests r
JOIN people p ON p.user_id = r.recipient
WHERE r.requester = %(me)s AND r.status IN ('pending', 'declined')
  AND r.withdrawn_at IS NULL AND r.expires_at > %(now)s AND {_AFTER}
ORDER BY r.created_at DESC, r.id LIMIT %(limit)s
"""  # noqa: S608 - constants

_BETWEEN = f"""
SELECT p.display_name, p.avatar_url,
  (SELECT created_at FROM friendships WHERE user_id = %(viewer)s AND friend_id = p.user_id),
  EXISTS (SELECT FROM mutes WHERE muter = %(viewer)s AND muted = p.user_id),
  CASE WHEN {_SEES} AND NOT {_I_BLOCK} THEN {_MUTUAL} END,
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
class Friend:
    """One row of a friend list, as one viewer may see it."""

    user_id: str
    display_name: str | None
    avatar_url: str | None
    since: datetime
    friendship_status: str
    mutual_count: int | None
    mutual_spaces: Sequence[dict[str, Any]] | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of a list of requests: the request and who is at the other end."""

    request: FriendRequest
    display_name: str | None
    avatar_url: str | None


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
        self, viewer: str, owner: str, after: Position | None, limit: int, now: datetime
    ) -> tuple[list[Friend], int | None]:
        """A page of somebody's friends (one row more than `limit` if there are more).

        Returns:
            The rows, and on the first page how many there are in all.

        Raises:
            NotFound: nobody here knows the owner.
            Denied: the viewer blocks the owner.
            KithError: `list_hidden`.
        """
        values = {"viewer": viewer, "owner": owner, "count": after is None}
        gate = await self._database.read(_GATE, values)
        if not gate:
            raise NotFound
        i_block, sees, total = gate[0]
        if i_block:
            raise Denied(Reason.BLOCKED)
        # Whom the owner blocks sees what a stranger sees: another answer would tell them (D17).
        if not sees:
            raise Code.LIST_HIDDEN.error()
        rows = await self._database.read(
            _FRIENDS, {**values, **cursor.bounds(after), "limit": limit + 1, "now": now}
        )
        return [Friend(*row) for row in rows], total

    async def requests(
        self, me: str, *, incoming: bool, after: Position | None, limit: int, now: datetime
    ) -> list[Waiting]:
        """A page of my waiting requests (one row more than `limit` if there are more)."""
        sql = _INCOMING if incoming else _OUTGOING
        rows = await self._database.read(
            sql, {"me": me, **cursor.bounds(after, _FIRST_ID), "limit": limit + 1, "now": now}
        )
        return [Waiting(FriendRequest.of(row), *row[WIDTH:]) for row in rows]

    async def between(self, viewer: str, other: str, now: datetime) -> Between:
        """How the viewer stands to somebody."""
        relationship = await facts.relationship(self._database.read, viewer, other)
        rows = await self._database.read(_BETWEEN, {"viewer": viewer, "other": other, "now": now})
        if not rows:
            return Between(relationship)
        name, avatar, since, muted, mutual, *request = rows[0]
        found = FriendRequest.of(request) if request[0] is not None else None
        return Between(relationship, name, avatar, since, muted, mutual, found)
