# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a run of events changes, folded so that each table is written once. Pure, no database.

Later events of a run win over earlier ones; the statements decide against what is stored.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from appservice.clock import epoch_ms
from appservice.homeserver.event import Event, is_user_id
from appservice.registry.talk import accepted, active, answered, command, plain_text
from appservice.text import one_line
from policy.ids import is_local
from policy.powers import cleaned, creators_rule
from policy.rooms import STAMP, RoomKind
from schema.events import REMOTE_INVITES, SLOW_MODE

_LONGEST_NAME = 255
_LONGEST_TOPIC = 1000
_DEFAULT_MODERATION = 50
_SIGHTS = frozenset({"invited", "joined", "shared", "world_readable"})
MEMBERSHIPS = frozenset({"invite", "join", "knock", "leave", "ban"})


@dataclass(frozen=True, slots=True)
class NewRoom:
    """A room whose create event is in the run."""

    kind: RoomKind
    creator: str
    local: bool
    version: str
    predecessor: str | None
    managers: tuple[str, ...]
    creators: tuple[str, ...]
    ts: int


@dataclass(frozen=True, slots=True)
class Member:
    """The newest membership of one person in one room.

    Attributes:
        placed: whether `ordering` is Synapse's position and not a time.
        late: whether it was found afterwards, so that what is known may be newer.
    """

    membership: str
    sender: str
    event_id: str
    ordering: int
    ts: int
    placed: bool = True
    late: bool = False


@dataclass(slots=True)
class Batch:
    """The folded run."""

    server_name: str
    service_user: str
    now: datetime
    kinds: Mapping[str, RoomKind] = field(default_factory=dict)
    """What is known of rooms made before Kith came, whose create events say nothing (D41)."""
    people: set[str] = field(default_factory=set)
    profiles: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    room_ids: set[str] = field(default_factory=set)
    created: dict[str, NewRoom] = field(default_factory=dict)
    names: dict[str, str | None] = field(default_factory=dict)
    topics: dict[str, str | None] = field(default_factory=dict)
    avatars: dict[str, str | None] = field(default_factory=dict)
    sights: dict[str, str] = field(default_factory=dict)
    powers: dict[str, dict[str, Any]] = field(default_factory=dict)
    encrypted: set[str] = field(default_factory=set)
    managers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    successors: dict[str, str] = field(default_factory=dict)
    slow_modes: dict[str, int] = field(default_factory=dict)
    members: dict[tuple[str, str], Member] = field(default_factory=dict)
    joined: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    invites: list[Event] = field(default_factory=list)
    bans: list[Event] = field(default_factory=list)
    half_made: list[Event] = field(default_factory=list)
    last: dict[str, int] = field(default_factory=dict)
    messages: Counter[tuple[str, str]] = field(default_factory=Counter)
    days: set[tuple[str, date]] = field(default_factory=set)
    commands: list[tuple[Event, str]] = field(default_factory=list)
    answers: list[tuple[Event, str, str]] = field(default_factory=list)
    texts: list[tuple[Event, str]] = field(default_factory=list)
    history: int = 0

    def moment(self, ts: int) -> datetime:
        """The time of an event; a claim of the future or of before 1970 is not believed."""
        return datetime.fromtimestamp(min(max(ts, 0), epoch_ms(self.now)) / 1000, UTC)

    def fold(self, events: Iterable[Event]) -> "Batch":
        """Take the events in their order."""
        for event in events:
            self.people.add(event.sender)
            self.room_ids.add(event.room_id)
            if event.state_key is None:
                self._talk(event)
            elif event.type in _STATE:
                _STATE[event.type](self, event)
        return self

    def leave_alone(self, history: int) -> None:
        """Let nothing follow from events up to a position."""
        self.history = history
        self.invites = [event for event in self.invites if event.ordering > history]
        self.bans = [event for event in self.bans if event.ordering > history]
        self.half_made = [event for event in self.half_made if event.ordering > history]
        self.commands = [found for found in self.commands if found[0].ordering > history]
        self.answers = [found for found in self.answers if found[0].ordering > history]

    def _talk(self, event: Event) -> None:
        self.last[event.room_id] = max(event.ts, self.last.get(event.room_id, 0))
        if event.sender == self.service_user:
            return
        if active(event):
            self.days.add((event.sender, self.moment(event.ts).date()))
        asked = command(event)
        if asked is not None:
            self.commands.append((event, asked))
            return
        found = answered(event)
        if found is not None:
            self.answers.append((event, *found))
        text = plain_text(event)
        if text is not None:
            self.texts.append((event, text))
        if accepted(event):
            self.messages[event.room_id, event.sender] += 1

    def _create(self, event: Event) -> None:
        local = is_local(event.sender, self.server_name)
        more = event.content.get("additional_creators")
        creators = [event.sender, *(c for c in _list(more) if is_user_id(c))]
        kind = self.kinds.get(event.room_id) or _kind(event, local=local)
        self.created[event.room_id] = NewRoom(
            kind=kind,
            creator=event.sender,
            local=local,
            version=event.text("room_version") or "1",
            predecessor=_text(event.group("predecessor").get("room_id")),
            managers=tuple(creators) if kind.moderated else (),
            creators=tuple(creators) if creators_rule(event.text("room_version") or "1") else (),
            ts=event.ts,
        )
        if local and event.content.get(REMOTE_INVITES) is True:
            self.half_made.append(event)

    def _member(self, event: Event) -> None:
        user_id, membership = event.state_key, event.text("membership")
        if not is_user_id(user_id) or user_id is None or membership not in MEMBERSHIPS:
            return
        self.people.add(user_id)
        known = self.members.get((event.room_id, user_id))
        if event.late and known is not None and known.ts > event.ts:
            return
        self.members[event.room_id, user_id] = Member(
            membership,
            event.sender,
            event.event_id,
            event.ordering,
            event.ts,
            placed=event.placed,
            late=event.late,
        )
        if membership == "join":
            self.joined[event.room_id].add(user_id)
            if event.sender == user_id:
                self.profiles[user_id] = (
                    shown(event.text("displayname")),
                    shown(event.text("avatar_url")),
                )
        elif membership == "invite":
            self.invites.append(event)
        elif membership == "ban":
            self.bans.append(event)

    def _named(self, event: Event) -> None:
        self.names[event.room_id] = shown(event.text("name"))

    def _topic(self, event: Event) -> None:
        topic = event.text("topic")
        self.topics[event.room_id] = one_line(topic, _LONGEST_TOPIC) or None if topic else None

    def _avatar(self, event: Event) -> None:
        url = shown(event.text("url"))
        self.avatars[event.room_id] = url if url and url.startswith("mxc://") else None

    def _sight(self, event: Event) -> None:
        rule = event.text("history_visibility")
        if rule in _SIGHTS:
            self.sights[event.room_id] = str(rule)

    def _encryption(self, event: Event) -> None:
        # State cannot take it back: once encrypted, clients go on encrypting (spec 11.12).
        if event.content:
            self.encrypted.add(event.room_id)

    def _power(self, event: Event) -> None:
        if event.content:
            self.powers[event.room_id] = cleaned(event.content)
        needed = event.content.get("redact", _DEFAULT_MODERATION)
        if isinstance(needed, int):
            self.managers[event.room_id] = tuple(
                user
                for user, level in event.group("users").items()
                if is_user_id(user) and isinstance(level, int) and level >= needed
            )

    def _tombstone(self, event: Event) -> None:
        successor = event.text("replacement_room")
        if successor:
            self.successors[event.room_id] = successor

    def _slow(self, event: Event) -> None:
        seconds = event.content.get("seconds")
        if event.sender == self.service_user and isinstance(seconds, int):
            self.slow_modes[event.room_id] = min(max(seconds, 0), 21_600)


