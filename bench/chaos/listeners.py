# SPDX-License-Identifier: AGPL-3.0-or-later
"""People who only listen on sockets, come back after every loss, and note what they heard.

They go through a proxy, so that their network can fail too; they resume from the last position,
and read the history when they are told that they have missed too much.
"""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from urllib.parse import quote

import aiohttp

_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
"""Seconds before the next try: doubled at each that leads nowhere. Twenty sockets of a person
who all come back at once, and again at once, would meet the limits that hold for everybody.
"""
_PATIENCE = 20.0
"""Seconds without the answer to a ping after which a client takes its connection for dead."""

_OK = 200


class History:
    """Messages of the room as the REST API gives them; what one has read the others know."""

    def __init__(self, url: str, room: str) -> None:
        """Args: the network's address; the room."""
        self._path = f"{url}/api/v1/rooms/{quote(room, safe='')}/messages"
        self._known: dict[int, str] = {}
        self._lock = asyncio.Lock()

    async def between(
        self, session: aiohttp.ClientSession, token: str, after: int, upto: int
    ) -> list[str]:
        """Event ids behind one position up to another, in order.

        Raises:
            aiohttp.ClientError: it could not be read.
            TimeoutError: it did not come.
        """
        async with self._lock:
            if upto > max(self._known, default=0):
                await self._read(session, token, max(self._known, default=after))
        return [self._known[at] for at in sorted(self._known) if after < at <= upto]

    async def _read(self, session: aiohttp.ClientSession, token: str, after: int) -> None:
        found: dict[int, str] = {}
        query = {"limit": "100"}
        bearer = {"Authorization": f"Bearer {token}"}
        patience = aiohttp.ClientTimeout(total=_PATIENCE)
        while True:
            async with session.get(
                self._path, params=query, headers=bearer, timeout=patience, raise_for_status=True
            ) as answer:
                page = await answer.json()
            places = {item["position"]: item for item in page["items"] if item["position"]}
            found |= {at: one["event_id"] for at, one in places.items() if one["row"] == "message"}
            if not page["before"] or (places and min(places) <= after):
                break
            query["before"] = page["before"]
        # All at once: half of it would look like the whole.
        self._known |= found


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
    history: History
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
                frame = json.loads(message.data)
                if frame["event"] == "resync":
                    await self._reread(session, int(frame["position"]))
                elif not self._took(frame):
                    return
        finally:
            await websocket.close()

    def _took(self, frame: dict[str, object]) -> bool:
        """Note a frame; whether the socket is still of use."""
        event, position = frame["event"], frame.get("position")
        if event in {"error", "unsubscribed"}:
            return False
        if frame.get("room_id") == self.room and isinstance(position, int):
            if event == "message:new":
                self.heard.append(str(frame["event_id"]))
            if event == "subscribed":
                self._pause = _PAUSE
                if self.first is None:
                    self.first = position
                    self.began.set()
            # "subscribed" says where the replay will end, not what has been heard.
            if event != "subscribed" or self._last is None:
                self._last = max(position, self._last or 0)
        return True

    async def _reread(self, session: aiohttp.ClientSession, upto: int) -> None:
        after = self._last or 0
        self.heard += await self.history.between(session, self.token, after, upto)
        self._last = max(upto, after)
        self.refetches += 1
