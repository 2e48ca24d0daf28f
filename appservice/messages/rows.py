# SPDX-License-Identifier: AGPL-3.0-or-later
"""From events that somebody may see to the rows they read: names, reactions, replies, pins.

What is shown of another message is read as the person (quality Q18), or not shown.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appservice.errors import HomeserverRefused, Unavailable
from appservice.homeserver.port import Timeline
from appservice.messages import model, system
from appservice.messages.reactions import Reactions, shown
from appservice.messages.store import MessageStore, Place
from appservice.messages.wire import MessageModel, MessageRow, ReplyModel, SystemRow
from appservice.people.faces import NOBODY, Face

PINS = "m.room.pinned_events"
MOST_PINS = 100
_MOST_REPLIES = 10
_AT_ONCE = 5

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads which room, and what they do not want to or cannot see."""

    me: str
    place: Place
    hidden: frozenset[str]
    pinned: frozenset[str]


class Rows:
    """Makes rows."""

    def __init__(self, store: MessageStore, homeserver: Timeline, reactions: Reactions) -> None:
        self._store = store
        self._homeserver = homeserver
        self._reactions = reactions

    async def made(self, reader: Reader, events: Sequence[Json]) -> list[MessageRow | SystemRow]:
        """The rows of events, in their order; those of hidden people are left out."""
        seen = [event for event in events if _sender(event) not in reader.hidden]
        positions = await self._store.positions([str(event.get("event_id")) for event in seen])
        talk = [event for event in seen if _is_message(event)]
        found = {
            message.event_id: message for message in await self._messages(reader, talk, positions)
        }
        others = [event for event in seen if not _is_message(event)]
        faces = await self._store.faces(_named(others))
        rows: list[MessageRow | SystemRow] = []
        for event in seen:
            event_id = str(event.get("event_id"))
            if _is_message(event):
                rows.append(MessageRow.model_validate(found[event_id].model_dump()))
            else:
                told = system.row(event, faces, positions.get(event_id))
                rows += [told] if told else []
        return rows

    async def messages(self, reader: Reader, events: Sequence[Json]) -> list[MessageModel]:
        """As `made`, of messages only."""
        talk = [e for e in events if _is_message(e) and _sender(e) not in reader.hidden]
        positions = await self._store.positions([str(event.get("event_id")) for event in talk])
        return await self._messages(reader, talk, positions)

    async def _messages(
        self, reader: Reader, events: Sequence[Json], positions: Mapping[str, int]
    ) -> list[MessageModel]:
        room_id = reader.place.room_id
        plain = [model.message(event, {}, room_id=room_id) for event in events]
        reactions, answered = await asyncio.gather(
            self._reactions.of(
                room_id,
                [message.event_id for message in plain if not message.deleted],
                me=reader.me,
                joined=reader.place.membership == "join",
                hidden=reader.hidden,
            ),
            self._answered(reader, plain),
        )
        people = {message.sender for message in plain} | {m.sender for m in answered.values()}
        people |= {who for gs in reactions.values() for given in gs for who, _ in given.people}
        faces = await self._store.faces(people)
        found = []
        for message in plain:
            face = faces.get(message.sender, NOBODY)
            reply = message.reply_to
            thread = message.thread
            if thread is not None and thread.latest_sender in reader.hidden:
                thread = thread.model_copy(update={"latest_sender": None})
            more = {
                "position": positions.get(message.event_id),
                "sender_name": face.name,
                "sender_avatar": face.avatar,
                "thread": thread,
                "pinned": message.event_id in reader.pinned,
                "reactions": shown(reactions.get(message.event_id, []), faces, reader.me),
                "reply_to": reply and _reply(reply, answered.get(reply.event_id), faces),
            }
            found.append(message.model_copy(update=more))
        return found

    async def _answered(
        self, reader: Reader, messages: Sequence[MessageModel]
    ) -> Mapping[str, MessageModel]:
        """What the messages answer: from among themselves, else asked for as the reader."""
        here = {message.event_id: message for message in messages}
        wanted = dict.fromkeys(m.reply_to.event_id for m in messages if m.reply_to)
        missing = [event_id for event_id in wanted if event_id not in here][-_MOST_REPLIES:]
        turns = asyncio.Semaphore(_AT_ONCE)

        async def one(event_id: str) -> MessageModel | None:
            async with turns:
                try:
                    event = await self.seen(reader, event_id)
                except (HomeserverRefused, Unavailable):
                    # A reply without its excerpt is better than no history.
                    return None
            return model.message(event, {}, room_id=reader.place.room_id) if event else None

        fetched = await asyncio.gather(*(one(event_id) for event_id in missing))
        there = {message.event_id: message for message in fetched if message}
        return {
            event_id: message
            for event_id, message in {**here, **there}.items()
            if event_id in wanted and message.sender not in reader.hidden
        }

    async def seen(self, reader: Reader, event_id: str) -> Json | None:
        """A message of the room as the reader may see it; None when they may not."""
        event = await self._homeserver.event(reader.place.room_id, event_id, as_user=reader.me)
        here = event is not None and event.get("room_id") == reader.place.room_id
        return event if event is not None and here and _is_message(event) else None


def _reply(
    reply: ReplyModel, answered: MessageModel | None, faces: Mapping[str, Face]
) -> ReplyModel:
    if answered is None:
        return reply
    readable = not answered.deleted and answered.kind != "encrypted"
    return ReplyModel(
        event_id=reply.event_id,
        sender=answered.sender,
        sender_name=faces.get(answered.sender, NOBODY).name,
        body=model.excerpt(answered) if readable else None,
    )


def _is_message(event: Json) -> bool:
    return event.get("type") in model.MESSAGES and "state_key" not in event


def _sender(event: Json) -> str:
    return str(event.get("sender", ""))


def _named(events: Sequence[Json]) -> set[str]:
    return {_sender(event) for event in events} | {
        str(event.get("state_key")) for event in events if event.get("type") == "m.room.member"
    }
