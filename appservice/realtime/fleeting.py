# SPDX-License-Identifier: AGPL-3.0-or-later
"""Typing, receipts and presence as Synapse tells of them: frames now, and hints in Redis (M5).

Nothing of it is kept for longer than seconds, and nothing depends on any of it.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from appservice.clock import Clock, epoch_ms
from appservice.homeserver.event import is_user_id
from appservice.realtime import channels, frames
from appservice.realtime.bus import Bus, Message
from appservice.realtime.envelope import Envelope
from appservice.realtime.hints import AwayError, Hints

TYPING_LIFE = 10
"""Seconds a typing hint stays in Redis without renewal (D31)."""

_MOST_ROOMS = 10_000
_STATES = frozenset({"online", "unavailable", "offline"})


class Fleeting:
    """Publishes what is not an event of a room."""

    def __init__(self, bus: Bus, hints: Hints, clock: Clock) -> None:
        """Args: the bus; Redis for the hints; the time."""
        self._bus = bus
        self._hints = hints
        self._clock = clock
        self._typing: dict[str, frozenset[str]] = {}

    async def publish(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Take ephemeral events as the homeserver sends them."""
        messages: list[Message] = []
        for event in events:
            kind, content = event.get("type"), event.get("content")
            room_id, sender = event.get("room_id"), event.get("sender")
            if not isinstance(content, Mapping):
                continue
            if kind == "m.typing" and isinstance(room_id, str):
                messages += await self._types(room_id, content)
            elif kind == "m.receipt" and isinstance(room_id, str):
                messages += _receipts(room_id, content)
            elif kind == "m.presence" and isinstance(sender, str):
                messages += _presence(sender, content)
        if messages:
            await self._bus.publish(messages)

    async def goes_on(self, room_id: str, user_id: str) -> None:
        """Tell a room that somebody of the web goes on typing.

        The homeserver tells of who begins and who stops, and of nothing in between (D31).
        """
        await self._remember(room_id, frozenset({user_id}), others=True)
        await self._bus.publish([_typing(room_id, user_id, typing=True)])

    async def typists(self, room_id: str) -> list[str]:
        """Who types in a room, as far as is known."""
        try:
            async with self._hints.asked() as redis:
                found = await redis.hkeys(channels.typing(room_id))
        except AwayError:
            return sorted(self._typing.get(room_id, ()))
        return sorted(name.decode() if isinstance(name, bytes) else name for name in found)

    async def _types(self, room_id: str, content: Mapping[str, Any]) -> list[Message]:
        given = content.get("user_ids")
        now = frozenset(filter(is_user_id, given if isinstance(given, list) else ()))
        # Who began and stopped between two of its words, the homeserver never named.
        before = frozenset(await self.typists(room_id)) | self._typing.pop(room_id, frozenset())
        if now and len(self._typing) < _MOST_ROOMS:
            self._typing[room_id] = now
        await self._remember(room_id, now, others=False)
        changes = [(user, True) for user in sorted(now)]
        changes += [(user, False) for user in sorted(before - now)]
        return [_typing(room_id, user, typing=typing) for user, typing in changes]

    async def _remember(self, room_id: str, typists: frozenset[str], *, others: bool) -> None:
        key, now = channels.typing(room_id), epoch_ms(self._clock.now())
        with contextlib.suppress(AwayError):
            async with self._hints.asked() as redis:
                pipe = redis.pipeline()
                if not others:
                    pipe.delete(key)
                if typists:
                    pipe.hset(key, mapping=dict.fromkeys(typists, now))
                    pipe.expire(key, TYPING_LIFE)
                await pipe.execute()


def _typing(room_id: str, user: str, *, typing: bool) -> Message:
    frame = frames.Typing(room_id=room_id, user_id=user, typing=typing)
    return _message(channels.room(room_id), frame, user)


def _receipts(room_id: str, content: Mapping[str, Any]) -> Iterator[Message]:
    for event_id, kinds in content.items():
        readers = kinds.get("m.read") if isinstance(kinds, Mapping) else None
        for user, data in readers.items() if isinstance(readers, Mapping) else ():
            if not is_user_id(user) or not isinstance(data, Mapping):
                continue
            thread, ts = data.get("thread_id"), data.get("ts")
            frame = frames.Receipt(
                room_id=room_id,
                user_id=user,
                event_id=str(event_id),
                thread_id=thread if isinstance(thread, str) else None,
                ts=ts if isinstance(ts, int) else None,
            )
            yield _message(channels.room(room_id), frame, user)


def _presence(user: str, content: Mapping[str, Any]) -> Iterator[Message]:
    state, ago = content.get("presence"), content.get("last_active_ago")
    if is_user_id(user) and state in _STATES:
        frame = frames.Presence.model_validate(
            {
                "user_id": user,
                "presence": state,
                "last_active_ago": ago if isinstance(ago, int) else None,
            }
        )
        yield _message(channels.PRESENCE, frame, user)


def _message(channel: str, frame: frames.Frame, sender: str) -> Message:
    return channel, Envelope(frames.encoded(frame), sender=sender)
