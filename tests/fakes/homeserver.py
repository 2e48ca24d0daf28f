# SPDX-License-Identifier: AGPL-3.0-or-later
"""A homeserver in memory: rooms with members, state and events, accounts, account data.

It keeps to what `tests/contracts/test_homeserver.py` asks of a real Synapse too.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from appservice.errors import HomeserverRefused, Unavailable
from appservice.homeserver.port import Json
from tests.fakes.accounts import FakeAccounts
from tests.fakes.timelines import FakeTimelines


@dataclass
class FakeRoom:
    """One room."""

    creator: str
    request: Mapping[str, Any]
    members: dict[str, str] = field(default_factory=dict)
    state: dict[tuple[str, str], Json] = field(default_factory=dict)
    events: list[Json] = field(default_factory=list)
    sent: dict[tuple[str, str], str] = field(default_factory=dict)


class FakeHomeserver(FakeAccounts, FakeTimelines):
    """Implements `port.Homeserver`.

    Attributes:
        away: nothing answers while true.
        rooms: by room id.
    """

    def __init__(self, server_name: str = "hs.test") -> None:
        super().__init__(server_name)
        self.rooms: dict[str, FakeRoom] = {}
        self.aliases: dict[str, str] = {}
        self.forgotten: set[tuple[str, str]] = set()
        self.typing: set[tuple[str, str]] = set()
        self.receipts: dict[tuple[str, str], tuple[str, bool]] = {}
        self.thread_receipts: dict[tuple[str, str, str], tuple[str, bool]] = {}
        self.muted: set[tuple[str, str]] = set()
        self._numbers = itertools.count(1)

    def said(self, room_id: str, sender: str | None = None) -> list[str]:
        """Bodies of what somebody (or anybody) wrote into a room."""
        return [
            event["content"]["body"]
            for event in self.rooms[room_id].events
            if "body" in event["content"] and sender in (None, event["sender"])
        ]

    async def create_room(self, request: Mapping[str, Any], *, as_user: str | None) -> str:
        creator = self._acting(as_user)
        alias = request.get("room_alias_name")
        if alias is not None:
            alias = f"#{alias}:{self.server_name}"
            if alias in self.aliases:
                raise HomeserverRefused(400, "M_ROOM_IN_USE", "Room alias already taken", None)
        room_id = f"!room{next(self._numbers)}"
        room = self.rooms[room_id] = FakeRoom(creator, request)
        if alias is not None:
            self.aliases[alias] = room_id
        self._put(room_id, creator, "m.room.create", dict(request.get("creation_content", {})), "")
        self._set_member(room_id, creator, creator, "join")
        public = request.get("preset") == "public_chat"
        rule = {"join_rule": "public" if public else "invite"}
        self._put(room_id, creator, "m.room.join_rules", rule, "")
        for event in request.get("initial_state", ()):
            content, key = event["content"], event.get("state_key", "")
            self._put(room_id, creator, event["type"], content, key)
        if "name" in request:
            self._put(room_id, creator, "m.room.name", {"name": request["name"]}, "")
        for user in request.get("invite", ()):
            self._set_member(room_id, creator, user, "invite")
        assert room.members[creator] == "join"
        return room_id

    async def invite(self, room_id: str, user_id: str, *, as_user: str | None) -> None:
        sender = self._member(room_id, as_user)
        if self.rooms[room_id].members.get(user_id) == "join":
            raise _forbidden(f"{user_id} is already in the room.")
        self._set_member(room_id, sender, user_id, "invite")

    async def join(self, room_id: str, *, as_user: str | None, via: Sequence[str] = ()) -> None:
        del via
        user = self._acting(as_user)
        room = self._room(room_id)
        rule = room.state["m.room.join_rules", ""]["join_rule"]
        if room.members.get(user) == "join":
            return
        if room.members.get(user) == "ban" or (
            rule != "public" and room.members.get(user) != "invite"
        ):
            raise _forbidden("You are not invited to this room.")
        self._set_member(room_id, user, user, "join")

    async def leave(self, room_id: str, *, as_user: str | None, reason: str | None = None) -> None:
        del reason
        user = self._acting(as_user)
        if self._room(room_id).members.get(user) not in ("join", "invite"):
            raise _forbidden("Not in the room.")
        self._set_member(room_id, user, user, "leave")

    async def forget(self, room_id: str, *, as_user: str | None) -> None:
        self.forgotten.add((room_id, self._acting(as_user)))

    async def kick(
        self, room_id: str, user_id: str, *, as_user: str | None, reason: str | None = None
    ) -> None:
        del reason
        self._set_member(room_id, self._member(room_id, as_user), user_id, "leave")

    async def ban(
        self, room_id: str, user_id: str, *, as_user: str | None, reason: str | None = None
    ) -> None:
        del reason
        self._set_member(room_id, self._member(room_id, as_user), user_id, "ban")

    async def send_message(
        self,
        room_id: str,
        content: Mapping[str, Any],
        *,
        as_user: str | None,
        key: str,
        event_type: str = "m.room.message",
    ) -> str:
        sender = self._member(room_id, as_user)
        sent = self.rooms[room_id].sent
        if (sender, key) not in sent:
            self._refuse_twice(room_id, sender, content)
            sent[sender, key] = self._put(room_id, sender, event_type, dict(content), None)
        return sent[sender, key]

    async def redact(
        self,
        room_id: str,
        event_id: str,
        *,
        as_user: str | None,
        key: str,
        reason: str | None = None,
    ) -> str:
        del reason
        content = {"redacts": event_id}
        done = await self.send_message(
            room_id, content, as_user=as_user, key=key, event_type="m.room.redaction"
        )
        for event in self.rooms[room_id].events:
            if event["event_id"] == event_id:
                event["content"] = {}
        return done

    async def set_typing(
        self, room_id: str, *, typing: bool, timeout_ms: int, as_user: str
    ) -> None:
        self._member(room_id, as_user)
        assert timeout_ms > 0
        (self.typing.add if typing else self.typing.discard)((room_id, as_user))

    async def send_receipt(
        self,
        room_id: str,
        event_id: str,
        *,
        as_user: str,
        private: bool = False,
        thread_root: str | None = None,
    ) -> None:
        self._member(room_id, as_user)
        if thread_root is None:
            self.receipts[room_id, as_user] = (event_id, private)
        else:
            self.thread_receipts[room_id, as_user, thread_root] = (event_id, private)

    async def mute_room(self, room_id: str, *, muted: bool, as_user: str) -> None:
        self._acting(as_user)
        (self.muted.add if muted else self.muted.discard)((room_id, as_user))

    async def is_muted(self, room_id: str, *, as_user: str) -> bool:
        self._acting(as_user)
        return (room_id, as_user) in self.muted

    async def send_state(
        self,
        room_id: str,
        event_type: str,
        state_key: str,
        content: Mapping[str, Any],
        *,
        as_user: str | None,
    ) -> str:
        sender = self._member(room_id, as_user)
        return self._put(room_id, sender, event_type, dict(content), state_key)

    async def get_state(
        self, room_id: str, event_type: str, state_key: str, *, as_user: str | None
    ) -> Json | None:
        self._member(room_id, as_user)
        return self.rooms[room_id].state.get((event_type, state_key))

    async def joined_members(self, room_id: str, *, as_user: str | None) -> tuple[str, ...]:
        self._member(room_id, as_user)
        members = self.rooms[room_id].members
        return tuple(user for user, membership in members.items() if membership == "join")

    async def resolve_alias(self, alias: str) -> str | None:
        self._here()
        return self.aliases.get(alias)

    async def position_of(self, room_id: str, event_id: str, *, as_user: str | None) -> str | None:
        self._member(room_id, as_user)
        ids = [event["event_id"] for event in self.rooms[room_id].events]
        return str(ids.index(event_id) + 1)

    async def events_after(
        self, room_id: str, token: str | None, limit: int, *, as_user: str | None
    ) -> tuple[list[Json], str | None]:
        self._member(room_id, as_user)
        events = self.rooms[room_id].events
        start = int(token or 0)
        found = events[start : start + limit]
        return found, str(start + len(found)) if start + len(found) < len(events) else None

    async def newest(self, room_id: str, limit: int, *, as_user: str | None) -> list[Json]:
        self._member(room_id, as_user)
        return self.rooms[room_id].events[-limit:][::-1]

    def _events(self, room_id: str, as_user: str | None) -> list[Json]:
        self._member(room_id, as_user)
        return self.rooms[room_id].events

    def _joined(self, as_user: str | None) -> list[str]:
        user = self._acting(as_user)
        mine = [at for at, room in self.rooms.items() if room.members.get(user) == "join"]
        return mine[::-1]

    def _refuse_twice(self, room_id: str, sender: str, content: Mapping[str, Any]) -> None:
        relates = content.get("m.relates_to", {})
        if relates.get("rel_type") == "m.annotation" and any(
            event["sender"] == sender and event["content"].get("m.relates_to") == relates
            for event in self.rooms[room_id].events
        ):
            sentence = "Can't send same reaction twice"
            raise HomeserverRefused(400, "M_DUPLICATE_ANNOTATION", sentence, None)

    def _here(self) -> None:
        if self.away:
            raise Unavailable("homeserver")

    def _acting(self, as_user: str | None) -> str:
        self._here()
        user = as_user or self.service_user
        if user not in self.passwords:
            raise _forbidden("Application service has not registered this user")
        return user

    def _room(self, room_id: str) -> FakeRoom:
        if room_id not in self.rooms:
            raise HomeserverRefused(404, "M_UNKNOWN", "Can't join remote room", None)
        return self.rooms[room_id]

    def _member(self, room_id: str, as_user: str | None) -> str:
        user = self._acting(as_user)
        if self._room(room_id).members.get(user) != "join":
            raise _forbidden(f"User {user} not in room {room_id}")
        return user

    def _set_member(self, room_id: str, sender: str, user: str, membership: str) -> None:
        self.rooms[room_id].members[user] = membership
        self._put(room_id, sender, "m.room.member", {"membership": membership}, user)

    def _put(
        self, room_id: str, sender: str, kind: str, content: Json, state_key: str | None
    ) -> str:
        room = self.rooms[room_id]
        event_id = f"$event{next(self._numbers)}"
        event = {
            "event_id": event_id,
            "room_id": room_id,
            "sender": sender,
            "type": kind,
            "content": content,
            "origin_server_ts": 1_767_614_400_000 + next(self._numbers),
        }
        if state_key is not None:
            event["state_key"] = state_key
            room.state[kind, state_key] = content
        room.events.append(event)
        return event_id


def _forbidden(sentence: str) -> HomeserverRefused:
    return HomeserverRefused(403, "M_FORBIDDEN", sentence, None)
