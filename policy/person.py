# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the rules need to know of a person and of two people. Facts only, no decisions."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class DmPolicy(StrEnum):
    """Who may open a conversation with somebody (D3)."""

    EVERYONE = "everyone"
    CONNECTIONS = "connections"
    FOLLOWING = "following"
    NONE = "none"


class RequestPolicy(StrEnum):
    """Who may send somebody a friend request (F2)."""

    EVERYONE = "everyone"
    SHARED_SPACE = "shared_space"
    NOBODY = "nobody"


class Trust(IntEnum):
    """Instance-wide trust level (D4, D20)."""

    NEW = 0
    MEMBER = 1
    TRUSTED = 2


class PersonKind(StrEnum):
    """What stands behind an account."""

    PERSON = "person"
    SERVICE = "service"
    BOT = "bot"
    GHOST = "ghost"


@dataclass(frozen=True, slots=True)
class Person:
    """One account as the rules see it. The defaults describe somebody Kith has not met yet."""

    user_id: str
    kind: PersonKind = PersonKind.PERSON
    staff: bool = False
    trust: Trust = Trust.MEMBER
    dm_policy: DmPolicy = DmPolicy.CONNECTIONS
    request_policy: RequestPolicy = RequestPolicy.EVERYONE
    auto_decline_strangers: bool = False
    may_create_rooms: bool = True
    messages: int = 0
    active_days: int = 0

    @property
    def automatic(self) -> bool:
        """Whether a program acts for this account."""
        return self.kind is not PersonKind.PERSON


@dataclass(frozen=True, slots=True)
class Relationship:
    """How two people stand, seen from the acting one (``I``) towards the other (``they``)."""

    friends: bool = False
    i_block: bool = False
    they_block: bool = False
    i_follow: bool = False
    they_follow: bool = False
    i_asked: bool = False
    they_asked: bool = False
    they_wrote: bool = False
    """The other one has written to the acting one (opens the door for bots, D40)."""

    def reversed(self) -> "Relationship":
        """The same two people seen from the other one; ``they_wrote`` is not known there."""
        return Relationship(
            friends=self.friends,
            i_block=self.they_block,
            they_block=self.i_block,
            i_follow=self.they_follow,
            they_follow=self.i_follow,
            i_asked=self.they_asked,
            they_asked=self.i_asked,
        )

    @property
    def separated(self) -> bool:
        """Whether a block stands between the two, whoever set it."""
        return self.i_block or self.they_block


STRANGERS = Relationship()
