# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading rooms of the homeserver in memory: history, relations, search, as a member."""

from collections.abc import Iterable, Mapping
from typing import Any

from appservice.errors import HomeserverRefused
from appservice.homeserver.port import Chunk, Json, Surroundings


class FakeTimelines:
    """The verbs of `port.Timeline` over lists of events; tokens are places in the list."""

    def _events(self, room_id: str, as_user: str | None) -> list[Json]:
        """All events of a room for a member of it."""
        raise NotImplementedError

    def _joined(self, as_user: str | None) -> list[str]:
        """The rooms somebody is in, the last made first."""
        raise NotImplementedError

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
        events = self._events(room_id, as_user)
        start = _place(token, len(events) if backwards else 0)
        places = range(start - 1, -1, -1) if backwards else range(start, len(events))
        found: list[Json] = []
        end = start
        for place in places:
            end = place if backwards else place + 1
            if _wanted(events[place], kinds):
                found.append(_bundled(events[place], events, as_user))
            if len(found) == limit:
                break
        over = end == 0 if backwards else end >= len(events)
        return Chunk(found, f"t{start}", None if over or not found else f"t{end}")

    async def context(
        self,
        room_id: str,
        event_id: str,
        *,
        limit: int,
        kinds: Mapping[str, Any],
        as_user: str | None,
    ) -> Surroundings:
        events = self._events(room_id, as_user)
        place = next((n for n, e in enumerate(events) if e["event_id"] == event_id), None)
        if place is None:
            raise _not_found()
        before = [n for n in range(place) if _wanted(events[n], kinds)][-limit // 2 :]
        after = [n for n in range(place + 1, len(events)) if _wanted(events[n], kinds)]
        after = after[: limit // 2]
        shown = [_bundled(events[n], events, as_user) for n in (*before, place, *after)]
        return Surroundings(
            before=shown[: len(before)],
            event=shown[len(before)],
            after=shown[len(before) + 1 :],
            start=f"t{before[0] if before else place}",
            end=f"t{(after[-1] if after else place) + 1}",
        )

    async def event(self, room_id: str, event_id: str, *, as_user: str | None) -> Json | None:
        try:
            events = self._events(room_id, as_user)
        except HomeserverRefused as error:
            if error.status in (403, 404):
                return None
            raise
        found = [event for event in events if event["event_id"] == event_id]
        return _bundled(found[0], events, as_user) if found else None

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
        events = self._events(room_id, as_user)
        if all(event["event_id"] != event_id for event in events):
            raise _not_found()
        related = [e for e in events if _relation(e) == (relation, event_id)]
        ordered = related[::-1] if backwards else related
        return _part([_bundled(event, events, as_user) for event in ordered], token, limit)

    async def threads(
        self, room_id: str, *, token: str | None, limit: int, as_user: str | None
    ) -> Chunk:
        events = self._events(room_id, as_user)
        roots = [root for e in events[::-1] if (root := _relation(e)) and root[0] == "m.thread"]
        wanted = list(dict.fromkeys(root for _, root in roots))
        known = {event["event_id"]: event for event in events}
        found = [_bundled(known[root], events, as_user) for root in wanted if root in known]
        return _part(found, token, limit)

    async def search(
        self, words: str, kinds: Mapping[str, Any], *, token: str | None, as_user: str | None
    ) -> Chunk:
        found = [
            _bundled(event, events, as_user)
            for room_id in kinds.get("rooms", self._joined(as_user))
            for events in [self._events(room_id, as_user)]
            for event in events[::-1]
            if _wanted(event, kinds)
            and words.lower() in str(event["content"].get("body", "")).lower()
        ]
        return _part(found, token, int(kinds["limit"]))


def _place(token: str | None, otherwise: int) -> int:
    if token is None:
        return otherwise
    try:
        return int(token.removeprefix("t"))
    except ValueError:
        raise HomeserverRefused(400, "M_UNKNOWN", "Invalid pagination token", None) from None


def _part(events: list[Json], token: str | None, limit: int) -> Chunk:
    start = _place(token, 0)
    end = start + limit
    return Chunk(events[start:end], token, f"t{end}" if end < len(events) else None)


def _wanted(event: Json, kinds: Mapping[str, Any]) -> bool:
    content = event["content"]
    return (
        event["type"] in kinds.get("types", [event["type"]])
        and event["sender"] in kinds.get("senders", [event["sender"]])
        and ("contains_url" not in kinds or kinds["contains_url"] == ("url" in content))
    )


def _relation(event: Json) -> tuple[str, str] | None:
    relates = event["content"].get("m.relates_to", {})
    return (relates["rel_type"], relates["event_id"]) if "rel_type" in relates else None


def _bundled(event: Json, events: Iterable[Json], as_user: str | None) -> Json:
    relations: dict[str, Any] = {}
    thread = []
    for other in events:
        if other["content"] and _relation(other) == ("m.replace", event["event_id"]):
            relations["m.replace"] = other
        if other["content"] and _relation(other) == ("m.thread", event["event_id"]):
            thread.append(other)
    if thread:
        relations["m.thread"] = {
            "count": len(thread),
            "latest_event": thread[-1],
            "current_user_participated": any(e["sender"] == as_user for e in thread),
        }
    return {**event, "unsigned": {"m.relations": relations}} if relations else dict(event)


def _not_found() -> HomeserverRefused:
    return HomeserverRefused(404, "M_NOT_FOUND", "Event not found.", None)
