# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an adoption did, or would do, in lines for a terminal."""

from collections.abc import Mapping
from dataclasses import dataclass

_KINDS = {
    "server": "servers",
    "forum": "forums",
    "channel": "channels",
    "circle": "circles",
    "dm": "direct conversations",
    "foreign": "rooms of other servers",
}


@dataclass(frozen=True, slots=True)
class Report:
    """Numbers of one pass.

    Attributes:
        rooms: by kind; a line of upgrades counts once.
        people: of this server.
        others: of other servers.
        blocks: newly made from ignore lists.
        friendships: newly made.
        kept: 1:1s that stay open without friendship.
        frozen: 1:1s in which both are and nobody may write.
        blocked: of these, those with a block between the two.
        one_sided: of these, those in which not both ever wrote.
        failed: rooms that could not be written.
    """

    rooms: Mapping[str, int]
    people: int
    others: int
    blocks: int
    friendships: int
    kept: int
    frozen: int
    blocked: int
    one_sided: int
    failed: int

    def lines(self, *, dry_run: bool) -> list[str]:
        """The report as it is shown."""
        found = ["This is what would be done; nothing was written:" if dry_run else "Taken over:"]
        found.append(f"  people: {self.people} of this server, {self.others} of others")
        found += [
            f"  {name}: {self.rooms[kind]}"
            for kind, name in _KINDS.items()
            if self.rooms.get(kind)
        ]
        found += [
            f"  blocks made from ignore lists: {self.blocks}",
            f"  friendships made: {self.friendships}",
            f"  1:1s open without friendship: {self.kept}",
            f"  1:1s that are read-only: {self.frozen}",
            f"    of these with a block: {self.blocked}",
            f"    of these in which not both ever wrote: {self.one_sided}",
        ]
        if self.failed:
            found.append(f"  rooms that could not be taken over, see the log: {self.failed}")
        return found
