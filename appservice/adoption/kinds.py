# SPDX-License-Identifier: AGPL-3.0-or-later
"""What kind a room is that was made before Kith came (D11, D41). Pure, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from policy.rooms import STAMP, RoomKind

_A_PAIR = 2


@dataclass(slots=True)
class Shape:
    """A room as it stands.

    Attributes:
        local: whether it was made on this homeserver.
        published: whether it is listed in the directory.
        joined: how many accounts are in it now.
        create: content of its create event.
        join_rule: who may come in; Matrix's own default is by invite.
        alias: whether it has an address.
    """

    local: bool
    published: bool = False
    joined: int = 0
    create: Mapping[str, Any] = field(default_factory=dict)
    join_rule: object = "invite"
    alias: bool = False

    @property
    def kind(self) -> RoomKind:
        """The kind it gets; of another server's rooms as the registry's own survey says (D29)."""
        if not self.local:
            direct = self.join_rule == "invite" and self.joined <= _A_PAIR
            return RoomKind.DM if direct else RoomKind.FOREIGN
        stamp = self.create.get(STAMP)
        if isinstance(stamp, str) and stamp in set(RoomKind) - {RoomKind.FOREIGN}:
            return RoomKind(stamp)
        if self.create.get("type") == "m.space":
            return RoomKind.SERVER
        open_ = self.join_rule != "invite" or self.alias or self.published
        return RoomKind.FORUM if open_ else RoomKind.DM

    @property
    def visibility(self) -> str:
        """Who finds it."""
        if self.kind not in (RoomKind.FORUM, RoomKind.SERVER):
            return "private"
        if self.published:
            return "public"
        return "unlisted" if self.kind is RoomKind.FORUM else "private"
