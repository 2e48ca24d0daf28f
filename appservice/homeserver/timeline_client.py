# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs of `port.Timeline` as client-server requests (Matrix spec 1.11+)."""

import json
from collections.abc import Mapping
from typing import Any

from mautrix.api import ClientPath, Method

from appservice.errors import HomeserverRefused
from appservice.homeserver.port import Chunk, Json, Surroundings
from appservice.homeserver.transport import Transport

_NOT_VISIBLE = frozenset({403, 404})


class TimelineClient:
    """What is said in rooms, over HTTP."""

    def __init__(self, transport: Transport) -> None:
        """Take the transport."""
        self._transport = transport

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
        """A run of history."""
        query = {
            "dir": "b" if backwards else "f",
            "limit": str(limit),
            "filter": json.dumps(kinds),
            **({"from": token} if token else {}),
        }
        path = ClientPath.v3.rooms[room_id].messages
        answer = await self._transport.request(Method.GET, path, as_user=as_user, query=query)
        return Chunk(_events(answer, "chunk"), _text(answer, "start"), _text(answer, "end"))

    async def context(
        self,
        room_id: str,
        event_id: str,
        *,
        limit: int,
        kinds: Mapping[str, Any],
        as_user: str | None,
    ) -> Surroundings:
        """An event and what is around it."""
        query = {"limit": str(limit), "filter": json.dumps(kinds)}
        path = ClientPath.v3.rooms[room_id].context[event_id]
        answer = await self._transport.request(Method.GET, path, as_user=as_user, query=query)
        event = answer.get("event")
        return Surroundings(
            before=_events(answer, "events_before")[::-1],
            event=event if isinstance(event, dict) else {},
            after=_events(answer, "events_after"),
            start=_text(answer, "start"),
            end=_text(answer, "end"),
        )

    async def event(self, room_id: str, event_id: str, *, as_user: str | None) -> Json | None:
        """One event."""
        path = ClientPath.v3.rooms[room_id].event[event_id]
        try:
            return await self._transport.request(Method.GET, path, as_user=as_user)
        except HomeserverRefused as error:
            if error.status in _NOT_VISIBLE:
                return None
            raise

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
        """Events that relate to one."""
        path = ClientPath.v1.rooms[room_id].relations[event_id][relation]
        query = {"dir": "b" if backwards else "f", "limit": str(limit)}
        return await self._batch(path, query, token, as_user)

    async def threads(
        self, room_id: str, *, token: str | None, limit: int, as_user: str | None
    ) -> Chunk:
        """Roots of threads."""
        path = ClientPath.v1.rooms[room_id].threads
        return await self._batch(path, {"limit": str(limit)}, token, as_user)

    async def search(
        self,
        words: str,
        kinds: Mapping[str, Any],
        *,
        token: str | None,
        as_user: str | None,
    ) -> Chunk:
        """Messages with these words."""
        wanted = {
            "search_term": words,
            "keys": ["content.body"],
            "filter": kinds,
            "order_by": "recent",
        }
        answer = await self._transport.request(
            Method.POST,
            ClientPath.v3.search,
            {"search_categories": {"room_events": wanted}},
            as_user=as_user,
            query={"next_batch": token} if token else None,
        )
        found = answer.get("search_categories", {}).get("room_events", {})
        events = [row["result"] for row in found.get("results", ()) if "result" in row]
        return Chunk(events, None, _text(found, "next_batch"))

    async def _batch(
        self, path: Any, query: dict[str, str], token: str | None, as_user: str | None
    ) -> Chunk:
        if token:
            query = {**query, "from": token}
        answer = await self._transport.request(Method.GET, path, as_user=as_user, query=query)
        return Chunk(
            _events(answer, "chunk"), _text(answer, "prev_batch"), _text(answer, "next_batch")
        )


def _events(answer: Json, key: str) -> list[Json]:
    found = answer.get(key)
    return [event for event in found if isinstance(event, dict)] if found else []


def _text(answer: Mapping[str, Any], key: str) -> str | None:
    value = answer.get(key)
    return value if isinstance(value, str) else None
