# SPDX-License-Identifier: AGPL-3.0-or-later
"""A friend request as it is stored, and as each of the two sees it (D39)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Status(StrEnum):
    """Where a request stands (F1)."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


COLUMNS = (
    "r.id, r.requester, r.recipient, r.status, r.message,"
    " r.created_at, r.expires_at, r.reminded_at, r.withdrawn_at"
)
"""What a statement selects for `FriendRequest.of`, from `friend_requests r`."""

WIDTH = 9
"""How many columns that are."""


@dataclass(frozen=True, slots=True)
class FriendRequest:
    """One row."""

    id: UUID
    requester: str
    recipient: str
    status: Status
    message: str | None
    created_at: datetime
    expires_at: datetime
    reminded_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @classmethod
    def of(cls, row: Sequence[Any]) -> "FriendRequest":
        """From the columns named above."""
        request_id, requester, recipient, status, *rest = row[:WIDTH]
        return cls(request_id, requester, recipient, Status(status), *rest)

    def open_for(self, user_id: str, now: datetime) -> bool:
        """Whether that side sees it as still waiting."""
        return self.seen_by(user_id, now) is Status.PENDING

    def seen_by(self, user_id: str, now: datetime) -> Status:
        """The status as that side is told.

        A decline is silent (D39): the requester goes on seeing a waiting request, until it would
        have expired or they take it back.
        """
        if user_id == self.requester and self.status is Status.DECLINED:
            if self.withdrawn_at is not None:
                return Status.CANCELLED
            return Status.PENDING if now < self.expires_at else Status.EXPIRED
        if self.status is Status.PENDING and now >= self.expires_at:
            return Status.EXPIRED
        return self.status
