# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where frames end: a socket or a waiting request, as rooms see it."""

from typing import Protocol

from appservice.realtime.envelope import Packet


class Sink(Protocol):
    """One receiver of one person.

    Attributes:
        user_id: the person.
        personal: whether it also takes what is for the person alone.
    """

    user_id: str
    personal: bool

    def send(self, packet: Packet) -> None:
        """Take a frame, at once and without failing."""

    def dropped(self, room_id: str) -> None:
        """A room is no longer the person's; nothing of it comes any more."""