_STATE: Mapping[str, Callable[[Batch, Event], None]] = {
    "m.room.create": Batch._create,  # noqa: SLF001 - the table of its own methods
    "m.room.member": Batch._member,  # noqa: SLF001 - as above
    "m.room.name": Batch._named,  # noqa: SLF001 - as above
    "m.room.topic": Batch._topic,  # noqa: SLF001 - as above
    "m.room.avatar": Batch._avatar,  # noqa: SLF001 - as above
    "m.room.history_visibility": Batch._sight,  # noqa: SLF001 - as above
    "m.room.encryption": Batch._encryption,  # noqa: SLF001 - as above
    "m.room.power_levels": Batch._power,  # noqa: SLF001 - as above
    "m.room.tombstone": Batch._tombstone,  # noqa: SLF001 - as above
    SLOW_MODE: Batch._slow,  # noqa: SLF001 - as above
}


def _kind(event: Event, *, local: bool) -> RoomKind:
    """The stamp counts only from our own server; without one a local room is a DM (D11)."""
    if not local:
        return RoomKind.FOREIGN
    stamp = event.text(STAMP)
    if stamp is None or stamp not in set(RoomKind) - {RoomKind.FOREIGN}:
        return RoomKind.DM
    return RoomKind(stamp)


def shown(text: str | None) -> str | None:
    """A name or address as it is stored: one line, not too long; None when nothing is left."""
    return one_line(text, _LONGEST_NAME) or None if text else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value and "\0" not in value else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
