# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows behind requests and friendships: every statement that changes them, and their facts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from appservice.database import Transaction
from appservice.friends.requests import COLUMNS, FriendRequest
from appservice.profiles import activity
from appservice.profiles.activity import Kind
from policy.limits import RequestRules

_GET = f"SELECT {COLUMNS} FROM friend_requests r WHERE r.id = %(id)s"  # noqa: S608 - a constant

# What the requester believes to be waiting, a silent decline included: the answer to it counts.
_STANDING = f"""
SELECT {COLUMNS} FROM friend_requests r
WHERE r.requester = %(requester)s AND r.recipient = %(recipient)s
  AND r.status IN ('pending', 'declined') AND r.withdrawn_at IS NULL AND r.expires_at > %(now)s
ORDER BY r.created_at DESC LIMIT 1
"""  # noqa: S608 - a constant

_EXPIRE_PAIR = """
UPDATE friend_requests SET status = 'expired', responded_at = expires_at
WHERE LEAST(requester, recipient) = LEAST(%(one)s, %(other)s)
  AND GREATEST(requester, recipient) = GREATEST(%(one)s, %(other)s)
  AND status = 'pending' AND expires_at <= %(now)s
"""

_HISTORY = """
WITH me AS (SELECT requests_suspended_until AS until FROM people WHERE user_id = %(me)s),
mine AS (
  SELECT recipient, status, created_at, responded_at, withdrawn_at, expires_at
  FROM friend_requests WHERE requester = %(me)s
), last AS (
  SELECT status, expires_at FROM mine
  WHERE created_at > coalesce((SELECT until FROM me), '-infinity')
  ORDER BY created_at DESC LIMIT %(considered)s
)
SELECT
  (SELECT count(*) FROM mine WHERE recipient = %(them)s AND status <> 'accepted'),
  (SELECT max(ended_at) FROM friendship_ends WHERE ended_by = %(them)s AND other = %(me)s),
  EXISTS (SELECT FROM mine WHERE recipient = %(them)s AND status = 'declined'
          AND responded_at > %(declines_since)s),
  (SELECT count(*) FROM mine WHERE created_at > %(day_ago)s),
  (SELECT min(created_at) FROM mine WHERE created_at > %(day_ago)s),
  (SELECT count(*) FROM mine WHERE status IN ('pending', 'declined')
     AND withdrawn_at IS NULL AND expires_at > %(now)s),
  (SELECT count(*) FROM last WHERE status IN ('declined', 'expired')
     OR (status = 'pending' AND expires_at <= %(now)s)),
  (SELECT until FROM me)
"""

_INSERT = """
INSERT INTO friend_requests
  (id, requester, recipient, status, message, created_at, expires_at, responded_at)
VALUES (%(id)s, %(requester)s, %(recipient)s, %(status)s, %(message)s, %(now)s, %(expires)s,
        CASE WHEN %(status)s = 'pending' THEN NULL ELSE %(now)s END)
"""
_SET_STATUS = """
UPDATE friend_requests SET status = %(status)s, responded_at = %(now)s WHERE id = %(id)s
"""
_WITHDRAW = "UPDATE friend_requests SET withdrawn_at = %(now)s WHERE id = %(id)s"
_SET_NOTE = "UPDATE friend_requests SET message = %(message)s WHERE id = %(id)s"
_SET_REMINDED = "UPDATE friend_requests SET reminded_at = %(now)s WHERE id = %(id)s"

_BEFRIEND = """
INSERT INTO friendships (user_id, friend_id, created_at, source_request_id)
VALUES (%(one)s, %(other)s, %(now)s, %(id)s), (%(other)s, %(one)s, %(now)s, %(id)s)
ON CONFLICT DO NOTHING
"""
# Whoever had been declined silently must not seem to have asked again after a later unfriending.
_CLOSE_DECLINES = """
UPDATE friend_requests SET withdrawn_at = %(now)s
WHERE status = 'declined' AND withdrawn_at IS NULL
  AND ((requester = %(one)s AND recipient = %(other)s)
    OR (requester = %(other)s AND recipient = %(one)s))
"""
_UNFRIEND = """
DELETE FROM friendships WHERE user_id = %(one)s AND friend_id = %(other)s RETURNING user_id
"""
_NOTE_END = """
INSERT INTO friendship_ends (ended_by, other, ended_at) VALUES (%(by)s, %(other)s, %(now)s)
"""
_SUSPEND = "UPDATE people SET requests_suspended_until = %(until)s WHERE user_id = %(user_id)s"
_OPEN_CASE = """
INSERT INTO cases (id, kind, subject, detail, created_at)
VALUES (%(id)s, 'request_spam', %(user_id)s,
        jsonb_build_object('refused', %(refused)s::int, 'suspended_until', %(until)s::timestamptz),
        %(now)s)
"""


