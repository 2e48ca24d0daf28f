# SPDX-License-Identifier: AGPL-3.0-or-later
"""What kind a room is, what may be created, and when a room is read-only (D5, D11, D15, D24)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from policy.invites import not_friends
from policy.limits import Rules
from policy.person import Person, Relationship, Trust
from policy.reason import Reason
from policy.verdict import ALLOW, Deny, Verdict

STAMP = "social.kith.kind"
"""Key in the content of ``m.room.create`` under which Kith writes a local room's kind (D11)."""


class RoomKind(StrEnum):
    """The kinds of Kith's registry (D11)."""

    SERVER = "server"
    CHANNEL = "channel"
    FORUM = "forum"
    CIRCLE = "circle"
    DM = "dm"
    FOREIGN = "foreign"

    @property
    def moderated(self) -> bool:
        """Whether content rules hold here, so that encryption is refused (D5)."""
        return self in (RoomKind.SERVER, RoomKind.CHANNEL, RoomKind.FORUM, RoomKind.CIRCLE)


@dataclass(frozen=True, slots=True)
class Room:
    """One room as the rules see it.

    Attributes:
        room_id: opaque id.
        kind: from the registry; a local room nobody registered yet is a DM.
        people: for a DM, everybody who ever joined, programs left out; two make a 1:1, three a
            group for good (D16). Empty for other kinds.
        read_only: archived, or an ended circle.
        slow_mode: seconds between messages of one person; 0 is off.
        managers: who may manage messages here, beside staff.
        kept: a 1:1 from before Kith came, open without friendship until the two were friends
            once (D41).
        admin: of a group, who leads it (D16); None where nobody does, as in a 1:1.
        min_trust: what it asks of who joins (D20).
    """

    room_id: str
    kind: RoomKind = RoomKind.DM
    people: frozenset[str] = frozenset()
    read_only: bool = False
    slow_mode: int = 0
    managers: frozenset[str] = frozenset()
    kept: bool = False
    admin: str | None = None
    min_trust: Trust = Trust.NEW

    @property
    def one_to_one(self) -> tuple[str, str] | None:
        """The two people of a 1:1, low id first; None for a group, or while somebody is alone."""
        if self.kind is not RoomKind.DM or len(self.people) != 2:  # noqa: PLR2004 - a pair is two
            return None
        low, high = sorted(self.people)
        return low, high


def may_join(room: Room, person: Person) -> Verdict:
    """Whether somebody is trusted enough for a room, invited or not (D20, L1)."""
    trusted = person.trust >= room.min_trust or person.staff or person.automatic
    return ALLOW if trusted or person.user_id in room.managers else Deny(Reason.TRUST_REQUIRED)


def may_write_to(relationship: Relationship, rules: Rules, *, kept: bool = False) -> Verdict:
    """Whether the acting one of a 1:1 may write to the other: every event, state included (D24).

    The blocked person hears what a stranger hears; only the blocker is told of the block (D17).

    Args:
        relationship: seen from the acting one.
        rules: the operator's numbers.
        kept: as `Room.kept`.
    """
    if not is_frozen(relationship, rules, kept=kept):
        return ALLOW
    if relationship.i_block:
        return Deny(Reason.BLOCKED)
    if not rules.dm.require_friendship:
        return Deny(Reason.DM_POLICY)
    if relationship.they_block:
        # Only what the blocked person knows themselves may be in the answer.
        return Deny(not_friends(Relationship(i_asked=relationship.i_asked)))
    return Deny(not_friends(relationship))


def is_frozen(relationship: Relationship, rules: Rules, *, kept: bool = False) -> bool:
    """Whether the 1:1 of two people is read-only (D15); a kept one needs no friends (D41)."""
    befriended = relationship.friends or kept or not rules.dm.require_friendship
    return relationship.separated or not befriended


