# SPDX-License-Identifier: AGPL-3.0-or-later
"""What travels between processes: a short header that says whom it is for, and a finished frame.

The frame is encoded once, by whoever makes it; nobody on the way reads it again.
"""

import json
from dataclasses import dataclass
from functools import cached_property

from appservice.realtime.direct import renamed

_SHORT, _MEDIUM = 126, 1 << 16
_TEXT = 0x81


class Packet:
    """One frame, as JSON and as the bytes of a WebSocket message (RFC 6455, 5.2)."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    @cached_property
    def wire(self) -> bytes:
        """A final, unmasked text frame: the same for every socket."""
        length = len(self.body)
        if length < _SHORT:
            head = bytes((_TEXT, length))
        elif length < _MEDIUM:
            head = bytes((_TEXT, 126)) + length.to_bytes(2, "big")
        else:
            head = bytes((_TEXT, 127)) + length.to_bytes(8, "big")
        return head + self.body

    @cached_property
    def direct(self) -> "Packet":
        """The same for sockets of direct conversations, where messages have names of their own."""
        body = renamed(self.body)
        return self if body is self.body else Packet(body)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event of a room on its way.

    Attributes:
        body: the frame; empty when the event has nothing to show.
        position: of the event; None for what has no place in the room's order.
        previous: position of the room's event before it.
        sender: whose blockers do not get it (D17); empty when everybody does.
        subject: whose membership it sets, and to what.
    """

    body: bytes
    position: int | None = None
    previous: int | None = None
    sender: str = ""
    subject: tuple[str, str] | None = None

    def pack(self) -> bytes:
        """The bytes for a Redis channel."""
        head = [self.position, self.previous, self.sender, self.subject]
        return json.dumps(head).encode() + b"\n" + self.body

    @classmethod
    def unpack(cls, raw: bytes) -> "Envelope":
        """What `pack` made."""
        head, _, body = raw.partition(b"\n")
        position, previous, sender, subject = json.loads(head)
        return cls(body, position, previous, sender, tuple(subject) if subject else None)