@dataclass(frozen=True, slots=True)
class History:
    """What somebody's earlier requests say about the next one."""

    asks_of_pair: int
    unfriended_at: datetime | None
    declined_lately: bool
    sent_last_day: int
    oldest_sent_at: datetime | None
    open: int
    refused_of_last: int
    suspended_until: datetime | None


async def get(tx: Transaction, request_id: UUID) -> FriendRequest | None:
    """One request."""
    rows = await tx.read(_GET, {"id": request_id})
    return FriendRequest.of(rows[0]) if rows else None


async def standing(
    tx: Transaction, requester: str, recipient: str, now: datetime
) -> FriendRequest | None:
    """The request that its requester believes to be waiting."""
    rows = await tx.read(_STANDING, {"requester": requester, "recipient": recipient, "now": now})
    return FriendRequest.of(rows[0]) if rows else None


async def expire_pair(tx: Transaction, one: str, other: str, now: datetime) -> None:
    """Make room for a new request where an old one has run out and was not swept yet."""
    await tx.read(_EXPIRE_PAIR, {"one": one, "other": other, "now": now})


async def history(
    tx: Transaction, me: str, them: str, now: datetime, rules: RequestRules
) -> History:
    """Counts over the requester's own requests."""
    rows = await tx.read(
        _HISTORY,
        {
            "me": me,
            "them": them,
            "now": now,
            "day_ago": now - timedelta(days=1),
            "declines_since": now - timedelta(seconds=rules.ask_again_after),
            "considered": rules.last_considered,
        },
    )
    return History(*rows[0])


async def insert(tx: Transaction, request: FriendRequest) -> None:
    """Store a new request."""
    await tx.read(
        _INSERT,
        {
            "id": request.id,
            "requester": request.requester,
            "recipient": request.recipient,
            "status": request.status,
            "message": request.message,
            "now": request.created_at,
            "expires": request.expires_at,
        },
    )


async def set_status(tx: Transaction, request_id: UUID, status: str, now: datetime) -> None:
    """Close a request."""
    await tx.read(_SET_STATUS, {"id": request_id, "status": status, "now": now})


async def withdraw(tx: Transaction, request_id: UUID, now: datetime) -> None:
    """Note that the requester took back what had been declined silently."""
    await tx.read(_WITHDRAW, {"id": request_id, "now": now})


async def set_note(tx: Transaction, request_id: UUID, message: str | None) -> None:
    """Change the note."""
    await tx.read(_SET_NOTE, {"id": request_id, "message": message})


async def set_reminded(tx: Transaction, request_id: UUID, now: datetime) -> None:
    """Use up the one reminder."""
    await tx.read(_SET_REMINDED, {"id": request_id, "now": now})


async def befriend(
    tx: Transaction, one: str, other: str, now: datetime, request_id: UUID | None
) -> None:
    """Write both mirrored rows."""
    values = {"one": one, "other": other, "now": now, "id": request_id}
    await tx.read(_BEFRIEND, values)
    for me, them in ((one, other), (other, one)):
        await activity.record(tx, me, Kind.BECAME_FRIENDS, now, subject={"user_id": them})
    await tx.read(_CLOSE_DECLINES, values)


async def unfriend(tx: Transaction, by: str, other: str, now: datetime) -> bool:
    """Delete the friendship (its mirror goes with it); False when there was none."""
    if not await tx.read(_UNFRIEND, {"one": by, "other": other}):
        return False
    await tx.read(_NOTE_END, {"by": by, "other": other, "now": now})
    return True


async def suspend(
    tx: Transaction, user_id: str, *, until: datetime, refused: int, case_id: UUID, now: datetime
) -> None:
    """Withdraw the right to ask for a while, and show it to the moderators (F2)."""
    await tx.read(_SUSPEND, {"user_id": user_id, "until": until})
    values = {"id": case_id, "user_id": user_id, "refused": refused, "until": until, "now": now}
    await tx.read(_OPEN_CASE, values)
