# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures that somebody set in a Matrix client, until the profile shows them (P4, P5).

There is one of a purpose at most: what was set last. It keeps the person's own address, which is
never given another file and never deleted from here. While nobody knows better, Matrix keeps it;
what is flagged, or no picture, is taken back there, and told.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from appservice.database import Transaction
from appservice.errors import Denied
from appservice.people.comparing import compare
from appservice.profile_media.shapes import Purpose
from appservice.profile_media.store import UNSCANNED, Picture
from appservice.profile_media.tasks import forget, queue
from appservice.profiles.noting import note
from policy.reason import Reason

_ADD = """
INSERT INTO profile_media
  (id, user_id, purpose, status, bytes, source_mxc, quiet, created_at, updated_at)
VALUES (%(id)s, %(user_id)s, %(purpose)s, 'processing', 0, %(mxc)s, %(quiet)s, %(now)s, %(now)s)
"""
_ONE = """
SELECT status, reason FROM profile_media WHERE user_id = %(user_id)s AND purpose = %(purpose)s
  AND source_mxc = %(mxc)s AND status <> 'ready'
"""
# Locked: a picture that is shown in this moment is waited for, and stays.
_OLDER = """
SELECT id, status FROM profile_media WHERE user_id = %(user_id)s AND purpose = %(purpose)s
  AND source_mxc IS NOT NULL AND status <> 'ready'
  AND (%(before)s::timestamptz IS NULL OR created_at < %(before)s::timestamptz)
FOR UPDATE
"""
_DISOWN = "UPDATE profile_media SET source_mxc = NULL WHERE id = %(id)s"
_SHOWN = """
SELECT EXISTS (SELECT FROM profiles f JOIN profile_media m ON m.id = ANY (ARRAY[f.avatar_media,
  f.banner_media]) WHERE f.user_id = %(user_id)s AND m.purpose = %(purpose)s
  AND %(mxc)s IN (m.source_mxc, m.mxc))
"""
_HIDE = {
    Purpose.AVATAR: """UPDATE people SET avatar_url = NULL
        WHERE user_id = %(user_id)s AND avatar_url = %(mxc)s""",
    Purpose.BANNER: """UPDATE profiles SET banner_mxc = NULL
        WHERE user_id = %(user_id)s AND banner_mxc = %(mxc)s""",
}
ANOTHER = timedelta(seconds=2)
"""How long one waits that takes another's place which was under way: who changes their mind every
moment must not keep the worker from everybody else."""

_REASONS = {
    "gone": Reason.PICTURE_UNREADABLE,
    "type": Reason.PICTURE_UNREADABLE,
    "broken": Reason.PICTURE_UNREADABLE,
    "bytes": Reason.PICTURE_TOO_LARGE,
    "pixels": Reason.PICTURE_TOO_LARGE,
}


@dataclass(frozen=True, slots=True)
class Coming:
    """One that is not shown (yet); `mxc` is where the person put it."""

    mxc: str
    status: str
    reason: str | None
    quiet: bool

    @property
    def left(self) -> bool:
        """Whether Matrix keeps it meanwhile."""
        if self.status == "review":
            return self.reason == UNSCANNED
        return self.status == "processing" or (self.status == "failed" and self.quiet)


async def begin(
    tx: Transaction,
    media_id: UUID,
    user_id: str,
    purpose: Purpose,
    mxc: str,
    *,
    now: datetime,
    quiet: bool,
    at: datetime | None = None,
) -> None:
    """Have a picture fetched and go its way; no other may be coming (`drop`).

    Args:
        tx: the transaction; it holds the person's lock.
        media_id: a new id.
        user_id: whose.
        purpose: what for.
        mxc: where it is.
        now: the time.
        quiet: whether it stood there before Kith looked.
        at: when to fetch it; None is at once.
    """
    values = {"id": media_id, "user_id": user_id, "purpose": purpose, "mxc": mxc}
    await tx.read(_ADD, {**values, "quiet": quiet, "now": now})
    await queue(tx, media_id, at=at)


async def check_known(tx: Transaction, user_id: str, purpose: Purpose, mxc: str) -> None:
    """Refuse a picture that is set again while it waits for staff, or after they said no.

    Raises:
        Denied: `picture_held` or `picture_refused`.
    """
    values = {"user_id": user_id, "purpose": purpose, "mxc": mxc}
    for status, reason in await tx.read(_ONE, values):
        if status == "review" and reason != UNSCANNED:
            raise Denied(Reason.PICTURE_HELD)
        if status == "rejected":
            raise Denied(Reason.PICTURE_REFUSED)


async def is_shown(tx: Transaction, user_id: str, purpose: Purpose, mxc: str) -> bool:
    """Whether that is the picture the profile shows: under its owner's address, or Kith's."""
    values = {"user_id": user_id, "purpose": purpose, "mxc": mxc}
    return bool((await tx.read(_SHOWN, values))[0][0])


async def drop(
    tx: Transaction, user_id: str, purpose: Purpose, *, before: datetime | None = None
) -> bool:
    """Give up what is coming, because of something else; whether it was under way.

    Args:
        tx: the transaction.
        user_id: whose.
        purpose: what for.
        before: only what was set before this time.
    """
    values = {"user_id": user_id, "purpose": purpose, "before": before}
    found = await tx.read(_OLDER, values)
    for media_id, _ in found:
        await forget(tx, media_id)
    return any(status == "processing" for _, status in found)


async def hide(tx: Transaction, user_id: str, purpose: Purpose, mxc: str) -> None:
    """Tell nobody a picture's address any more, if it was told as it stood."""
    await tx.read(_HIDE[purpose], {"user_id": user_id, "mxc": mxc})


async def replaced(tx: Transaction, picture: Picture, mark: str) -> None:
    """Have Kith's own copy take the place of a file that says where it was taken, and say so.

    Args:
        tx: the transaction in which the picture is shown.
        picture: it.
        mark: tells a note about it from every other.
    """
    await tx.read(_DISOWN, {"id": picture.id})
    await note(tx, picture.user_id, "placed", picture.purpose, reason=None, mark=mark)


async def turned_back(tx: Transaction, picture: Picture, mark: str) -> None:
    """Do what follows when a picture of this kind is not shown (yet).

    Args:
        tx: the transaction in which its status changed.
        picture: as it is now.
        mark: tells a note about it from every other.
    """
    if picture.source_mxc is None:
        return
    await hide(tx, picture.user_id, picture.purpose, picture.source_mxc)
    if picture.status == "review" and picture.reason == UNSCANNED:
        return
    await compare(tx, picture.user_id)
    if not (picture.quiet and picture.status == "failed"):
        reason = _why(picture)
        await note(tx, picture.user_id, "reverted", picture.purpose, reason=reason, mark=mark)


def reason_of(picture: Picture, problem: str) -> str:
    """The code of what went wrong, as its owner is told it."""
    return problem if picture.source_mxc is None else _REASONS[problem].code


def _why(picture: Picture) -> str | None:
    if picture.status == "review":
        return Reason.PICTURE_HELD.code
    # Of a rejected one that is what staff wrote, which the web shows.
    return Reason.PICTURE_REFUSED.code if picture.status == "rejected" else picture.reason
