# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody may do in a room by its power levels (spec 11.2.1, room versions 1 to 12)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

_SINGLE = ("ban", "events_default", "invite", "kick", "redact", "state_default", "users_default")
_DEFAULTS = {"ban": 50, "invite": 0, "kick": 50, "redact": 50}
_STATE_DEFAULT, _NOTIFY, _CREATOR = 50, 50, 100
_MOST = 2**53
ABOVE_ALL = _MOST
"""Level of a creator from room version 12 on."""

_CREATORS_SINCE = 12


class Role(StrEnum):
    """Rank in a room, as lists show it."""

    OWNER = "owner"
    ADMIN = "admin"
    MODERATOR = "moderator"
    MEMBER = "member"


def creators_rule(version: str) -> bool:
    """Whether a room of this version puts its creators above every level."""
    number = version.rpartition("hydra.")[2]
    # The unstable name of version 12 counted as 11.
    return number.isdecimal() and (int(number) >= _CREATORS_SINCE or "hydra" in version)


def cleaned(content: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers of a power levels event; texts of old room versions are read, junk is not."""
    kept: dict[str, Any] = {}
    for name in _SINGLE:
        if (level := _number(content.get(name))) is not None:
            kept[name] = level
    for name in ("users", "events", "notifications"):
        group = content.get(name)
        kept[name] = {
            str(key): level
            for key, value in (group.items() if isinstance(group, Mapping) else ())
            if (level := _number(value)) is not None and "\0" not in str(key)
        }
    return kept


@dataclass(frozen=True, slots=True)
class Powers:
    """A room's power levels.

    Attributes:
        levels: as `cleaned`; None while the room has none, which leaves all to its creator.
        creators: who stands above every level (version 12), or made a room without levels.
    """

    levels: Mapping[str, Any] | None = None
    creators: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, levels: Mapping[str, Any] | None, creators: Iterable[str]) -> Self:
        """From what the registry keeps."""
        return cls(levels, frozenset(creators))

    def of_user(self, user_id: str) -> int:
        """Somebody's level."""
        if user_id in self.creators:
            return ABOVE_ALL
        if self.levels is None:
            return 0
        found = self.levels.get("users", {}).get(user_id, self.levels.get("users_default", 0))
        return int(found)

    def to_send(self, event_type: str, *, state: bool = False) -> int:
        """Level needed for an event."""
        levels = self.levels or {}
        fallback = ("state_default", _STATE_DEFAULT) if state else ("events_default", 0)
        if self.levels is None:
            return 0
        return int(levels.get("events", {}).get(event_type, levels.get(*fallback)))

    def to_do(self, act: str) -> int:
        """Level needed to ``ban``, ``invite``, ``kick`` or ``redact``."""
        return int((self.levels or {}).get(act, _DEFAULTS[act]))

    @property
    def to_notify(self) -> int:
        """Level needed for a mention of everybody."""
        return int((self.levels or {}).get("notifications", {}).get("room", _NOTIFY))

    def may_send(self, user_id: str, event_type: str, *, state: bool = False) -> bool:
        """Whether the level suffices for an event."""
        return self.of_user(user_id) >= self.to_send(event_type, state=state)

    def may(self, user_id: str, act: str) -> bool:
        """Whether the level suffices for an act on people or events."""
        return self.of_user(user_id) >= self.to_do(act)

    def may_notify(self, user_id: str) -> bool:
        """Whether a mention of everybody by this person counts."""
        return self.of_user(user_id) >= self.to_notify

    def role(self, user_id: str) -> Role:
        """Rank in lists: a creator owns; 100 and 50 are the levels clients give."""
        level = self.of_user(user_id)
        if level >= ABOVE_ALL:
            return Role.OWNER
        if level >= _CREATOR:
            return Role.ADMIN
        return Role.MODERATOR if level >= _STATE_DEFAULT else Role.MEMBER


def _number(value: object) -> int | None:
    if isinstance(value, str):
        text = value.strip()
        value = int(text) if text.removeprefix("-").isdecimal() and len(text) < 17 else None  # noqa: PLR2004 - fits 2^53
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _MOST:
        return None
    return value
