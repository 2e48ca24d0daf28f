# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a receiver comes into a room: first what it has missed, then the present, without a seam.

Between the last look at `Room.seen` and `Room.admit` nothing else may run, so nothing is awaited
there; whatever passed before is replayed, whatever comes later is live.
"""

from collections.abc import Callable
from dataclasses import dataclass

from appservice.errors import NotFound
from appservice.realtime import frames
from appservice.realtime.access import Access, Place
from appservice.realtime.envelope import Envelope, Packet
from appservice.realtime.replay import Replay
from appservice.realtime.room import Room
from appservice.realtime.sink import Sink

Begin = Callable[[int | None], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """Lets receivers in.

    Attributes:
        replay: the past.
        access: the registry.
        hides: whether a person does not want to read a sender.
    """

    replay: Replay
    access: Access
    hides: Callable[[str, str], bool]

    async def into(
        self, room: Room, sink: Sink, place: Place, resume_from: int | None, begin: Begin
    ) -> None:
        """Let an expected receiver in.

        Args:
            room: where to; `sink` is expected there already.
            sink: the receiver.
            place: the room as the person found it.
            resume_from: the last position the receiver has; None begins now.
            begin: called once with the position behind which the frames that follow are.

        Raises:
            NotFound: the person is not, or no longer, joined.
            Unavailable: a database is away.
        """
        # Asked again, now that the room keeps out whoever leaves.
        since: int | None = place.since
        if sink.user_id not in room.members:
            since = (await self.access.joined(place.room_id, [sink.user_id])).get(sink.user_id)
        if since is None:
            raise NotFound
        if self.replay.possible and since > room.seen:
            # It has not heard of them yet: what was said before they came is not theirs to hear.
            room.catch_up()
            await room.caught_up()
        # Registries of early versions hold times where nobody told a position.
        if not room.vouch(sink, min(since, room.seen)):
            raise NotFound
        if resume_from is None:
            begin(room.seen if self.replay.possible else None)
        elif not self.replay.possible:
            begin(None)
            _resync(room, sink, None)
        else:
            await self._resume(room, sink, resume_from, begin)
        if not room.expected(sink):
            raise NotFound
        room.admit(sink)

    async def _resume(self, room: Room, sink: Sink, position: int, begin: Begin) -> None:
        if position > room.seen:
            # Another process was faster; or the position was never given out.
            room.catch_up()
            await room.caught_up()
        goal = room.seen
        missed = await self.replay.seen_by(sink.user_id, room.room_id, position)
        if missed is None or position > room.seen:
            begin(room.seen)
            _resync(room, sink, room.seen)
            return
        begin(position)
        while True:
            # All that had passed before the reading began was there to be read.
            position = max(goal, self._send(missed, room, sink))
            if position >= room.seen or not room.expected(sink):
                return
            goal = room.seen
            missed = await self.replay.seen_by(sink.user_id, room.room_id, position)
            if missed is None:
                _resync(room, sink, room.seen)
                return

    def _send(self, missed: list[Envelope], room: Room, sink: Sink) -> int:
        last = 0
        for envelope in missed:
            position = envelope.position or 0
            # What the room itself has not passed yet comes live.
            if position > room.seen:
                break
            last = position
            if envelope.body and not self.hides(sink.user_id, envelope.sender):
                sink.send(Packet(envelope.body))
        return last


def _resync(room: Room, sink: Sink, position: int | None) -> None:
    frame = frames.Resync(room_id=room.room_id, position=position)
    sink.send(Packet(frames.encoded(frame)))
