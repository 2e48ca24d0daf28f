# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one person may do in a room now, from facts alone. Pure."""

from dataclasses import dataclass
from datetime import datetime

from appservice.clock import epoch_ms
from appservice.rooms.store import Seen
from policy.limits import Rules
from policy.person import Person
from policy.posting import slow_mode_seconds
from policy.reason import Reason
from policy.rooms import RoomKind, may_write_to
from policy.verdict import Deny

NOT_JOINED = "not_joined"
NO_POWER = "no_power"
"""Codes of why one cannot write that are no refusal of a rule."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do in a room."""

    send: bool = False
    remove_others: bool = False
    pin: bool = False
    notify_room: bool = False
    invite: bool = False
    rename: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A room as one person sees it now.

    Attributes:
        name: of the room; of a 1:1 without one, the other person's.
        read_only_reason: code that says why one cannot write; None when one can.
        slow_mode: seconds between one's own messages; 0 for none.
        slow_mode_until: until when the next one waits (ms since 1970), if it does.
    """

    seen: Seen
    name: str | None
    avatar_url: str | None
    read_only_reason: str | None
    can: Rights
    trust: int
    slow_mode: int
    slow_mode_until: int | None
    online_count: int


def closed_to(seen: Seen, me: Person, rules: Rules) -> Reason | None:
    """The rule that keeps somebody from writing (D15, D24)."""
    if seen.rule.read_only and not _manages(seen, me):
        return Reason.READ_ONLY
    if seen.relation is None:
        return None
    verdict = may_write_to(seen.relation, rules, kept=seen.rule.kept)
    return verdict.reason if isinstance(verdict, Deny) else None


def title_of(seen: Seen) -> str | None:
    """What a room is called; a 1:1 without a name as the other person."""
    return seen.name or seen.other_name or seen.other_id


def picture_of(seen: Seen) -> str | None:
    """The picture of a room; of a 1:1 without one, the other person's."""
    return seen.avatar_url or seen.other_avatar


def view(
    seen: Seen, me: Person, rules: Rules, *, spoke: int | None, online: int, now: datetime
) -> View:
    """Put it together.

    Args:
        seen: the room.
        me: who looks.
        rules: the operator's numbers.
        spoke: when they last wrote in it, ms since 1970.
        online: how many have it open.
        now: the present.
    """
    closed = closed_to(seen, me, rules)
    powers, user = seen.powers, me.user_id
    open_to_me = seen.joined and closed is None
    send = open_to_me and powers.may_send(user, "m.room.message")
    if seen.joined and (send or closed is not None):
        why = closed.code if closed else None
    else:
        why = NO_POWER if seen.joined else NOT_JOINED
    wait = slow_mode_seconds(seen.rule, me, rules)
    until = spoke + wait * 1000 if wait and spoke is not None else None
    direct = seen.other_id is not None
    return View(
        seen=seen,
        name=title_of(seen),
        avatar_url=picture_of(seen),
        read_only_reason=why,
        can=Rights(
            send=send,
            remove_others=open_to_me and powers.may(user, "redact"),
            pin=open_to_me and powers.may_send(user, "m.room.pinned_events", state=True),
            notify_room=open_to_me and powers.may_notify(user),
            invite=open_to_me and powers.may(user, "invite"),
            rename=open_to_me and not direct and _names(seen, user),
        ),
        trust=me.trust.value,
        slow_mode=wait,
        slow_mode_until=until if until is not None and until > epoch_ms(now) else None,
        online_count=online,
    )


def _names(seen: Seen, user: str) -> bool:
    return seen.powers.may_send(user, "m.room.name", state=True)


def _manages(seen: Seen, me: Person) -> bool:
    # In a DM nobody ranks above the other (D24).
    return seen.kind is not RoomKind.DM and (me.staff or me.user_id in seen.rule.managers)
