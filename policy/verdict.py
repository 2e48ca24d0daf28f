# SPDX-License-Identifier: AGPL-3.0-or-later
"""The answer a rule gives: allow, flag or deny, ordered by severity and mergeable."""

from collections.abc import Iterable
from dataclasses import dataclass

from policy.reason import Reason


@dataclass(frozen=True, slots=True)
class Allow:
    """Nothing stands against it."""


@dataclass(frozen=True, slots=True)
class Flag:
    """It happens, and somebody should look at it."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Deny:
    """It does not happen.

    Attributes:
        reason: why, as every surface will say it.
        retry_after_ms: milliseconds after which the same act may succeed; None when waiting does
            not help.
    """

    reason: Reason
    retry_after_ms: int | None = None


Verdict = Allow | Flag | Deny

ALLOW = Allow()


def merge(verdicts: Iterable[Verdict]) -> Verdict:
    """The most severe verdict; the first denial wins, all flags are kept."""
    flags: list[Reason] = []
    for verdict in verdicts:
        if isinstance(verdict, Deny):
            return verdict
        if isinstance(verdict, Flag):
            flags.extend(verdict.reasons)
    return Flag(tuple(dict.fromkeys(flags))) if flags else ALLOW
