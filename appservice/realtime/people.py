# SPDX-License-Identifier: AGPL-3.0-or-later
"""The people of this process: their receivers, what is for them alone, whom they do not read."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

import structlog
from pydantic import ValidationError

from appservice.realtime import channels, frames
from appservice.realtime.access import Access
from appservice.realtime.bus import Bus, Handler
from appservice.realtime.envelope import Envelope, Packet
from appservice.realtime.gathered import Gathered
from appservice.realtime.sink import Sink
from schema.channels import friends_frames

_LOG = structlog.get_logger("kith.realtime")
_NOBODY: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Person:
    sinks: set[Sink] = field(default_factory=set)
    handlers: dict[str, Handler] = field(default_factory=dict)
    blocked: frozenset[str] = _NOBODY


class People:
    """Everybody with something open here."""

    def __init__(self, bus: Bus, access: Access, hears: Callable[[Sink, Envelope], bool]) -> None:
        """Args: the bus; the registry; whether a receiver hears it in the room itself."""
        self._bus = bus
        self._access = access
        self._hears = hears
        self._reading = Gathered(self.reread)
        self._people: dict[str, _Person] = {}
        self._blockers: dict[str, set[str]] = defaultdict(set)

    @property
    def here(self) -> Collection[str]:
        """Who is here."""
        return self._people.keys()

    def sinks(self, user_id: str) -> Collection[Sink]:
        """What a person has open here for what is theirs alone."""
        person = self._people.get(user_id)
        return tuple(sink for sink in person.sinks if sink.personal) if person else ()

    def blockers(self, sender: str) -> Collection[str]:
        """Who here does not want to read somebody (D17)."""
        return self._blockers.get(sender, _NOBODY)

    def hides(self, reader: str, sender: str) -> bool:
        """Whether a person here does not want to read somebody."""
        return reader in self.blockers(sender)

    async def arrive(self, sink: Sink) -> bool:
        """A receiver opens; whether it is the person's first here.

        Raises:
            Unavailable: whom the person has blocked cannot be read.
        """
        person = self._people.get(sink.user_id)
        first = person is None
        if person is None:
            person = self._people[sink.user_id] = _Person()
        person.sinks.add(sink)
        if first:
            person.handlers = {
                friends_frames(sink.user_id): self._friends(sink.user_id),
                channels.person(sink.user_id): self._memberships(sink.user_id),
            }
            await self._bus.subscribe(person.handlers)
        await self._reading.about(sink.user_id)
        return first

    async def depart(self, sink: Sink) -> bool:
        """A receiver closes; whether it was the person's last here."""
        person = self._people.get(sink.user_id)
        if person is None:
            return False
        person.sinks.discard(sink)
        if person.sinks:
            return False
        del self._people[sink.user_id]
        self._set_blocked(sink.user_id, person.blocked, _NOBODY)
        self._bus.unsubscribe(person.handlers)
        return True

    async def reread(self, people: Iterable[str]) -> None:
        """Read anew whom those of them who are here have blocked."""
        here = [user_id for user_id in people if user_id in self._people]
        if not here:
            return
        for user_id, blocked in (await self._access.blocked_by(here)).items():
            person = self._people.get(user_id)
            if person is not None:
                self._set_blocked(user_id, person.blocked, blocked)
                person.blocked = blocked

    def _set_blocked(self, reader: str, old: frozenset[str], new: frozenset[str]) -> None:
        for other in old - new:
            self._blockers[other].discard(reader)
            if not self._blockers[other]:
                del self._blockers[other]
        for other in new - old:
            self._blockers[other].add(reader)

    def _friends(self, user_id: str) -> Handler:
        def handler(envelope: Envelope) -> None:
            try:
                frame = frames.Friends.model_validate(json.loads(envelope.body))
            except (ValueError, ValidationError):
                _LOG.warning("frame_not_understood", channel="friends")
                return
            packet = Packet(frames.encoded(frame))
            for sink in self.sinks(user_id):
                sink.send(packet)

        return handler

    def _memberships(self, user_id: str) -> Handler:
        def handler(envelope: Envelope) -> None:
            packet = Packet(envelope.body)
            for sink in self.sinks(user_id):
                # Who hears the room gets it there.
                if envelope.subject is None or not self._hears(sink, envelope):
                    sink.send(packet)

        return handler
