# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people did lately (P3), and the log of who changed which level (P2).

Others see what is of the present: a place only while they may know of it, a friendship only where
both lists of friends are open to them, a changed field only where they see the field.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from appservice.database import Database, Transaction
from appservice.rest.cursor import Position
from policy.visibility import Field, Viewer

PAGE = 10
"""Entries of a page (P3)."""
_AGAIN = timedelta(days=1)
"""Within which the same change counts once."""


class Kind(StrEnum):
    """What happened. The last group is only the log."""

    JOINED_SERVER = "joined_server"
    JOINED_FORUM = "joined_forum"
    CHANGED_AVATAR = "changed_avatar"
    CHANGED_BANNER = "changed_banner"
    CHANGED_BIO = "changed_bio"
    CHANGED_INTERESTS = "changed_interests"
    BECAME_FRIENDS = "became_friends"
    PUBLISHED_LISTING = "published_listing"

    VISIBILITY_CHANGED = "visibility_changed"
    HIDDEN = "hidden"
    SHOWN = "shown"
    CHANGED_BY_STAFF = "changed_by_staff"


NEEDS: Mapping[Kind, Field | None] = {
    Kind.JOINED_SERVER: None,
    Kind.JOINED_FORUM: None,
    Kind.CHANGED_AVATAR: Field.AVATAR,
    Kind.CHANGED_BANNER: Field.BANNER,
    Kind.CHANGED_BIO: Field.BIO,
    Kind.CHANGED_INTERESTS: Field.SEARCH_INTERESTS,
    Kind.BECAME_FRIENDS: Field.CONNECTIONS,
    Kind.PUBLISHED_LISTING: None,
}
"""What may be shown at all, and the field besides `activity` that one has to see for it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing somebody did, as one viewer may see it."""

    id: int
    kind: Kind
    created_at: datetime
    subject: Mapping[str, Any]
    room: Mapping[str, Any] | None
    person: Mapping[str, Any] | None

    @property
    def position(self) -> Position:
        """Where the list goes on."""
        return Position(self.created_at, str(self.id))


_RECORD = """
INSERT INTO profile_activity (user_id, kind, subject, room_id, created_at)
VALUES (%(user_id)s, %(kind)s, %(subject)s::jsonb, %(room_id)s, %(now)s)
"""
_FORGET = """
DELETE FROM profile_activity WHERE user_id = %(user_id)s AND kind = %(kind)s
  AND created_at > %(since)s
"""
TOLD_OF = """LEFT JOIN rooms r ON r.room_id = a.room_id AND r.successor IS NULL
LEFT JOIN people q ON q.user_id = a.subject->>'user_id' AND q.deactivated_at IS NULL"""
"""The place r and the person q of an entry a."""


def in_sight(own: str, listings: str) -> str:
    """SQL: whether an entry's place, person and listing may be told to the viewer.

    Args:
        own: SQL for whether the viewer is its owner; never null.
        listings: SQL for whether the viewer may see listings at all.
    """
    return f"""((a.room_id IS NULL OR (r.room_id IS NOT NULL AND ({own} OR r.visibility = 'public'
    OR EXISTS (SELECT FROM memberships m WHERE m.room_id = r.room_id
               AND m.user_id = %(viewer)s AND m.membership = 'join'))))
  AND (a.kind <> 'became_friends' OR (q.user_id IS NOT NULL
    AND EXISTS (SELECT FROM friendships WHERE user_id = a.user_id AND friend_id = q.user_id)
    AND ({own} OR q.user_id = %(viewer)s OR q.connections_visibility = 'public'
      OR (q.connections_visibility = 'connections' AND EXISTS (
          SELECT FROM friendships WHERE user_id = %(viewer)s AND friend_id = q.user_id)))
    AND NOT EXISTS (SELECT FROM profiles h WHERE h.user_id = q.user_id AND h.hidden
                    AND NOT {own} AND q.user_id <> coalesce(%(viewer)s::text, ''))
    AND NOT EXISTS (SELECT FROM blocks WHERE (blocker = %(viewer)s AND blocked = q.user_id)
                    OR (blocker = q.user_id AND blocked = %(viewer)s))))
  AND CASE WHEN a.kind <> 'published_listing' THEN true ELSE {listings} AND EXISTS (
    SELECT FROM listings l WHERE l.id = (a.subject->>'id')::uuid
      AND l.status IN ('open', 'reserved', 'sold')
      AND NOT EXISTS (SELECT FROM blocks WHERE (blocker = %(viewer)s AND blocked = l.seller)
                      OR (blocker = l.seller AND blocked = %(viewer)s))) END)"""  # noqa: S608 - constants


