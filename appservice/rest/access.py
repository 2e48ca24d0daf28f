# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is asking, and who may: the vocabulary every route declares itself in."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from aiohttp import web

from policy.ids import UserId


class Access(Enum):
    """Who may call a route. The text stands in the API description."""

    PUBLIC = "Anybody, signed in or not."
    SIGNED_IN = "Anybody signed in, people of other homeservers included."
    LOCAL = "Signed-in people of this homeserver."
    STAFF = "Staff of this instance."
    SETUP_LINK = "Whoever holds an unused set-up link."
    OPERATOR = "This machine, or whoever holds the metrics token."


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody known.

    Attributes:
        user_id: Matrix user id.
        local: has the account here.
        staff: role in Kith's staff table, None for everybody else.
        csrf_token: what an unsafe request must repeat, because a browser sends the credential by
            itself; None when the credential was sent on purpose (D7).
        session: hash of the session behind the request; None for a Matrix access token.
    """

    user_id: UserId
    local: bool
    staff: str | None = None
    csrf_token: str | None = None
    session: bytes | None = None


class Authenticator(Protocol):
    """Finds out who sent a request."""

    async def identify(self, request: web.Request) -> Caller | None:
        """The caller, or None when the request carries no credential.

        Raises:
            Unauthenticated: it carries one that is not, or no longer, good.
            Unavailable: it cannot be checked right now.
        """


def admits(access: Access, caller: Caller | None) -> bool:
    """Whether the caller is of the kind the route asks for; special doors check themselves."""
    if access in (Access.PUBLIC, Access.SETUP_LINK, Access.OPERATOR):
        return True
    if caller is None:
        return False
    return {
        Access.SIGNED_IN: True,
        Access.LOCAL: caller.local,
        Access.STAFF: caller.staff is not None,
    }[access]
