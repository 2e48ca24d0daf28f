# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every reason Kith gives for a refusal: one table for the modules, the REST API and the web.

A code never changes once released. The sentence is written for the person who was refused and
says what to do next. Codes that would betray a block to the blocked person do not exist (D17).
"""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class _Row:
    errcode: str
    status: int
    sentence: str


_FORBIDDEN = "M_FORBIDDEN"
_LIMIT = "M_LIMIT_EXCEEDED"


class Reason(Enum):
    """A stable code with its Matrix errcode, HTTP status and sentence."""

    FRIENDSHIP_REQUIRED = _Row(
        _FORBIDDEN,
        403,
        "You are not friends yet. Send a friend request first; once it is accepted you can talk.",
    )
    REQUEST_PENDING = _Row(
        _FORBIDDEN,
        403,
        "Your friend request is still waiting for an answer. You can talk once it is accepted.",
    )
    REQUEST_RECEIVED = _Row(
        _FORBIDDEN,
        403,
        "This person has sent you a friend request. Accept it first, then you can talk.",
    )
    REQUESTS_CLOSED = _Row(
        _FORBIDDEN, 403, "This person does not take friend requests at the moment."
    )
    SHARED_SPACE_REQUIRED = _Row(
        _FORBIDDEN,
        403,
        "This person takes friend requests only from people who share a community with them.",
    )
    DM_POLICY = _Row(
        _FORBIDDEN, 403, "This person's privacy settings do not allow new conversations with you."
    )
    BLOCKED = _Row(_FORBIDDEN, 403, "You have blocked this person. Unblock them first.")
    READ_ONLY = _Row(
        _FORBIDDEN,
        403,
        "This room is closed for new messages. You can still read it and leave it.",
    )
    GROUP_FULL = _Row(
        _FORBIDDEN, 403, "This group conversation is full. Create a community for more people."
    )
    GROUP_ADMIN = _Row(
        _FORBIDDEN,
        403,
        "Only the admin of this group can do that. Ask them, or open a group of your own.",
    )
    INVITE_REQUIRED = _Row(
        _FORBIDDEN, 403, "This conversation is private. Somebody in it has to invite you."
    )
    ROOM_SHAPE = _Row(
        _FORBIDDEN,
        403,
        "A direct conversation stays invite-only and unpublished. Create a forum instead.",
    )
    ENCRYPTION_FORBIDDEN = _Row(
        _FORBIDDEN, 403, "Encryption is not available in this kind of room."
    )
    EMAIL_INVITES_CLOSED = _Row(
        _FORBIDDEN,
        403,
        "People cannot be invited by e-mail or phone number here. Use their Matrix id.",
    )
    FORUM_TRUST = _Row(
        _FORBIDDEN,
        403,
        "Creating a forum needs 10 messages and 7 active days. Keep taking part and try again.",
    )
    TRUST_REQUIRED = _Row(
        _FORBIDDEN,
        403,
        "This room is for people who have taken part here for a while. Keep talking elsewhere and"
        " try again later.",
    )
    CREATION_LIMIT = _Row(
        _LIMIT, 429, "You have created as many of these as one day allows. Try again later."
    )
    CREATION_SUSPENDED = _Row(
        _FORBIDDEN, 403, "Creating rooms is switched off for your account. Ask a moderator."
    )
    FOREIGN_ROOMS_CLOSED = _Row(
        _FORBIDDEN, 403, "Rooms of other servers cannot be joined from here."
    )
    BOT_NOT_ASKED = _Row(
        _FORBIDDEN,
        403,
        "A bot can only open conversations with people who wrote to it or added it.",
    )
    SELF = _Row("M_INVALID_PARAM", 400, "That is you. Choose another person.")
    NOT_FOUND = _Row("M_NOT_FOUND", 404, "There is nothing here under this name.")
    REQUEST_EXISTS = _Row(
        "M_INVALID_PARAM", 409, "You have already sent this person a friend request."
    )
    ALREADY_FRIENDS = _Row("M_INVALID_PARAM", 409, "You are already friends.")
    REQUEST_COOLDOWN = _Row(_FORBIDDEN, 403, "You cannot ask this person again yet.")
    REQUEST_LIMIT = _Row(
        _LIMIT, 429, "You have sent as many friend requests as one day allows. Try again later."
    )
    REQUESTS_OPEN_LIMIT = _Row(
        _LIMIT,
        429,
        "Too many of your friend requests are still open. Cancel some or wait for answers.",
    )
    REQUESTS_SUSPENDED = _Row(
        _LIMIT,
        429,
        "Most of your last friend requests were declined, so new ones are paused for a while.",
    )
    REQUEST_CLOSED = _Row("M_INVALID_PARAM", 409, "This friend request is no longer open.")
    SLOW_MODE = _Row(
        _LIMIT, 429, "Slow mode is on in this room. Wait a moment before the next message."
    )
    RATE_LIMIT = _Row(_LIMIT, 429, "You are sending too fast. Wait a moment.")
    TOO_LONG = _Row(
        "M_TOO_LARGE",
        413,
        "This message is too long. Shorten it, or send it in parts.",
    )
    LISTING_LIMIT = _Row(
        _LIMIT, 429, "You have posted as many listings as one day allows. Try again later."
    )
    LISTINGS_RUNNING_LIMIT = _Row(
        _LIMIT, 429, "You have as many listings as there can be. Close or delete some first."
    )
    NAME_LENGTH = _Row(
        "M_INVALID_PARAM", 400, "A display name has 3 to 40 characters. Make it fit and try again."
    )
    NAME_CHARACTERS = _Row(
        "M_INVALID_PARAM",
        400,
        "This name holds characters that cannot be seen or read. Type it anew with letters.",
    )
    NAME_SCRIPTS = _Row(
        "M_INVALID_PARAM",
        400,
        "A word of this name mixes letters of different alphabets. Write it in one of them.",
    )
    NAME_RESERVED = _Row(
        _FORBIDDEN,
        403,
        "This name is kept for the people who run this place, or looks like one of theirs. Choose"
        " another.",
    )
    NAME_POSING = _Row(
        _FORBIDDEN,
        403,
        "This name cannot be told apart from somebody else's who is here. Choose another.",
    )
    BIO_LENGTH = _Row("M_INVALID_PARAM", 400, "A bio has at most 280 characters. Shorten it.")
    WORDS_LENGTH = _Row("M_INVALID_PARAM", 400, "This has at most 30 characters. Shorten it.")
    WORDS_CHARACTERS = _Row(
        "M_INVALID_PARAM",
        400,
        "This holds characters that cannot be seen. Type it anew.",
    )
    INTERESTS_LIMIT = _Row(
        "M_INVALID_PARAM", 400, "A profile shows at most 12 interests. Take some out."
    )
    PLACE_UNKNOWN = _Row(
        "M_INVALID_PARAM", 400, "This place is not known. Choose one that is suggested."
    )
    TIMEZONE_UNKNOWN = _Row(
        "M_INVALID_PARAM", 400, "This time zone is not known. Choose one such as Europe/Oslo."
    )
    FIELD_UNREADABLE = _Row(
        "M_INVALID_PARAM", 400, "It is empty, or not written in a form that can be read here."
    )
    PICTURE_UNREADABLE = _Row(
        "M_INVALID_PARAM", 400, "It cannot be had, or is no whole PNG, JPEG, WebP or GIF picture."
    )
    PICTURE_TOO_LARGE = _Row(
        "M_INVALID_PARAM", 400, "It is too large. Choose a picture with fewer pixels or bytes."
    )
    PICTURE_HELD = _Row(
        _FORBIDDEN, 403, "Staff have to look at it first. It is shown when they say yes."
    )
    PICTURE_REFUSED = _Row(
        _FORBIDDEN, 403, "Staff decided that this picture cannot be shown here."
    )
    PROFILE_HIDDEN = _Row(
        _FORBIDDEN,
        403,
        "Your profile is hidden. Show it again before you make a part of it public.",
    )
    RULES_UNAVAILABLE = _Row(
        "M_UNKNOWN",
        503,
        "The rules for this cannot be checked right now. Nothing was sent; try again in a moment.",
    )

    @property
    def code(self) -> str:
        """The stable code, for example ``friendship_required``."""
        return self.name.lower()

    @property
    def errcode(self) -> str:
        """Matrix errcode of a refusal with this reason."""
        return self.value.errcode

    @property
    def status(self) -> int:
        """HTTP status of a refusal with this reason."""
        return self.value.status

    @property
    def sentence(self) -> str:
        """What the refused person reads."""
        return self.value.sentence


FIELD = "social.kith.reason"
"""Key under which a Matrix error carries the code."""
