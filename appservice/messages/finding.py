# SPDX-License-Identifier: AGPL-3.0-or-later
"""Threads, search, and who reacted: lists that the homeserver keeps, read as the person (M9)."""

import re
from collections.abc import Mapping
from typing import Any

from appservice.homeserver.port import Chunk, Homeserver, Json
from appservice.homeserver.refusals import explaining
from appservice.messages import model
from appservice.messages.asked import PartQuery, SearchQuery
from appservice.messages.history import History
from appservice.messages.reactions import key_of
from appservice.messages.rows import Reader, Rows
from appservice.messages.store import MessageStore
from appservice.messages.wire import MessagesModel, ReactorRow, ReactorsModel
from appservice.people.faces import NOBODY
from appservice.rest.cursor import decode_token, encode_token

ROUNDS = 5
"""Requests to the homeserver that one page of a search may take."""

TYPES = ["m.room.message"]
_LINK = re.compile(r"https?://[^\s<>]{1,2000}", re.IGNORECASE)


class Finding:
    """Reads lists."""

    def __init__(
        self, store: MessageStore, homeserver: Homeserver, history: History, rows: Rows
    ) -> None:
        self._store = store
        self._homeserver = homeserver
        self._history = history
        self._rows = rows

    async def threads(self, me: str, reference: str, query: PartQuery) -> MessagesModel:
        """Messages with a thread, the one with the newest reply first."""
        token = decode_token("threads", query.cursor)
        reader = await self._history.reader(me, reference)
        async with explaining(joined=False):
            chunk = await self._homeserver.threads(
                reader.place.room_id, token=token, limit=query.limit, as_user=me
            )
        return MessagesModel(
            items=await self._rows.messages(reader, chunk.events),
            next_cursor=_cursor("threads", chunk.end),
        )

    async def reactors(
        self, me: str, reference: str, event_id: str, query: PartQuery
    ) -> ReactorsModel:
        """Who reacted to a message, the newest first."""
        token = decode_token("reactors", query.cursor)
        reader = await self._history.reader(me, reference)
        await self._history.event(reader, event_id)
        async with explaining(joined=False):
            chunk = await self._homeserver.relations(
                reader.place.room_id,
                event_id,
                "m.annotation",
                token=token,
                limit=query.limit,
                as_user=me,
            )
        given = [
            (event, key)
            for event in chunk.events
            if event.get("sender") not in reader.hidden and (key := key_of(event))
        ]
        faces = await self._store.faces({str(event["sender"]) for event, _ in given})
        items = []
        for event, key in given:
            face = faces.get(event["sender"], NOBODY)
            items.append(
                ReactorRow(
                    user_id=event["sender"],
                    name=face.name,
                    avatar_url=face.avatar,
                    event_id=event["event_id"],
                    key=key,
                    ts=event.get("origin_server_ts", 0),
                )
            )
        return ReactorsModel(items=items, next_cursor=_cursor("reactors", chunk.end))

    async def search(self, me: str, reference: str, query: SearchQuery) -> MessagesModel:
        """Messages of a room that hold the words, newest first."""
        words = (query.q or "").strip()
        way = "search" if words else "scan"
        token = decode_token(way, query.cursor)
        reader = await self._history.reader(me, reference)
        found: dict[str, Json] = {}
        for _ in range(ROUNDS):
            limit = query.limit - len(found)
            chunk = await self._chunk(reader, query, words, token, limit)
            token = chunk.end
            for event in chunk.events:
                message = await current(self._rows, reader, event)
                if message is not None and fits(message, query, reader.hidden):
                    found.setdefault(str(message["event_id"]), message)
            if older(chunk, query.from_):
                token = None
            if token is None or len(found) >= query.limit:
                break
        return MessagesModel(
            items=await self._rows.messages(reader, list(found.values())),
            next_cursor=_cursor(way, token),
        )

    async def _chunk(
        self, reader: Reader, query: SearchQuery, words: str, token: str | None, limit: int
    ) -> Chunk:
        kinds: dict[str, Any] = {"types": TYPES, "limit": limit}
        async with explaining(joined=False):
            if words:
                # Nothing else is left to the homeserver to pick: its search ends too early when
                # what it finds and what it may give differ by much.
                kinds["rooms"] = [reader.place.room_id]
                return await self._homeserver.search(words, kinds, token=token, as_user=reader.me)
            if query.sender is not None:
                kinds["senders"] = [query.sender]
            if query.has == "file":
                kinds["contains_url"] = True
            return await self._homeserver.messages(
                reader.place.room_id,
                token=token,
                backwards=True,
                limit=limit,
                kinds=kinds,
                as_user=reader.me,
            )


async def current(rows: Rows, reader: Reader, event: Json) -> Json | None:
    """The message as it reads now; an edit that was found stands for what it edits."""
    if event.get("room_id") != reader.place.room_id:
        return None
    content = event.get("content")
    target = model.relation(content, "m.replace") if isinstance(content, Mapping) else None
    if target is None:
        return event
    message = await rows.seen(reader, target)
    return dict(message) if message else None


def fits(event: Json, query: SearchQuery, hidden: frozenset[str]) -> bool:
    """Whether a message is what is looked for, apart from the words, and for this reader."""
    ts, sender = event.get("origin_server_ts"), event.get("sender")
    if not isinstance(ts, int) or not event.get("content") or sender in hidden:
        return False
    if query.sender is not None and sender != query.sender:
        return False
    message = model.message(event, {})
    if query.has == "link" and not _LINK.search(message.body):
        return False
    if query.has == "file" and message.attachment is None:
        return False
    return (query.from_ is None or ts >= query.from_) and (query.to is None or ts <= query.to)


def older(chunk: Chunk, start: int | None) -> bool:
    """Whether everything further is from before the time asked for."""
    times = [event.get("origin_server_ts", 0) for event in chunk.events]
    return start is not None and bool(times) and max(times) < start


def _cursor(way: str, token: str | None) -> str | None:
    return None if token is None else encode_token(way, token)