def requested_kind(request: Mapping[str, Any]) -> RoomKind:
    """The kind a person's ``createRoom`` body asks for (D11).

    Args:
        request: the body of ``POST /createRoom``, not yet trusted.
    """
    content = request.get("creation_content")
    if isinstance(content, Mapping) and content.get("type") == "m.space":
        return RoomKind.SERVER
    # The key alone makes Synapse give an alias, an empty one too.
    if request.get("visibility") == "public" or "room_alias_name" in request:
        return RoomKind.FORUM
    if request.get("preset") == "public_chat" and _initial(request, "m.room.join_rules") is None:
        return RoomKind.FORUM
    rule = _initial(request, "m.room.join_rules")
    if rule is not None and rule.get("join_rule") != "invite":
        return RoomKind.FORUM
    if _initial(request, "m.room.canonical_alias") is not None:
        return RoomKind.FORUM
    return RoomKind.DM


def _initial(request: Mapping[str, Any], event_type: str) -> Mapping[str, Any] | None:
    """The last content of that type with an empty state key; Synapse lets the last one win."""
    found: Mapping[str, Any] | None = None
    for event in _initial_events(request):
        if event.get("type") == event_type and event.get("state_key", "") == "":
            content = event.get("content")
            found = content if isinstance(content, Mapping) else {}
    return found


def _initial_events(request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    events = request.get("initial_state")
    for event in events if isinstance(events, list) else ():
        if isinstance(event, Mapping):
            yield event


def smuggled_invites(request: Mapping[str, Any]) -> Verdict:
    """Whether ``createRoom`` brings people in past the invite list, which alone is judged.

    Synapse writes a membership event of ``initial_state`` as it stands and asks no module.
    """
    if request.get("invite_3pid"):
        return Deny(Reason.EMAIL_INVITES_CLOSED)
    for event in _initial_events(request):
        if event.get("type") == "m.room.third_party_invite":
            return Deny(Reason.EMAIL_INVITES_CLOSED)
        if event.get("type") == "m.room.member":
            return Deny(Reason.ROOM_SHAPE)
    return ALLOW


def asks_for_encryption(request: Mapping[str, Any]) -> bool:
    """Whether the room would be encrypted from its first event."""
    return _initial(request, "m.room.encryption") is not None


def may_create(person: Person, kind: RoomKind, rules: Rules, *, encrypted: bool) -> Verdict:
    """Whether this account may create a room of that kind; daily caps are counted apart."""
    if not person.may_create_rooms:
        return Deny(Reason.CREATION_SUSPENDED)
    if encrypted and (kind.moderated or rules.dm.encryption == "deny"):
        return Deny(Reason.ENCRYPTION_FORBIDDEN)
    if kind is RoomKind.FORUM and not person.staff:
        enough = (
            person.messages >= rules.rooms.forum_messages
            and person.active_days >= rules.rooms.forum_active_days
        )
        if not enough:
            return Deny(Reason.FORUM_TRUST)
    return ALLOW


_DM_FORBIDDEN_STATE = frozenset(
    {"m.room.canonical_alias", "m.room.third_party_invite", "m.space.child"}
)


def may_set_state(
    room: Room, event_type: str, content: Mapping[str, Any], rules: Rules
) -> Verdict:
    """Whether the room keeps its shape when this state event is accepted (D5, D11)."""
    if event_type == "m.room.encryption":
        denied = room.kind.moderated or (
            room.kind is RoomKind.DM and rules.dm.encryption == "deny"
        )
        return Deny(Reason.ENCRYPTION_FORBIDDEN) if denied else ALLOW
    if event_type == "m.room.third_party_invite":
        return Deny(Reason.EMAIL_INVITES_CLOSED)
    if room.kind is not RoomKind.DM:
        return ALLOW
    opens = (
        # Empty content takes away what somebody put there before.
        (event_type in _DM_FORBIDDEN_STATE and bool(content))
        or (event_type == "m.room.join_rules" and content.get("join_rule") != "invite")
        or (event_type == "m.room.guest_access" and content.get("guest_access") == "can_join")
        or (
            event_type == "m.room.history_visibility"
            and content.get("history_visibility") == "world_readable"
        )
    )
    return Deny(Reason.ROOM_SHAPE) if opens else ALLOW
