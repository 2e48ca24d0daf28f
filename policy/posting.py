# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often a person may send, and what each kind of event costs (D22, D23, M7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from policy.limits import HOUR, MINUTE, Rules
from policy.person import Person, PersonKind, Trust
from policy.reason import Reason
from policy.rooms import Room, RoomKind


class Act(StrEnum):
    """What an event is to the rates."""

    MESSAGE = "message"
    REACTION = "reaction"
    EDIT = "edit"
    REDACTION = "redaction"
    CALL = "call"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Window:
    """At most ``count`` charges within ``seconds``; both positive."""

    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Charge:
    """One counter to check and charge.

    Attributes:
        key: counter name, stable across processes.
        windows: every one of which must have room.
        reason: what the person reads when one has not.
    """

    key: str
    windows: tuple[Window, ...]
    reason: Reason


_PLAIN = {"m.reaction": Act.REACTION, "m.room.redaction": Act.REDACTION}
_CALL_PREFIXES = ("m.call.", "org.matrix.msc3401.call")


def act_of(event_type: str, content: Mapping[str, Any], *, is_state: bool) -> Act:
    """Which rate an event falls under. An encrypted event's relation is read from outside."""
    if event_type in _PLAIN:
        return _PLAIN[event_type]
    if event_type.startswith(_CALL_PREFIXES):
        return Act.CALL
    if is_state:
        return Act.FREE
    relation = content.get("m.relates_to")
    if isinstance(relation, Mapping) and relation.get("rel_type") == "m.replace":
        return Act.EDIT
    if event_type.endswith((".poll.response", ".poll.end")):
        return Act.REACTION
    # Every other timeline event a client can invent weighs as a message: a custom type must not
    # be the way round the rate.
    return Act.MESSAGE


def slow_mode_seconds(room: Room, person: Person, rules: Rules) -> int:
    """Seconds this person waits between messages in this room; 0 for none (D22)."""
    if room.kind is RoomKind.DM or room.slow_mode <= 0:
        return 0
    if person.automatic or person.staff or person.user_id in room.managers:
        return 0
    if person.trust is Trust.TRUSTED:
        return 0
    seconds = min(room.slow_mode, rules.slow_mode.longest)
    return seconds * rules.slow_mode.new_factor if person.trust is Trust.NEW else seconds


def charges(act: Act, person: Person, room: Room, rules: Rules) -> tuple[Charge, ...]:
    """The counters an act is charged to, all or none. The service user pays nothing (D23)."""
    if act is Act.FREE or person.kind is PersonKind.SERVICE:
        return ()
    manages = person.staff or person.user_id in room.managers
    if act is Act.REDACTION and manages:
        return ()
    factor = rules.rates.staff_factor if person.staff or person.automatic else 1
    windows = tuple(Window(w.count * factor, w.seconds) for w in _windows(act, rules))
    found = [Charge(f"{act}:{person.user_id}", windows, Reason.RATE_LIMIT)]
    wait = slow_mode_seconds(room, person, rules) if act is Act.MESSAGE else 0
    if wait:
        key = f"slow:{room.room_id}:{person.user_id}"
        found.insert(0, Charge(key, (Window(1, wait),), Reason.SLOW_MODE))
    return tuple(found)


def _windows(act: Act, rules: Rules) -> tuple[Window, ...]:
    rates = rules.rates
    minute = {
        Act.MESSAGE: rates.messages_per_minute,
        Act.REACTION: rates.reactions_per_minute,
        Act.EDIT: rates.edits_per_minute,
        Act.REDACTION: rates.redactions_per_minute,
        Act.CALL: rates.calls_per_minute,
    }[act]
    if act is Act.MESSAGE:
        return Window(minute, MINUTE), Window(rates.messages_per_hour, HOUR)
    return (Window(minute, MINUTE),)


def wait_ms(stamps: list[int], windows: tuple[Window, ...], now_ms: int) -> int:
    """Milliseconds until one more charge fits; 0 when it fits now.

    Args:
        stamps: times in ms of earlier charges, oldest first; may hold ones outside every window.
        windows: all of which must have room.
        now_ms: the present, in the same clock as the stamps.
    """
    longest = 0
    for window in windows:
        span = window.seconds * 1000
        if window.count == 0:
            longest = max(longest, span)
        elif len(stamps) >= window.count:
            # Only this one decides: it must have left the window before another fits.
            longest = max(longest, stamps[-window.count] + span - now_ms)
    return longest
