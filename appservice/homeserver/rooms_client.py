# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs of `port.Rooms` as client-server requests (Matrix spec 1.11+)."""

from collections.abc import Mapping, Sequence
from typing import Any

from mautrix.api import ClientPath, Method, PathBuilder

from appservice.errors import HomeserverRefused
from appservice.homeserver.port import Json
from appservice.homeserver.timeline_client import TimelineClient

_NOT_FOUND = 404


class RoomsClient(TimelineClient):
    """Rooms over HTTP."""

    async def create_room(self, request: Mapping[str, Any], *, as_user: str | None) -> str:
        """Create a room from a ``createRoom`` body; its room id."""
        path = ClientPath.v3.createRoom
        answer = await self._transport.request(Method.POST, path, request, as_user=as_user)
        return str(answer["room_id"])

    async def invite(self, room_id: str, user_id: str, *, as_user: str | None) -> None:
        """Invite somebody."""
        await self._member(room_id, "invite", {"user_id": user_id}, as_user)

    async def join(self, room_id: str, *, as_user: str | None, via: Sequence[str] = ()) -> None:
        """Join; does nothing when joined already."""
        query = {"via": via[0]} if via else None
        path = ClientPath.v3.join[room_id]
        await self._transport.request(Method.POST, path, as_user=as_user, query=query)

    async def leave(self, room_id: str, *, as_user: str | None, reason: str | None = None) -> None:
        """Leave, or decline an invite."""
        await self._member(room_id, "leave", _reasoned({}, reason), as_user)

    async def forget(self, room_id: str, *, as_user: str | None) -> None:
        """Drop a room one has left from one's own list."""
        await self._member(room_id, "forget", {}, as_user)

    async def kick(
        self, room_id: str, user_id: str, *, as_user: str | None, reason: str | None = None
    ) -> None:
        """Remove somebody."""
        await self._member(room_id, "kick", _reasoned({"user_id": user_id}, reason), as_user)

    async def ban(
        self, room_id: str, user_id: str, *, as_user: str | None, reason: str | None = None
    ) -> None:
        """Remove somebody for good."""
        await self._member(room_id, "ban", _reasoned({"user_id": user_id}, reason), as_user)

    async def send_message(
        self,
        room_id: str,
        content: Mapping[str, Any],
        *,
        as_user: str | None,
        key: str,
        event_type: str = "m.room.message",
    ) -> str:
        """Send an event; the key is Synapse's transaction id, so a repetition changes nothing."""
        path = ClientPath.v3.rooms[room_id].send[event_type][_transaction(key, as_user)]
        answer = await self._transport.request(Method.PUT, path, content, as_user=as_user)
        return str(answer["event_id"])

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
        path = ClientPath.v3.rooms[room_id].redact[event_id][_transaction(key, as_user)]
        body = _reasoned({}, reason)
        answer = await self._transport.request(Method.PUT, path, body, as_user=as_user)
        return str(answer["event_id"])

    async def set_typing(
        self, room_id: str, *, typing: bool, timeout_ms: int, as_user: str
    ) -> None:
        """Say that somebody types, for so long, or stopped."""
        path = ClientPath.v3.rooms[room_id].typing[as_user]
        body = {"typing": True, "timeout": timeout_ms} if typing else {"typing": False}
        await self._transport.request(Method.PUT, path, body, as_user=as_user)

    async def send_receipt(
        self,
        room_id: str,
        event_id: str,
        *,
        as_user: str,
        private: bool = False,
        thread_root: str | None = None,
    ) -> None:
        """Say up to which event somebody has read a room, or only a thread."""
        kind = "m.read.private" if private else "m.read"
        room = ClientPath.v3.rooms[room_id]
        if thread_root is not None:
            path, body = room.receipt[kind][event_id], {"thread_id": thread_root}
        else:
            path, body = room.read_markers, {"m.fully_read": event_id, kind: event_id}
        await self._transport.request(Method.POST, path, body, as_user=as_user)

    async def mute_room(self, room_id: str, *, muted: bool, as_user: str) -> None:
        """Notify somebody's clients of a room by mentions only, or by their general rules.

        A push rule for the room without actions; mentions stand above it (spec 13.13.1.5).
        """
        rules = ClientPath.v3.pushrules["global"]
        if muted:
            path = rules.room[room_id]
            await self._transport.request(Method.PUT, path, {"actions": []}, as_user=as_user)
            return
        for path in (rules.room[room_id], rules.override[room_id]):
            await self._found(Method.DELETE, path, as_user=as_user)

    async def is_muted(self, room_id: str, *, as_user: str) -> bool:
        """Whether somebody's push rules say no more of a room than mentions, or nothing.

        Clients that silence a room altogether do it by an override with the room's id.
        """
        rules = ClientPath.v3.pushrules["global"]
        for path in (rules.room[room_id], rules.override[room_id]):
            rule = await self._found(Method.GET, path, as_user=as_user)
            if rule and rule.get("enabled", True) and "notify" not in rule.get("actions", ()):
                return True
        return False

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
        path = ClientPath.v3.rooms[room_id].state[event_type][state_key]
        answer = await self._transport.request(Method.PUT, path, content, as_user=as_user)
        return str(answer["event_id"])

    async def get_state(
        self, room_id: str, event_type: str, state_key: str, *, as_user: str | None
    ) -> Json | None:
        """Content of one piece of state; None when it is not set."""
        path = ClientPath.v3.rooms[room_id].state[event_type][state_key]
        return await self._found(Method.GET, path, as_user=as_user)

    async def joined_members(self, room_id: str, *, as_user: str | None) -> tuple[str, ...]:
        """User ids of everybody joined."""
        path = ClientPath.v3.rooms[room_id].joined_members
        answer = await self._transport.request(Method.GET, path, as_user=as_user)
        return tuple(answer["joined"])

    async def resolve_alias(self, alias: str) -> str | None:
        """The room an alias leads to; None when there is none."""
        found = await self._found(Method.GET, ClientPath.v3.directory.room[alias])
        return None if found is None else str(found["room_id"])

    async def position_of(self, room_id: str, event_id: str, *, as_user: str | None) -> str | None:
        """A token that stands behind the event."""
        path = ClientPath.v3.rooms[room_id].context[event_id]
        answer = await self._transport.request(
            Method.GET, path, as_user=as_user, query={"limit": "0"}
        )
        token = answer.get("end")
        return token if isinstance(token, str) else None

    async def events_after(
        self, room_id: str, token: str | None, limit: int, *, as_user: str | None
    ) -> tuple[list[Json], str | None]:
        """The next events of a room in their order, and the token behind them."""
        query = {"dir": "f", "limit": str(limit), **({"from": token} if token else {})}
        path = ClientPath.v3.rooms[room_id].messages
        answer = await self._transport.request(Method.GET, path, as_user=as_user, query=query)
        following = answer.get("end")
        chunk = answer.get("chunk")
        return (
            [event for event in chunk if isinstance(event, dict)] if chunk else [],
            following if isinstance(following, str) else None,
        )

    async def newest(self, room_id: str, limit: int, *, as_user: str | None) -> list[Json]:
        """The last events of a room, newest first."""
        path = ClientPath.v3.rooms[room_id].messages
        query = {"dir": "b", "limit": str(limit)}
        answer = await self._transport.request(Method.GET, path, as_user=as_user, query=query)
        return [event for event in answer.get("chunk", ()) if isinstance(event, dict)]

    async def _member(
        self, room_id: str, verb: str, body: Mapping[str, Any], as_user: str | None
    ) -> None:
        path = ClientPath.v3.rooms[room_id][verb]
        await self._transport.request(Method.POST, path, body, as_user=as_user)

    async def _found(
        self, method: Method, path: PathBuilder, *, as_user: str | None = None
    ) -> Json | None:
        try:
            return await self._transport.request(method, path, as_user=as_user)
        except HomeserverRefused as error:
            if error.status == _NOT_FOUND:
                return None
            raise


def _transaction(key: str, as_user: str | None) -> str:
    # Synapse remembers transaction ids of an appservice for all it acts as together.
    return f"{key}:{as_user}" if as_user else key


def _reasoned(body: dict[str, Any], reason: str | None) -> dict[str, Any]:
    return body if reason is None else {**body, "reason": reason}
