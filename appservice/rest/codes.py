# SPDX-License-Identifier: AGPL-3.0-or-later
"""Error codes that only the REST door gives; those of the rules stand in `policy.reason`."""

from enum import Enum

from appservice.errors import KithError
from policy.reason import Reason


class Code(Enum):
    """A stable code with its HTTP status and sentence."""

    BAD_JSON = (400, "The body is not JSON.")
    INVALID = (400, "Something in the request cannot be used; the details name it.")
    UNAUTHENTICATED = (401, "Sign in first.")
    BAD_CREDENTIALS = (401, "The name or the password is wrong.")
    WRONG_PASSWORD = (403, "The password is wrong.")
    NOT_CONFIRMED = (
        403,
        "Give your password. Without one: sign in, and type your Matrix id within ten minutes.",
    )
    CSRF = (403, "The header X-CSRF-Token is missing or old. Load the page again.")
    FORBIDDEN = (403, "This is not for your account.")
    LOCAL_ONLY = (403, "This is only for people of this homeserver.")
    LIST_HIDDEN = (403, "This list is not shown to you.")
    REGISTRATION_CLOSED = (403, "New accounts are made by the operator only.")
    TOKEN_REQUIRED = (403, "Signing up here needs a registration token that is still good.")
    NAME_TAKEN = (409, "Somebody has this name already. Choose another.")
    TITLE_TAKEN = (409, "You have one with this title already. Choose another title.")
    QUICK_REPLIES_FULL = (409, "You keep as many quick replies as there can be. Delete one first.")
    SEARCHES_FULL = (409, "You keep as many searches as there can be. Delete one first.")
    LISTING_CHANGED = (409, "This listing has been changed meanwhile. Load it again.")
    LISTING_STATUS = (409, "A listing cannot go from what it is to that. Load it again.")
    CARD_UNAVAILABLE = (409, "This is not yours to show, or it is no longer there.")
    CLOSED_BY_STAFF = (403, "A moderator has closed this listing. It cannot be opened again.")
    UNKNOWN_IMAGE = (400, "One of the pictures is not yours, or not ready. Upload it again.")
    NOT_A_GROUP = (409, "This is a conversation of two. Open a new group for more people.")
    NOT_JOINED = (409, "This person has not joined the group yet. Wait until they have.")
    ANSWERED = (409, "You are in this conversation already. You can leave it.")
    EXPORT_RUNNING = (409, "An archive of yours is being made. Wait for it, or take it back.")
    EXPORT_NOT_READY = (409, "This archive is not made yet. Look how far it is.")
    PROFILE_CHANGED = (409, "This profile was changed elsewhere. Load it and try again.")
    ERASURE_RUNNING = (
        409,
        "The account is being deleted already; nothing can stop that any more.",
    )
    LINK_USED = (403, "This link has been used or is too old. Ask the operator for a new one.")
    REMINDED = (409, "You have reminded this person already.")
    TOO_EARLY = (409, "A reminder is possible three days after the request.")
    # The rules' own codes, which open a conversation only after a friend request: a conflict that
    # can be resolved, not a no.
    FRIENDSHIP_REQUIRED = (409, Reason.FRIENDSHIP_REQUIRED.sentence)
    REQUEST_PENDING = (409, Reason.REQUEST_PENDING.sentence)
    REQUEST_RECEIVED = (409, Reason.REQUEST_RECEIVED.sentence)
    TOO_MANY_PINS = (409, "100 messages are pinned already. Unpin one first.")
    HOMESERVER_REFUSED = (403, "The homeserver refused.")
    METHOD_NOT_ALLOWED = (405, "This address does not take that method.")
    TOO_LARGE = (413, "The body is larger than this address takes.")
    BROKEN_IMAGE = (400, "This picture is damaged or cut off.")
    IMAGE_TOO_LARGE = (413, "This picture has too many pixels. Make it smaller and try again.")
    IMAGE_TOO_SMALL = (400, "This picture is too small. Choose one of at least 512 x 512 pixels.")
    NOT_A_PICTURE = (400, "This is no PNG, JPEG, WebP or GIF picture.")
    PICTURE_MOVED_ON = (409, "This picture is not at that step. Look how far it is.")
    ENCRYPTED_MEDIA = (404, "This file is encrypted. Open it in a Matrix client.")
    PREVIEWS_OFF = (404, "Link previews are switched off here.")
    RANGE_NOT_SATISFIABLE = (416, "The file has no such part.")
    UPLOADS_BUSY = (503, "Too many files are coming in just now. Try again in a moment.")
    UNSUPPORTED_TYPE = (415, "Send the body as application/json.")
    TOO_MANY_REQUESTS = (429, "Too many requests. Wait a moment.")
    INTERNAL = (500, "Something went wrong here. It has been noted.")
    HOMESERVER_UNAVAILABLE = (503, "The homeserver does not answer. Try again in a moment.")
    DATABASE_UNAVAILABLE = (503, "The database does not answer. Try again in a moment.")
    REDIS_UNAVAILABLE = (503, "The live connection cannot be set up now. Try again in a moment.")
    TIMEOUT = (503, "This took too long and was given up. Try again in a moment.")

    @property
    def code(self) -> str:
        """The word on the wire."""
        return self.name.lower()

    @property
    def status(self) -> int:
        """HTTP status."""
        return self.value[0]

    @property
    def sentence(self) -> str:
        """What the person reads."""
        return self.value[1]

    def error(self, sentence: str | None = None, **details: object) -> KithError:
        """An error with this code, to be raised."""
        return KithError(self.code, self.status, sentence or self.sentence, details)
