# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts what was accepted, and what is fleeting, on the bus; never in the way of the intake.

What cannot be published is not lost: every process looks into the database now and then.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from appservice import metrics
from appservice.database import Question, Rows
from appservice.errors import Unavailable
from appservice.homeserver.event import Event
from appservice.realtime import channels, frames
from appservice.realtime.bus import Bus, Message
from appservice.realtime.envelope import Envelope
from appservice.realtime.fleeting import Fleeting
from appservice.realtime.shaper import Shaper

_LOG = structlog.get_logger("kith.realtime")
_LONGEST = 2_000
"""Events that may wait; more are left to the database (a first start brings a whole history)."""

_LIVE = 100
"""Events of one run that somebody may be waiting for; a longer run is a past."""


class Publisher:
    """A queue between the intake and the bus."""

    def __init__(self, bus: Bus, shaper: Shaper, fleeting: Fleeting) -> None:
        """Args: the bus; who makes frames of events; who makes them of what is fleeting."""
        self._bus = bus
        self._shaper = shaper
        self._fleeting = fleeting
        self._runs: list[tuple[Sequence[Event], Mapping[str, Rows] | None]] = []
        self._waiting = 0
        self._heard: list[dict[str, Any]] = []
        self._wake = asyncio.Event()

    def questions(self, events: Sequence[Event]) -> Mapping[str, Question]:
        """What has to be known to tell of events (asked by the consumer)."""
        return self._shaper.questions(events) if len(events) <= _LIVE else {}

    def applied(self, events: Sequence[Event], answers: Mapping[str, Rows] | None = None) -> None:
        """Take events that are committed, with what is answered to `questions`."""
        self._runs.append((events, answers if len(events) <= _LIVE else None))
        self._waiting += len(events)
        if self._waiting > _LONGEST:
            _LOG.info("left_to_the_database", events=self._waiting)
            self._runs.clear()
            self._waiting = 0
        self._wake.set()

    def heard(self, events: list[dict[str, Any]]) -> None:
        """Take typing, receipts and presence (a hook of the door)."""
        self._heard += events[: _LONGEST - len(self._heard)]
        self._wake.set()

    async def run(self) -> None:
        """Publish for ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            runs, self._runs = self._runs, []
            waited, self._waiting = self._waiting, 0
            heard, self._heard = self._heard, []
            try:
                for events, answers in runs:
                    await self._publish(events, answers)
                await self._fleeting.publish(heard)
            except Unavailable as error:
                metrics.ERRORS.labels("publisher").inc()
                _LOG.warning("not_published", part=error.part, events=waited)

    async def _publish(self, events: Sequence[Event], answers: Mapping[str, Rows] | None) -> None:
        messages: list[Message] = []
        if answers is None:
            shaped = await self._shaper.envelopes(events)
        else:
            shaped = self._shaper.shaped(events, answers)
        for event, envelope in zip(events, shaped, strict=True):
            if envelope.subject is not None and envelope.body:
                # Before the room: a receiver that still hears it gets it there.
                messages.append(_own(event.room_id, envelope, envelope.subject))
            messages.append((channels.room(event.room_id), envelope))
        await self._bus.publish(messages)


def _own(room_id: str, envelope: Envelope, subject: tuple[str, str]) -> Message:
    user_id, membership = subject
    body = envelope.body
    if membership == "ban":
        # Anybody can ban a stranger from a room of theirs; their words stay with them (D28).
        frame = frames.MemberChanged.model_validate_json(body)
        body = frames.encoded(frame.model_copy(update={"reason": None}))
    own = Envelope(body, envelope.position, subject=(room_id, membership))
    return channels.person(user_id), own
