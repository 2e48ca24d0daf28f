# SPDX-License-Identifier: AGPL-3.0-or-later
"""A verdict in Synapse's words: NOT_SPAM, a tuple, an exception or a bool.

Every refusal carries `social.kith.reason`; which form it takes depends on who asked and on what
Synapse does with the answer.
"""

from http import HTTPStatus
from typing import Any

from synapse.module_api import NOT_SPAM
from synapse.module_api.errors import Codes, SynapseError

from policy.reason import FIELD
from policy.verdict import Deny, Verdict


def refusal(deny: Deny) -> SynapseError:
    """The error a local client reads, with status, sentence, reason and time to wait."""
    reason = deny.reason
    fields: dict[str, Any] = {FIELD: reason.code}
    headers = None
    if deny.retry_after_ms is not None:
        fields["retry_after_ms"] = deny.retry_after_ms
        headers = {"Retry-After": str(-(-deny.retry_after_ms // 1000))}
    return SynapseError(reason.status, reason.sentence, reason.errcode, fields, headers)


def bad_request(sentence: str) -> SynapseError:
    """The error for a body that is not what the specification says."""
    return SynapseError(HTTPStatus.BAD_REQUEST, sentence, Codes.BAD_JSON)


def returned(deny: Deny) -> tuple[Codes, dict[str, Any]]:
    """The refusal as a value, for senders of other servers: nothing may be raised for them."""
    reason = deny.reason
    # Synapse puts its own sentence first; a field called `error` replaces it.
    return Codes.FORBIDDEN, {"error": reason.sentence, FIELD: reason.code}


def answered(verdict: Verdict, *, remote: bool) -> Any:
    """What a spam-checker callback returns.

    Raises:
        SynapseError: a denial of somebody local; Synapse passes it to the client as it is.
    """
    if not isinstance(verdict, Deny):
        return NOT_SPAM
    if remote:
        return returned(verdict)
    raise refusal(verdict)


def permitted(verdict: Verdict, *, remote: bool) -> bool:
    """What a callback returns that Synapse asks for a bool; an exception there would permit."""
    del remote
    return not isinstance(verdict, Deny)
