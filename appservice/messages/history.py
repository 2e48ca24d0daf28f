# SPDX-License-Identifier: AGPL-3.0-or-later
"""A room's history as one person may read it: the homeserver is asked as that person.

So history visibility, ignored people, removals and what other servers still have to send are its
to judge. Edits, reactions and replies in threads are left out of the page; each page is filled
until it has its rows or a bound is met, and the cursors are the homeserver's own tokens.
"""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any

from appservice.errors import HomeserverRefused, NotFound
from appservice.homeserver.port import Homeserver, Json
from appservice.messages import model, system
from appservice.messages.asked import HistoryQuery
from appservice.messages.rows import MOST_PINS, PINS, Reader, Rows
from appservice.messages.store import MessageStore
from appservice.messages.wire import HistoryModel, MessageModel
from appservice.rest.codes import Code
from appservice.rest.cursor import decode_token, encode_token

_ROUNDS = 8
KINDS: Mapping[str, Any] = {
    "types": sorted(model.MESSAGES) + sorted(system.KINDS),
    # Where the homeserver knows it (MSC3874), a long thread costs no further rounds.
    "org.matrix.msc3874.not_rel_types": ["m.thread", "m.replace"],
}
_REFUSED = frozenset({403, 404})


class History:
    """Reads histories."""

    def __init__(self, store: MessageStore, homeserver: Homeserver, rows: Rows) -> None:
        self._store = store
        self._homeserver = homeserver
        self._rows = rows

    async def reader(self, me: str, reference: str) -> Reader:
        """Somebody about to read a room.

        Raises:
            NotFound: it is not there, or not theirs.
        """
        place = await self._store.place(me, reference)
        hidden, pinned = await asyncio.gather(self._store.hidden(me), self.pins(me, place.room_id))
        return Reader(me, place, hidden, frozenset(pinned))

    async def writer(self, me: str, reference: str) -> Reader:
        """Somebody about to write; what is pinned does not matter."""
        place = await self._store.place(me, reference)
        return Reader(me, place, await self._store.hidden(me), frozenset())

    async def page(self, me: str, reference: str, query: HistoryQuery) -> HistoryModel:
        """A part of the history.

        Raises:
            NotFound: the room, or the event, is not there or not theirs.
        """
        before = decode_token("before", query.before, "before")
        after = decode_token("after", query.after, "after")
        reader = await self.reader(me, reference)
        # Before the homeserver is asked: whatever is applied by now is in its answer.
        position = await self._store.newest(reader.place.room_id)
        if query.thread is not None:
            return await self._thread(reader, query, before, after, position)
        if query.around is not None:
            return await self._around(reader, query)
        if after is not None:
            return await self._forwards(reader, query.limit, after, position)
        events, end = await self._filled(reader, query.limit, before, backwards=True)
        return HistoryModel(
            items=await self._rows.made(reader, events[::-1]),
            before=_cursor("before", end),
            after=_cursor("after", before) if before else None,
            position=None if before else position,
        )

    async def message(self, me: str, reference: str, event_id: str) -> MessageModel:
        """One message.

        Raises:
            NotFound: it is not there, or not theirs to see.
        """
        reader = await self.reader(me, reference)
        return await self.shown(reader, event_id)

    async def shown(self, reader: Reader, event_id: str) -> MessageModel:
        """One message for a reader."""
        return await self.made(reader, await self.event(reader, event_id))

    async def event(self, reader: Reader, event_id: str) -> Json:
        """The event of a message.

        Raises:
            NotFound: it is not there, or not theirs to see.
        """
        event = await self._rows.seen(reader, event_id)
        if event is None or event.get("sender") in reader.hidden:
            raise NotFound
        return dict(event)

    async def made(self, reader: Reader, event: Mapping[str, Any]) -> MessageModel:
        """The message an event is, for a reader."""
        found = await self._rows.messages(reader, [event])
        if not found:
            raise NotFound
        return found[0]

    async def pins(self, me: str, room_id: str) -> list[str]:
        """Ids of what is pinned, as the room says; empty for who may not know."""
        try:
            content = await self._homeserver.get_state(room_id, PINS, "", as_user=me)
        except HomeserverRefused:
            return []
        pinned = (content or {}).get("pinned")
        if not isinstance(pinned, list):
            return []
        return list(dict.fromkeys(one for one in pinned if isinstance(one, str)))[-MOST_PINS:]

    async def _filled(
        self, reader: Reader, limit: int, token: str | None, *, backwards: bool
    ) -> tuple[list[Json], str | None]:
        events: list[Json] = []
        for _ in range(_ROUNDS):
            chunk = await _seen(
                self._homeserver.messages(
                    reader.place.room_id,
                    token=token,
                    backwards=backwards,
                    # Never more than still fit, so that the token stands behind the last row.
                    limit=limit - len(events),
                    kinds=KINDS,
                    as_user=reader.me,
                )
            )
            events += [event for event in chunk.events if _has_row(event)]
            token = chunk.end
            if token is None or len(events) >= limit:
                break
        return events, token

    async def _forwards(
        self, reader: Reader, limit: int, token: str, position: int | None
    ) -> HistoryModel:
        events, end = await self._filled(reader, limit, token, backwards=False)
        return HistoryModel(
            items=await self._rows.made(reader, events),
            before=_cursor("before", token),
            after=_cursor("after", end),
            position=position if end is None else None,
        )

    async def _around(self, reader: Reader, query: HistoryQuery) -> HistoryModel:
        event_id = str(query.around)
        found = await _seen(
            self._homeserver.context(
                reader.place.room_id,
                event_id,
                limit=query.limit,
                kinds=KINDS,
                as_user=reader.me,
            )
        )
        event = found.event
        if event.get("room_id", reader.place.room_id) != reader.place.room_id:
            raise NotFound
        events = [one for one in (*found.before, event, *found.after) if _has_row(one)]
        return HistoryModel(
            items=await self._rows.made(reader, events),
            before=_cursor("before", found.start),
            after=_cursor("after", found.end),
            position=None,
        )

    async def _thread(
        self,
        reader: Reader,
        query: HistoryQuery,
        before: str | None,
        after: str | None,
        position: int | None,
    ) -> HistoryModel:
        if query.around is not None:
            problem = {"field": "around", "problem": "not together with thread"}
            raise Code.INVALID.error(fields=[problem])
        chunk = await _seen(
            self._homeserver.relations(
                reader.place.room_id,
                str(query.thread),
                "m.thread",
                token=after or before,
                limit=query.limit,
                as_user=reader.me,
                backwards=after is None,
            )
        )
        events = chunk.events if after else chunk.events[::-1]
        end = _cursor("after" if after else "before", chunk.end)
        live = (after is not None and chunk.end is None) or (after is None and before is None)
        return HistoryModel(
            items=await self._rows.made(reader, events),
            before=_cursor("before", after) if after else end,
            after=end if after else _cursor("after", before),
            position=position if live else None,
        )


def _has_row(event: Json) -> bool:
    content = event.get("content")
    if "state_key" in event or not isinstance(content, Mapping):
        return True
    return not any(model.relation(content, kind) for kind in ("m.replace", "m.thread"))


def _cursor(way: str, token: str | None) -> str | None:
    return None if token is None else encode_token(way, token)


async def _seen(asked: Awaitable[Any]) -> Any:
    """The answer, or that there is nothing: a room one may not read is no room."""
    try:
        return await asked
    except HomeserverRefused as error:
        if error.status in _REFUSED:
            raise NotFound from error
        # A token that was never given out, or an id that is none.
        raise Code.INVALID.error() from error
