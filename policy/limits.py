# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every number of the rules in one place, with the defaults of the requirements (D10).

`Rules.from_mapping` reads the operator's overrides; both runtimes read the same mapping, so that
a module and the REST API can never disagree about a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, Self, get_args, get_origin

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
"""Seconds. "A day" in a cap is a sliding 24 hours (D33)."""


class RulesError(ValueError):
    """The operator's rules cannot be used; the message names the key and what it takes."""


class _Section:
    """A group of numbers that can be overridden by name."""

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any], path: str = "rules") -> Self:
        """Defaults, overridden by ``values``.

        Raises:
            RulesError: for an unknown key, a wrong type or a number below zero.
        """
        known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
        section = cls()
        changes: dict[str, Any] = {}
        for key, value in values.items():
            if key not in known:
                raise RulesError(f"{path}.{key} is not a rule; known: {', '.join(known)}")
            changes[key] = _checked(getattr(section, key), known[key].type, value, f"{path}.{key}")
        return replace(section, **changes)  # type: ignore[type-var]


def _checked(default: Any, kind: Any, value: Any, path: str) -> Any:
    if isinstance(default, _Section):
        if not isinstance(value, Mapping):
            raise RulesError(f"{path} takes a group of settings")
        return type(default).from_mapping(value, path)
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise RulesError(f"{path} takes one of: {', '.join(get_args(kind))}")
        return value
    if type(value) is not type(default) or (isinstance(value, int) and value < 0):
        raise RulesError(
            f"{path} takes {'true or false' if default in (True, False) else 'a number from 0'}"
        )
    return value


@dataclass(frozen=True, slots=True)
class DmRules(_Section):
    """Direct messages (D3, D5, D16)."""

    require_friendship: bool = True
    encryption: Literal["allow", "deny"] = "allow"
    group_limit: int = 10


@dataclass(frozen=True, slots=True)
class RequestRules(_Section):
    """Friend requests (F1, F2, D39). Times in seconds."""

    note_length: int = 140
    expire_after: int = 30 * DAY
    per_day: int = 20
    per_day_new: int = 5
    open: int = 50
    open_new: int = 10
    ask_again_after: int = 30 * DAY
    asks_per_pair: int = 3
    refused_of_last: int = 10
    last_considered: int = 20
    suspension: int = 7 * DAY


@dataclass(frozen=True, slots=True)
class RateRules(_Section):
    """Rates of one person over all rooms (D23, M7)."""

    messages_per_minute: int = 10
    messages_per_hour: int = 100
    reactions_per_minute: int = 30
    edits_per_minute: int = 10
    redactions_per_minute: int = 30
    calls_per_minute: int = 120
    staff_factor: int = 10


@dataclass(frozen=True, slots=True)
class MessageRules(_Section):
    """How long a message may be (M2): code points of its text, bytes of its HTML."""

    characters: int = 4_000
    formatted_bytes: int = 16_384


@dataclass(frozen=True, slots=True)
class SlowModeRules(_Section):
    """Slow mode (D4, D22). Longest in seconds; factors multiply a room's seconds."""

    longest: int = 21_600
    new_factor: int = 2


@dataclass(frozen=True, slots=True)
class RoomRules(_Section):
    """Creating rooms (D4, D11)."""

    forums_per_day: int = 3
    servers_per_day: int = 3
    forum_messages: int = 10
    forum_active_days: int = 7


@dataclass(frozen=True, slots=True)
class ListingRules(_Section):
    """Listings of one person (S3): within a day, and at a time; less while they are new."""

    per_day: int = 20
    per_day_new: int = 3
    running: int = 200
    running_new: int = 10


@dataclass(frozen=True, slots=True)
class PrivacyRules(_Section):
    """Archives of one's own data, and deleting one's account (D32). Times in seconds.

    Attributes:
        exports_per_day: archives a person may ask for.
        exports_kept: how long one stays.
        erasure_grace: from asking to the deletion; until then it can be cancelled.
        erasure_link: how long the link to the proof opens it, once all is done.
        proofs_kept: how long the operator keeps the proof.
    """

    exports_per_day: int = 3
    exports_kept: int = 7 * DAY
    erasure_grace: int = 14 * DAY
    erasure_link: int = 7 * DAY
    proofs_kept: int = 730 * DAY


@dataclass(frozen=True, slots=True)
class FederationRules(_Section):
    """Rooms and people of other servers (D29)."""

    foreign_rooms: Literal["allow", "staff", "deny"] = "allow"


@dataclass(frozen=True, slots=True)
class Rules(_Section):
    """All numbers and switches of an instance."""

    dm: DmRules = field(default_factory=DmRules)
    requests: RequestRules = field(default_factory=RequestRules)
    rates: RateRules = field(default_factory=RateRules)
    messages: MessageRules = field(default_factory=MessageRules)
    slow_mode: SlowModeRules = field(default_factory=SlowModeRules)
    rooms: RoomRules = field(default_factory=RoomRules)
    listings: ListingRules = field(default_factory=ListingRules)
    privacy: PrivacyRules = field(default_factory=PrivacyRules)
    federation: FederationRules = field(default_factory=FederationRules)
