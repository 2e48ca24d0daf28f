# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a delivered message costs: Kith's gateway beside clients that ask Synapse's own `/sync`.

The same room of twenty people on the same instance: first all twenty wait on `/sync` as Matrix
clients do, then all twenty have a socket of the gateway. Somebody speaks at an even pace. Counted
is the processor time that each server uses above the one that sending alone costs.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import aiohttp

from bench import stage
from bench.chaos.driver import general, instance, secret_of
from bench.chaos.writers import Writer
from bench.load import Client, cpu_seconds
from bench.report import Report, median
from bench.sockets import Crowd
from stack.up import Stack

_SHARE = 0.1
_PEOPLE, _PACE = 20, 0.1
_PATIENCE = aiohttp.ClientTimeout(total=90)
_SYNC = "/_matrix/client/v3/sync"
_FILTER = '{"presence":{"types":[]},"account_data":{"types":[]},"room":{"timeline":{"limit":50}}}'


async def run(*, quick: bool = False) -> Report:
    """Nobody listens, all ask `/sync`, all have sockets; several times in turn."""
    messages, rounds = (20, 1) if quick else (100, 3)
    with stage.folder() as place:
        found = await _run(place, messages, rounds)
    report = Report("sync", f"{messages} messages, {_PEOPLE} members, median of {rounds} rounds")
    sync, gateway = median([r.sync for r in found]), median([r.gateway for r in found])
    intake = median([r.intake for r in found])
    report.add("/sync: Synapse, a delivered message", sync * 1e3, "ms")
    report.add("sockets: gateway, a delivered message", gateway * 1e3, "ms")
    report.at_most("gateway / sync", gateway / sync, "x", _SHARE)
    report.add("intake of `serve`, a message, listened to or not", intake * 1e3, "ms")
    both = (gateway + intake / _PEOPLE) / sync
    report.add(f"gateway and intake / sync, {_PEOPLE} members", both, "x")
    return report


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds of processor.

    Attributes:
        sync: of Synapse, a delivered message, above sending.
        gateway: of `serve`, a delivered message, above what it does for any event.
        intake: of `serve`, a message nobody listens to.
    """

    sync: float
    gateway: float
    intake: float


@dataclass(slots=True)
class _Scene:
    instance: Stack
    client: Client
    session: aiohttp.ClientSession
    tokens: Sequence[str]
    room: str

    def cpu(self, name: str) -> float:
        """Processor time of a process so far."""
        return cpu_seconds(self.instance.children[name].pid or 0)

    async def speak(self, messages: int) -> None:
        """At an even pace."""
        begin = time.perf_counter()
        for number in range(messages):
            await asyncio.sleep(max(0.0, begin + number * _PACE - time.perf_counter()))
            await self.client.message(self.room, self.tokens[0])


async def _run(place: Path, messages: int, rounds: int) -> list[Round]:
    async with instance(place) as running, aiohttp.ClientSession(timeout=_PATIENCE) as session:
        scene = await _scene(running, session)
        await _round(scene, max(10, messages // 5))
        return [await _round(scene, messages) for _ in range(rounds)]


async def _scene(running: Stack, session: aiohttp.ClientSession) -> _Scene:
    client = Client(running.matrix_url, session)
    secret = secret_of(running)
    tokens = [await client.register(secret, f"member{number}") for number in range(_PEOPLE)]
    room = await general(Writer("", tokens[0]), running, session)
    for token in tokens:
        await client.call("POST", f"/_matrix/client/v3/join/{quote(room)}", token, {})
    return _Scene(running, client, session, tokens, room)


async def _round(scene: _Scene, messages: int) -> Round:
    deliveries = messages * _PEOPLE
    synapse, serve = scene.cpu("Synapse"), scene.cpu("Appservice")
    await scene.speak(messages)
    sending, intake = scene.cpu("Synapse") - synapse, scene.cpu("Appservice") - serve

    heard = [asyncio.Event() for _ in scene.tokens]
    readers = [
        asyncio.create_task(_ask_sync(scene, token, messages, event))
        for token, event in zip(scene.tokens, heard, strict=True)
    ]
    await asyncio.gather(*(event.wait() for event in heard))
    synapse = scene.cpu("Synapse")
    await scene.speak(messages)
    await asyncio.gather(*readers)
    sync = scene.cpu("Synapse") - synapse - sending

    crowd = Crowd()
    await _connect(scene, crowd)
    serve = scene.cpu("Appservice")
    await scene.speak(messages)
    await crowd.count(deliveries)
    gateway = scene.cpu("Appservice") - serve - intake
    crowd.close()
    return Round(sync / deliveries, max(0.0, gateway) / deliveries, intake / messages)


async def _ask_sync(scene: _Scene, token: str, messages: int, ready: asyncio.Event) -> None:
    """Long-poll until all messages came."""
    url, since, came = scene.instance.matrix_url + _SYNC, "", 0
    headers = {"Authorization": f"Bearer {token}"}
    while came < messages:
        params = {"filter": _FILTER, "timeout": "30000", **({"since": since} if since else {})}
        async with scene.session.get(url, params=params, headers=headers) as answer:
            body = await answer.json()
        if since:
            room = body.get("rooms", {}).get("join", {}).get(scene.room, {})
            events = room.get("timeline", {}).get("events", [])
            came += sum(event["type"] == "m.room.message" for event in events)
        since = body["next_batch"]
        ready.set()


async def _connect(scene: _Scene, crowd: Crowd) -> None:
    port = scene.instance.decided.port
    url = f"http://127.0.0.1:{port}/api/v1/auth/ws-connection-token/"
    paths = []
    for token in scene.tokens:
        headers = {"Authorization": f"Bearer {token}"}
        async with scene.session.post(url, headers=headers) as answer:
            made = (await answer.json())["connection_token"]
        room = quote(scene.room, safe="")
        paths.append(f"/ws/community/room/{room}/?connection_token={made}")
    await crowd.connect(port, paths)
