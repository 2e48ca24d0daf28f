# SPDX-License-Identifier: AGPL-3.0-or-later
"""People who write without pause and remember what the homeserver acknowledged.

A message is sent again under the same transaction id until it is acknowledged, as clients do.
"""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import quote

import aiohttp

_PATIENCE = aiohttp.ClientTimeout(total=60)
_PAUSE = 0.2
_OK = 200
_COMMAND_EVERY = 40


@dataclass(slots=True)
class Writer:
    """One person.

    Attributes:
        messages: acknowledged event ids by room, in the order of sending.
        commands: acknowledged event ids of commands to the bot.
    """

    user_id: str
    token: str
    own_room: str = ""
    messages: dict[str, list[str]] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    _sent: int = 0

    async def write(
        self, session: aiohttp.ClientSession, url: str, common: str, stop: asyncio.Event
    ) -> None:
        """Write into the common room and one's own in turn until told to stop."""
        while not stop.is_set():
            self._sent += 1
            room = common if self._sent % 2 else self.own_room
            command = self._sent % _COMMAND_EVERY == 0
            body = "!kith friends" if command else f"message {self._sent}"
            event_id = await self._insist(session, url, room, body)
            if command:
                self.commands.append(event_id)
            else:
                self.messages.setdefault(room, []).append(event_id)

    async def _insist(self, session: aiohttp.ClientSession, url: str, room: str, body: str) -> str:
        where = f"/_matrix/client/v3/rooms/{quote(room)}/send/m.room.message/w{self._sent}"
        while True:
            try:
                status, answer = await self.request(
                    session, "PUT", url + where, {"msgtype": "m.text", "body": body}
                )
            except (aiohttp.ClientError, TimeoutError, ValueError):
                status = 0
            if status == _OK:
                return str(answer["event_id"])
            await asyncio.sleep(_PAUSE)

    async def request(
        self, session: aiohttp.ClientSession, method: str, url: str, body: object = None
    ) -> tuple[int, dict[str, str]]:
        """Status and JSON of one request as this person."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with session.request(
            method, url, json=body, headers=headers, timeout=_PATIENCE
        ) as answer:
            found: dict[str, str] = await answer.json(content_type=None)
            return answer.status, found
