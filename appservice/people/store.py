# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of follows, blocks, mutes and settings."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from appservice.database import Database, Transaction
from appservice.rest.cursor import Position, bounds


class Tie(Enum):
    """A one-sided tie: its table, whose it is, and whom it points at."""

    FOLLOWING = ("follows", "follower", "followed")
    FOLLOWERS = ("follows", "followed", "follower")
    BLOCKS = ("blocks", "blocker", "blocked")
    MUTES = ("mutes", "muter", "muted")


@dataclass(frozen=True, slots=True)
class Tied:
    """One row of a list of ties."""

    user_id: str
    display_name: str | None
    avatar_url: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's own record."""

    user_id: str
    display_name: str | None
    avatar_url: str | None
    trust: int
    staff: str | None
    dm_policy: str
    request_policy: str
    auto_decline_strangers: bool
    connections_visibility: str
    presence: str


def _list_sql(tie: Tie) -> str:
    table, mine, theirs = tie.value
    return f"""
SELECT p.user_id, p.display_name, p.avatar_url, t.created_at
FROM {table} t JOIN people p ON p.user_id = t.{theirs}
WHERE t.{mine} = %(me)s AND t.created_at <= %(at)s::timestamptz
  AND (t.created_at < %(at)s::timestamptz OR t.{theirs} > %(key)s)
ORDER BY t.created_at DESC, t.{theirs} LIMIT %(limit)s
"""  # noqa: S608 - names come from the enum above


_LISTS = {tie: _list_sql(tie) for tie in Tie}

_ACCOUNT = """
SELECT p.user_id, p.display_name, p.avatar_url, p.trust, s.role, p.dm_policy, p.request_policy,
       p.auto_decline_strangers, p.connections_visibility, p.presence_visibility
FROM people p LEFT JOIN staff s USING (user_id) WHERE p.user_id = %(me)s
"""
_SETTINGS = (
    "dm_policy",
    "request_policy",
    "auto_decline_strangers",
    "connections_visibility",
    "presence",
)
_UPDATE = """
UPDATE people SET
  dm_policy = coalesce(%(dm_policy)s, dm_policy),
  request_policy = coalesce(%(request_policy)s, request_policy),
  auto_decline_strangers = coalesce(%(auto_decline_strangers)s, auto_decline_strangers),
  connections_visibility = coalesce(%(connections_visibility)s, connections_visibility),
  presence_visibility = coalesce(%(presence)s, presence_visibility)
WHERE user_id = %(me)s
"""
_PART = """
DELETE FROM follows WHERE (follower = %(one)s AND followed = %(other)s)
                       OR (follower = %(other)s AND followed = %(one)s)
"""


async def ties(
    database: Database, tie: Tie, me: str, after: Position | None, limit: int
) -> list[Tied]:
    """A page of ties, newest first (one row more than `limit` if there are more)."""
    rows = await database.read(_LISTS[tie], {"me": me, "limit": limit + 1, **bounds(after)})
    return [Tied(*row) for row in rows]


async def account(database: Database, me: str) -> Account | None:
    """Somebody's own record."""
    rows = await database.read(_ACCOUNT, {"me": me})
    return Account(*rows[0]) if rows else None


async def update(tx: Transaction, me: str, changes: dict[str, Any]) -> None:
    """Change the settings that are given."""
    await tx.read(_UPDATE, {"me": me, **{name: changes.get(name) for name in _SETTINGS}})


async def tie(tx: Transaction, kind: Tie, me: str, them: str, now: datetime) -> bool:
    """Make a tie; False when it was there."""
    table, mine, theirs = kind.value
    sql = f"""
INSERT INTO {table} ({mine}, {theirs}, created_at) VALUES (%(me)s, %(them)s, %(now)s)
ON CONFLICT DO NOTHING RETURNING {mine}
"""  # noqa: S608 - names come from the enum above
    return bool(await tx.read(sql, {"me": me, "them": them, "now": now}))


async def untie(tx: Transaction, kind: Tie, me: str, them: str) -> bool:
    """Undo a tie; False when there was none."""
    table, mine, theirs = kind.value
    sql = f"""
DELETE FROM {table} WHERE {mine} = %(me)s AND {theirs} = %(them)s RETURNING {mine}
"""  # noqa: S608 - names come from the enum above
    return bool(await tx.read(sql, {"me": me, "them": them}))


async def part(tx: Transaction, one: str, other: str) -> None:
    """Undo follows both ways."""
    await tx.read(_PART, {"one": one, "other": other})
