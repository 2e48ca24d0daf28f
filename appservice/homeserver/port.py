# SPDX-License-Identifier: AGPL-3.0-or-later
"""The homeserver as the rest of the appservice sees it: what one can do there, as whom.

`as_user` is the local account that acts; None is the service user. Every method raises
`HomeserverRefused` (final) or `Unavailable` (try again later).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Login:
    """A fresh sign-in of a person: whose, and the token that must be logged out again."""

    user_id: str
    access_token: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of events, in the direction that was asked for.

    Attributes:
        events: client-format events.
        start: token of the end one came from.
        end: token to go on with; None when there is no more.
    """

    events: list[Json]
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """An event and what is around it; both runs are in the room's order."""

    before: list[Json]
    event: Json
    after: list[Json]
    start: str | None
    end: str | None


class Timeline(Protocol):
    """What is said in rooms, as one person may see it.

    Whoever may not see it is refused with ``M_FORBIDDEN`` or ``M_NOT_FOUND``.
    """

    async def messages(
        self,
        room_id: str,
        *,
        token: str | None,
        backwards: bool,
        limit: int,
        kinds: Mapping[str, Any],
        as_user: str | None,
    ) -> Chunk:
        """A run of history from a token, or from the room's newest (or first) event.

        ``kinds`` is a ``RoomEventFilter`` of the specification.
        """

    async def context(
        self,
        room_id: str,
        event_id: str,
        *,
        limit: int,
        kinds: Mapping[str, Any],
        as_user: str | None,
    ) -> Surroundings:
        """An event and at most ``limit`` events around it."""

    async def event(self, room_id: str, event_id: str, *, as_user: str | None) -> Json | None:
        """One event with its bundled relations; None when this person may not see it."""

    async def relations(
        self,
        room_id: str,
        event_id: str,
        relation: str,
        *,
        token: str | None,
        limit: int,
        as_user: str | None,
        backwards: bool = True,
    ) -> Chunk:
        """Events that relate to one, the newest first unless said otherwise."""

    async def threads(
        self, room_id: str, *, token: str | None, limit: int, as_user: str | None
    ) -> Chunk:
        """Roots of threads, the one with the newest reply first."""

    async def search(
        self,
        words: str,
        kinds: Mapping[str, Any],
        *,
        token: str | None,
        as_user: str | None,
    ) -> Chunk:
        """Messages with these words in the rooms the filter names, the newest first."""


class Rooms(Timeline, Protocol):
    """Rooms and what is in them."""

    async def create_room(self, request: Mapping[str, Any], *, as_user: str | None) -> str:
        """Create a room from a ``createRoom`` body; its room id."""

    async def invite(self, room_id: str, user_id: str, *, as_user: str | None) -> None:
        """Invite somebody."""

    async def join(self, room_id: str, *, as_user: str | None, via: Sequence[str] = ()) -> None:
        """Join; does nothing when joined already."""

    async def leave(self, room_id: str, *, as_user: str | None, reason: str | None = None) -> None:
        """Leave, or decline an invite."""

    async def forget(self, room_id: str, *, as_user: str | None) -> None:
        """Drop a room one has left from one's own list."""

    async def kick(
        self, room_id: str, user_id: str, *, as_user: str | None, reason: str | None = None
    ) -> None:
        """Remove somebody."""

    async def ban(
        self, room_id: str, user_id: str, *, as_user: str | None, reason: str | None = None
    ) -> None:
        """Remove somebody for good."""

    async def send_message(
        self,
        room_id: str,
        content: Mapping[str, Any],
        *,
        as_user: str | None,
        key: str,
        event_type: str = "m.room.message",
    ) -> str:
        """Send an event; its id. The same ``key`` sent again gives the same event."""

    async def redact(
        self,
        room_id: str,
        event_id: str,
        *,
        as_user: str | None,
        key: str,
        reason: str | None = None,
    ) -> str:
        """Remove an event's content; id of the redaction."""

    async def set_typing(
        self, room_id: str, *, typing: bool, timeout_ms: int, as_user: str
    ) -> None:
        """Say that somebody types, for so long, or stopped."""

    async def send_receipt(
        self,
        room_id: str,
        event_id: str,
        *,
        as_user: str,
        private: bool = False,
        thread_root: str | None = None,
    ) -> None:
        """Say up to which event somebody has read a room, or only a thread.

        A private receipt tells only themselves; of a room, the "fully read" marker moves too.
        """

    async def mute_room(self, room_id: str, *, muted: bool, as_user: str) -> None:
        """Notify somebody's clients of a room by mentions only, or by their general rules."""

    async def is_muted(self, room_id: str, *, as_user: str) -> bool:
        """Whether somebody's push rules say no more of a room than mentions, or nothing."""

    async def send_state(
        self,
        room_id: str,
        event_type: str,
        state_key: str,
        content: Mapping[str, Any],
        *,
        as_user: str | None,
    ) -> str:
        """Set state; the event's id."""

    async def get_state(
        self, room_id: str, event_type: str, state_key: str, *, as_user: str | None
    ) -> Json | None:
        """Content of one piece of state; None when it is not set."""

    async def joined_members(self, room_id: str, *, as_user: str | None) -> tuple[str, ...]:
        """User ids of everybody joined."""

    async def resolve_alias(self, alias: str) -> str | None:
        """The room an alias leads to; None when there is none."""

    async def position_of(self, room_id: str, event_id: str, *, as_user: str | None) -> str | None:
        """A token for `events_after` that stands behind the event."""

    async def events_after(
        self, room_id: str, token: str | None, limit: int, *, as_user: str | None
    ) -> tuple[list[Json], str | None]:
        """The next events of a room in their order, and the token behind them (None: no more)."""

    async def newest(self, room_id: str, limit: int, *, as_user: str | None) -> list[Json]:
        """The last events of a room, newest first."""


class People(Protocol):
    """Accounts, their profiles and their account data."""

    async def get_profile(self, user_id: str) -> Json | None:
        """All public profile fields; None for an account that does not exist."""

    async def set_profile(self, user_id: str, field: str, value: Any) -> None:
        """Set one profile field of a local account."""

    async def clear_profile(self, user_id: str, field: str) -> None:
        """Remove one profile field of a local account; does nothing when it is not set."""

    async def get_account_data(self, user_id: str, kind: str) -> Json | None:
        """One piece of a local account's global account data; None when never set."""

    async def set_account_data(self, user_id: str, kind: str, content: Mapping[str, Any]) -> None:
        """Replace one piece of a local account's global account data."""

    async def account(self, user_id: str) -> Json:
        """What a local account has of its own: `devices`, `pushers`, `threepids`, as lists."""

    async def whoami(self, access_token: str) -> str:
        """User id behind a person's token."""

    async def login(self, user_id: str, password: str) -> Login:
        """Check a password by signing in; log out again what comes back."""

    async def logout(self, access_token: str) -> None:
        """End the session of a token."""

    async def deactivate(self, user_id: str) -> None:
        """Close a local account for good and erase it, as the person; done already is no error."""

    async def register(self, localpart: str, password: str, *, admin: bool = False) -> str:
        """Make a local account by the registration secret; its user id."""

    async def register_service_user(self) -> None:
        """Make the service user's account; does nothing when it is there."""


class Homeserver(Rooms, People, Protocol):
    """Both together."""

    service_user: str