_PAGE = f"""
SELECT a.id, a.kind, a.created_at, a.subject,
  CASE WHEN r.room_id IS NOT NULL THEN jsonb_build_object(
    'id', r.id, 'room_id', r.room_id, 'name', r.name, 'slug', r.slug,
    'avatar_url', r.avatar_url) END,
  CASE WHEN q.user_id IS NOT NULL THEN jsonb_build_object(
    'user_id', q.user_id, 'display_name', q.display_name, 'avatar_url', q.avatar_url) END
FROM profile_activity a
{TOLD_OF}
WHERE a.user_id = %(owner)s AND a.kind = ANY(%(kinds)s)
  AND (a.created_at, a.id) < (%(at)s::timestamptz, %(key)s::bigint)
  AND {in_sight("%(own)s", listings="%(listings)s")}
ORDER BY a.created_at DESC, a.id DESC LIMIT %(limit)s
"""  # noqa: S608 - constants
_LAST_KEY = 2**63 - 1


async def record(
    tx: Transaction,
    user_id: str,
    kind: Kind,
    now: datetime,
    *,
    subject: Mapping[str, Any] | None = None,
    room_id: str | None = None,
    once: bool = False,
) -> None:
    """Note that somebody did something.

    Args:
        tx: the transaction in which they did it.
        user_id: who.
        kind: what.
        now: when.
        subject: more about it; `user_id` names another person.
        room_id: the place it happened in.
        once: whether it takes the place of the same on the day before.
    """
    if once:
        values = {"user_id": user_id, "kind": kind.value, "since": now - _AGAIN}
        await tx.read(_FORGET, values)
    await tx.read(
        _RECORD,
        {
            "user_id": user_id,
            "kind": kind.value,
            "subject": json.dumps(dict(subject or {})),
            "room_id": room_id,
            "now": now,
        },
    )


async def page(
    database: Database,
    owner: str,
    viewer: str | None,
    *,
    kind: Viewer,
    fields: Collection[str],
    after: Position | None,
    limit: int = PAGE,
) -> list[Entry]:
    """What somebody did lately (one row more than `limit` if there is more).

    Args:
        database: Kith's own.
        owner: who did it.
        viewer: who asks; None for nobody known, also when a stranger is only imagined.
        kind: what the viewer is to the owner.
        fields: the fields of the owner that the viewer sees.
        after: where the page before ended.
        limit: entries.
    """
    kinds = [one.value for one, needs in NEEDS.items() if needs is None or needs in fields]
    rows = await database.read(
        _PAGE,
        {
            "owner": owner,
            "viewer": viewer,
            "own": kind is Viewer.SELF,
            # As by their own address: only for who is signed in.
            "listings": kind is not Viewer.ANONYMOUS,
            "kinds": kinds,
            "at": after.at if after else "infinity",
            "key": int(after.key) if after else _LAST_KEY,
            "limit": limit + 1,
        },
    )
    return [_entry(row) for row in rows]


def _entry(row: Sequence[Any]) -> Entry:
    entry_id, kind, created_at, subject, room, person = row
    return Entry(entry_id, Kind(kind), created_at, subject, room, person)
