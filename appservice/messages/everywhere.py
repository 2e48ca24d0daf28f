# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search over all rooms somebody is in, by the homeserver's own search as that person (M9).

So what they may read is its to judge; here is only put together what each room's own search gives
as well. Without words it has nothing to look for: then a room has to be named.
"""

import asyncio
from collections.abc import Mapping

from appservice.homeserver.port import Homeserver, Json
from appservice.homeserver.refusals import explaining
from appservice.messages.asked import SearchAllQuery
from appservice.messages.finding import ROUNDS, TYPES, Finding, current, fits, older
from appservice.messages.history import History
from appservice.messages.rows import Reader, Rows
from appservice.messages.store import MessageStore
from appservice.messages.wire import FoundMessagesModel, FoundRoomModel, MessageModel
from appservice.rest.cursor import decode_token, encode_token
from appservice.rooms.view import picture_of, title_of

_WAY = "everywhere"
_AT_ONCE = 5
"""Rooms of which the pins are asked at a time."""


class Everywhere:
    """Looks through all rooms."""

    def __init__(
        self,
        store: MessageStore,
        homeserver: Homeserver,
        *,
        finding: Finding,
        history: History,
        rows: Rows,
    ) -> None:
        self._store = store
        self._homeserver = homeserver
        self._finding = finding
        self._history = history
        self._rows = rows

    async def search(self, me: str, query: SearchAllQuery) -> FoundMessagesModel:
        """Messages of my rooms that hold the words, newest first.

        Raises:
            NotFound: the room that was named is not there, or not mine.
        """
        if query.room is not None:
            page = await self._finding.search(me, query.room, query)
            return await self._found(me, page.items, page.next_cursor)
        token = decode_token(_WAY, query.cursor)
        hidden = await self._store.hidden(me)
        readers: dict[str, Reader] = {}
        found: dict[str, Json] = {}
        for _ in range(ROUNDS):
            kinds = {"types": TYPES, "limit": query.limit - len(found)}
            async with explaining(joined=False):
                chunk = await self._homeserver.search(
                    (query.q or "").strip(), kinds, token=token, as_user=me
                )
            token = chunk.end
            await self._meet(me, chunk.events, readers, hidden)
            for event in chunk.events:
                reader = readers.get(str(event.get("room_id")))
                message = await current(self._rows, reader, event) if reader else None
                if message is not None and fits(message, query, hidden):
                    found.setdefault(str(message["event_id"]), message)
            if older(chunk, query.from_):
                token = None
            if token is None or len(found) >= query.limit:
                break
        messages = await self._messages(list(found.values()), readers)
        return await self._found(me, messages, token and encode_token(_WAY, token))

    async def _meet(
        self,
        me: str,
        events: list[Json],
        readers: dict[str, Reader],
        hidden: frozenset[str],
    ) -> None:
        """How one stands in rooms that are new here; what Kith has not heard of is left out."""
        wanted = {str(event.get("room_id")) for event in events} - readers.keys()
        places = await self._store.places(me, wanted)
        turns = asyncio.Semaphore(_AT_ONCE)

        async def pins(room_id: str) -> frozenset[str]:
            async with turns:
                return frozenset(await self._history.pins(me, room_id))

        pinned = await asyncio.gather(*(pins(place.room_id) for place in places))
        for place, here in zip(places, pinned, strict=True):
            readers[place.room_id] = Reader(me, place, hidden, here)

    async def _messages(
        self, events: list[Json], readers: Mapping[str, Reader]
    ) -> list[MessageModel]:
        """The messages in the order they were found, each as its room's reader sees it."""
        rooms = dict.fromkeys(str(event["room_id"]) for event in events)
        made: dict[str, MessageModel] = {}
        for room_id in rooms:
            here = [event for event in events if event["room_id"] == room_id]
            for message in await self._rows.messages(readers[room_id], here):
                made[message.event_id] = message
        return [made[str(e["event_id"])] for e in events if str(e["event_id"]) in made]

    async def _found(
        self, me: str, messages: list[MessageModel], cursor: str | None
    ) -> FoundMessagesModel:
        rooms = await self._store.rooms(me, {message.room_id for message in messages})
        told = [
            FoundRoomModel(
                id=seen.id,
                room_id=seen.room_id,
                kind=seen.kind.value,
                name=title_of(seen),
                avatar_url=picture_of(seen),
                slug=seen.slug,
                emoji=seen.emoji,
                other_user_id=seen.other_id,
            )
            for seen in rooms
        ]
        return FoundMessagesModel(items=messages, rooms=told, next_cursor=cursor)
