# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is pinned in a room: a piece of state that is read, changed and written (spec 11.30)."""

import asyncio

from appservice.homeserver.port import Homeserver, Json
from appservice.homeserver.refusals import explaining
from appservice.messages.history import History
from appservice.messages.rows import MOST_PINS, PINS, Reader, Rows
from appservice.messages.store import MessageStore
from appservice.messages.wire import MessagesModel
from appservice.rest.codes import Code

_AT_ONCE = 8
_TRIES = 3


class Pins:
    """Use cases of pins."""

    def __init__(
        self, store: MessageStore, homeserver: Homeserver, history: History, rows: Rows
    ) -> None:
        self._store = store
        self._homeserver = homeserver
        self._history = history
        self._rows = rows

    async def all(self, me: str, reference: str) -> MessagesModel:
        """What is pinned and may be seen, the newest pin first."""
        reader = await self._history.reader(me, reference)
        async with explaining(joined=reader.place.membership == "join"):
            content = await self._homeserver.get_state(reader.place.room_id, PINS, "", as_user=me)
        del content  # asked only to learn whether the room may be read
        turns = asyncio.Semaphore(_AT_ONCE)

        async def one(event_id: str) -> Json | None:
            async with turns:
                event = await self._rows.seen(reader, event_id)
                return dict(event) if event else None

        pinned = await self._history.pins(me, reader.place.room_id)
        found = await asyncio.gather(*(one(event_id) for event_id in reversed(pinned)))
        messages = await self._rows.messages(reader, [event for event in found if event])
        kept = [message for message in messages if not message.deleted]
        return MessagesModel(items=kept, next_cursor=None)

    async def put(self, me: str, reference: str, event_id: str) -> None:
        """Pin a message I can see; nothing when it is pinned already.

        Raises:
            NotFound: I see no such message.
            KithError: `too_many_pins`; `homeserver_refused` without the power to.
        """
        reader = await self._history.writer(me, reference)
        await self._history.event(reader, event_id)
        async with self._store.alone(reader.place.room_id):
            await self._change(reader, event_id, pinned=True)

    async def take(self, me: str, reference: str, event_id: str) -> None:
        """Unpin; nothing when it is not pinned."""
        reader = await self._history.writer(me, reference)
        async with self._store.alone(reader.place.room_id):
            await self._change(reader, event_id, pinned=False)

    async def _change(self, reader: Reader, event_id: str, *, pinned: bool) -> None:
        room_id, me = reader.place.room_id, reader.me
        for _ in range(_TRIES):
            async with explaining(joined=reader.place.membership == "join"):
                content = await self._homeserver.get_state(room_id, PINS, "", as_user=me) or {}
                known = content.get("pinned")
                pins = list(known) if isinstance(known, list) else []
                if (event_id in pins) == pinned:
                    return
                new = [*pins, event_id] if pinned else [one for one in pins if one != event_id]
                if len(new) > MOST_PINS:
                    raise Code.TOO_MANY_PINS.error()
                await self._homeserver.send_state(
                    room_id, PINS, "", {**content, "pinned": new}, as_user=me
                )
            # State has no compare-and-set: look whether a Matrix client wrote in between.
