# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything a use case may raise. Doors translate it once, in one middleware.

KithError               code, HTTP status, sentence, details
├── Denied              a rule of `policy` said no (its Reason, perhaps retry_after_ms)
├── Invalid             400: what was sent cannot be used
├── Unauthenticated     401: nobody, or nobody known, is asking
├── NotFound            404: nothing here, or nothing this reader may know of
├── Conflict            409: the state of things has moved on
├── HomeserverRefused   the homeserver answered no; asking again would change nothing
└── Unavailable         503: a part is away or busy; asking again later may succeed
"""
# ruff: noqa: N818 - the names say what happened; doors translate them, nobody reads tracebacks

from collections.abc import Mapping
from typing import Any

from policy.reason import Reason
from policy.verdict import Deny


class KithError(Exception):
    """Base of the tree.

    Attributes:
        code: stable word for programs (D8).
        status: HTTP status of the answer.
        sentence: what the person reads.
        details: further fields, never secrets.
    """

    def __init__(
        self, code: str, status: int, sentence: str, details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.status = status
        self.sentence = sentence
        self.details: dict[str, Any] = dict(details or {})


class Denied(KithError):
    """A rule said no."""

    def __init__(
        self,
        reason: Reason,
        retry_after_ms: int | None = None,
        *,
        status: int | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(reason.code, status or reason.status, reason.sentence, details)
        self.reason = reason
        self.retry_after_ms = retry_after_ms

    @classmethod
    def by(cls, verdict: Deny) -> "Denied":
        """The error for a rule's verdict."""
        return cls(verdict.reason, verdict.retry_after_ms)


class Invalid(KithError):
    """What was sent cannot be used."""

    def __init__(
        self, sentence: str, *, code: str = "invalid", details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(code, 400, sentence, details)


class Unauthenticated(KithError):
    """Nobody known is asking."""

    def __init__(self, sentence: str = "Sign in first.", *, code: str = "unauthenticated") -> None:
        super().__init__(code, 401, sentence)


class NotFound(KithError):
    """Nothing here, or nothing this reader may know of."""

    def __init__(self, sentence: str = Reason.NOT_FOUND.sentence) -> None:
        super().__init__("not_found", 404, sentence)


class Conflict(KithError):
    """The state of things has moved on."""

    def __init__(
        self, code: str, sentence: str, *, details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(code, 409, sentence, details)


class HomeserverRefused(KithError):
    """A final no of the homeserver.

    Attributes:
        errcode: Matrix errcode, ``M_UNKNOWN`` when it sent none.
        reason: Kith's own code when one of our modules refused (`policy.reason.FIELD`).
    """

    def __init__(self, status: int, errcode: str, sentence: str, reason: str | None) -> None:
        super().__init__(reason or "homeserver_refused", status, sentence, {"errcode": errcode})
        self.errcode = errcode
        self.reason = reason


class Unavailable(KithError):
    """A part is away or too busy.

    Attributes:
        part: ``homeserver``, ``database`` or ``redis``; the code is ``<part>_unavailable``.
        retry_after_ms: when to ask again, if the part said so.
        reason: Kith's own code when one of our modules said so (slow mode, rates).
    """

    def __init__(
        self, part: str, retry_after_ms: int | None = None, reason: str | None = None
    ) -> None:
        super().__init__(
            f"{part}_unavailable", 503, f"The {part} does not answer. Try again in a moment."
        )
        self.part = part
        self.retry_after_ms = retry_after_ms
        self.reason = reason
