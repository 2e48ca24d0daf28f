# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bounded load of messages through the client-server API, and what it cost Synapse."""

import asyncio
import hashlib
import hmac
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp


@dataclass(frozen=True, slots=True)
class Sent:
    """One round of messages.

    Attributes:
        latencies: seconds of each request.
        seconds: wall time of the round.
        cpu: seconds of processor time the homeserver used meanwhile.
    """

    latencies: list[float]
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Messages a second."""
        return len(self.latencies) / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of processor time a message."""
        return self.cpu * 1000 / len(self.latencies)


def cpu_seconds(pid: int) -> float:
    """Processor time of all threads of a process so far, to the nanosecond."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text("ascii").split()[0]) for thread in threads) / 1e9


class Client:
    """One homeserver's client API, as several people."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._url = url
        self._session = session
        self._number = 0

    async def register(self, secret: str, name: str, *, admin: bool = False) -> str:
        """Make an account with the registration secret (Synapse admin API); its access token."""
        path = "/_synapse/admin/v1/register"
        nonce = (await self.call("GET", path, ""))["nonce"]
        parts = (nonce, name, "bench-password", "admin" if admin else "notadmin")
        mac = hmac.new(secret.encode(), "\0".join(parts).encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": "bench-password"}
        answer = await self.call("POST", path, "", {**body, "admin": admin, "mac": mac})
        return str(answer["access_token"])

    async def call(
        self, method: str, path: str, token: str, body: object | None = None
    ) -> dict[str, str]:
        """One request; a status other than 2xx ends the benchmark with what Synapse said."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self._session.request(
            method, self._url + path, json=body, headers=headers
        ) as response:
            answer: dict[str, str] = await response.json()
            if response.status >= 300:  # noqa: PLR2004 - any non-2xx
                raise RuntimeError(f"{method} {path}: {response.status} {answer}")
            return answer

    async def message(self, room: str, token: str) -> float:
        """Send one text message; seconds it took."""
        self._number += 1
        path = f"/_matrix/client/v3/rooms/{room}/send/m.room.message/bench{self._number}"
        body = {"msgtype": "m.text", "body": f"message {self._number}"}
        begin = time.perf_counter()
        await self.call("PUT", path, token, body)
        return time.perf_counter() - begin

    async def round(self, pid: int, room: str, tokens: list[str], each: int) -> Sent:
        """Every token sends ``each`` messages one after the other, all tokens at once."""

        async def one(token: str) -> list[float]:
            return [await self.message(room, token) for _ in range(each)]

        cpu, begin = cpu_seconds(pid), time.perf_counter()
        latencies = await asyncio.gather(*(one(token) for token in tokens))
        seconds = time.perf_counter() - begin
        return Sent([x for some in latencies for x in some], seconds, cpu_seconds(pid) - cpu)
