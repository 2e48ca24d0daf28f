# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the homeserver's module said, in the words of the rules: same code, same sentence."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from appservice.errors import Denied, HomeserverRefused, KithError, NotFound, Unavailable
from appservice.rest.codes import Code
from policy.reason import Reason

_REASONS = {reason.code: reason for reason in Reason}
_FORBIDDEN, _NOT_FOUND, _TOO_LARGE = 403, 404, 413


def explained(error: HomeserverRefused | Unavailable, *, joined: bool = True) -> KithError:
    """The error a person reads.

    Args:
        error: what the homeserver answered.
        joined: whether the person is in the room; to others a refusal is an empty place.
    """
    reason = _REASONS.get(error.reason or "")
    if isinstance(error, Unavailable):
        return error if reason is None else Denied(reason, error.retry_after_ms)
    if reason is not None:
        return Denied(reason)
    if error.status == _TOO_LARGE:
        return Denied(Reason.TOO_LONG)
    if error.status == _NOT_FOUND or (error.status == _FORBIDDEN and not joined):
        return NotFound()
    if error.status == _FORBIDDEN:
        return Code.HOMESERVER_REFUSED.error(errcode=error.errcode)
    return Code.INVALID.error(errcode=error.errcode)


@asynccontextmanager
async def explaining(*, joined: bool = True) -> AsyncIterator[None]:
    """Say refusals of what is done inside in the words of the rules."""
    try:
        yield
    except (HomeserverRefused, Unavailable) as error:
        raise explained(error, joined=joined) from error
