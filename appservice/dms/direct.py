# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list `m.direct` by which Matrix clients know a room as a conversation with somebody."""

from typing import Any

from appservice.homeserver.port import Homeserver
from appservice.transaction import Transaction

_KIND = "m.direct"
MARK = "dms.mark_direct"
"""Name of the job."""


async def mark_direct(tx: Transaction, user_id: str, other: str, room_id: str) -> None:
    """Queue it: the list is read and written whole, so whoever adds to it takes turns."""
    await tx.defer(MARK, lock=f"direct:{user_id}", user_id=user_id, other=other, room_id=room_id)


class DirectMarks:
    """Writes the list; its jobs run one after the other for each person (`lock`)."""

    def __init__(self, homeserver: Homeserver) -> None:
        self._homeserver = homeserver

    async def mark(self, user_id: str, other: str, room_id: str) -> None:
        """Add a room to somebody's conversations with another; repeating it changes nothing."""
        content: dict[str, Any] = await self._homeserver.get_account_data(user_id, _KIND) or {}
        rooms = content.get(other)
        known = rooms if isinstance(rooms, list) else []
        if room_id not in known:
            await self._homeserver.set_account_data(
                user_id, _KIND, {**content, other: [*known, room_id]}
            )
