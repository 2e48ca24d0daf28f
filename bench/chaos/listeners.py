# SPDX-License-Identifier: AGPL-3.0-or-later
"""People who only listen on sockets, come back after every loss, and note what they heard.

They go through a proxy, so that their network can fail too; they resume from the last position.
"""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field

import aiohttp

_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
"""Seconds before the next try: doubled at each that leads nowhere. Twenty sockets of a person
who all come back at once, and again at once, would meet the limits that hold for everybody.
"""
_PATIENCE = 20.0
"""Seconds without the answer to a ping after which a client takes its connection for dead."""

_OK = 200


@dataclass(slots=True)
class Listener:
    """One socket of somebody.

    Attributes:
        heard: event ids of messages of the room, as they came.
        first: position at which it began; None until it has.
        began: set once it has.
        losses: connections it has lost.
        refetches: times it was told to read the history instead.
    """

    url: str
    token: str
    room: str
    heard: list[str] = field(default_factory=list)
    first: int | None = None
    losses: int = 0
    refetches: int = 0
    began: asyncio.Event = field(default_factory=asyncio.Event)
    _last: int | None = None
    _pause: float = _PAUSE

    async def listen(self, session: aiohttp.ClientSession) -> None:
        """For ever."""
        while True:
            with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError, ValueError):
                await self._connected(session)
            self.losses += 1
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    async def _connected(self, session: aiohttp.ClientSession) -> None:
        bearer = {"Authorization": f"Bearer {self.token}"}
        path = f"{self.url}/api/v1/auth/ws-connection-token/"
        patience = aiohttp.ClientTimeout(total=_PATIENCE)
        async with session.post(path, headers=bearer, timeout=patience) as answer:
            if answer.status != _OK:
                return
            token = (await answer.json())["connection_token"]
        where = f"{self.url}/ws/community/?connection_token={token}"
        async with asyncio.timeout(_PATIENCE):
            websocket = await session.ws_connect(where, max_msg_size=0, heartbeat=_PATIENCE)
        try:
            command = {"type": "subscribe", "room": self.room, "resume_from": self._last}
            await websocket.send_json({k: v for k, v in command.items() if v is not None})
            async for message in websocket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    return
                if not self._took(json.loads(message.data)):
                    return
        finally:
            await websocket.close()

    def _took(self, frame: dict[str, object]) -> bool:
        """Note a frame; whether the socket is still of use."""
        event, position = frame["event"], frame.get("position")
        if event in {"error", "unsubscribed"}:
            return False
        if event == "resync":
            self.refetches += 1
        if frame.get("room_id") == self.room and isinstance(position, int):
            if event == "message:new":
                self.heard.append(str(frame["event_id"]))
            if event == "subscribed":
                self._pause = _PAUSE
                if self.first is None:
                    self.first = position
                    self.began.set()
            self._last = max(position, self._last or 0)
        return True
