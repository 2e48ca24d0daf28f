# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs a whole instance under load, kills its processes at random, and has the result checked."""

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import aiohttp

from bench.chaos.checker import Outcome, check
from bench.chaos.listeners import History, Listener
from bench.chaos.proxy import Proxy, to_port
from bench.chaos.writers import Writer
from bench.load import Client
from stack import settings
from stack.child import Child
from stack.health import answers
from stack.layout import Layout
from stack.options import Asked, decide
from stack.ports import free_port
from stack.up import Stack

VICTIMS = ("Synapse", "Appservice", "Worker", "PostgreSQL", "Redis")
STALLED = "Synapse behind a stalled appservice"
"""Synapse's queue is full when it dies: the case in which its own push loses events."""
NETWORK = "Network of the listeners"
_NAME = "hs.test"
_SOCKETS_EACH = 10
"""Half of what a person may have: those of a killed process count for a lease."""
_KINDS = ("messages", "edits", "reactions", "redactions")
_PLENTY = 10_000_000
_SETTLED_WITHIN = 90.0
_STALL = 2.0
_POLL = 0.05
_FAST = {"per_second": 100_000, "burst_count": 100_000}


@dataclass(frozen=True, slots=True)
class Plan:
    """How hard.

    Attributes:
        kills: of each process.
        writers: people writing at once.
        listeners: sockets that must hear all of it.
        cut: seconds the listeners' network passes nothing on, once for every kill.
        calm: seconds of load between two kills, at most.
        seed: of the order and the moments.
    """

    kills: int = 1
    writers: int = 4
    listeners: int = 200
    cut: float = 2.0
    calm: float = 1.5
    seed: int = 1


@dataclass(slots=True)
class _Scene:
    running: Stack
    network: Proxy
    session: aiohttp.ClientSession
    writers: list[Writer]
    common: str
    listeners: list[Listener] = field(default_factory=list)


async def torment(place: Path, plan: Plan) -> Outcome:
    """Start an instance in a folder, torment it, stop it.

    Returns:
        What the checker found once everything had come to rest.
    """
    async with (
        instance(place) as running,
        aiohttp.ClientSession() as session,
        Proxy(to_port(running.decided.port)) as network,
    ):
        writers = await _writers(running, session, plan.writers)
        common = await general(writers[0], running, session)
        scene = _Scene(running, network, session, writers, common)
        async with _listening(scene, plan.listeners):
            return await _load(scene, plan)


async def _load(scene: _Scene, plan: Plan) -> Outcome:
    stop = asyncio.Event()
    load = [
        asyncio.create_task(
            writer.write(scene.session, scene.running.matrix_url, scene.common, stop)
        )
        for writer in scene.writers
    ]
    back_after = await _kill_all(scene, plan)
    stop.set()
    await asyncio.gather(*load)
    outcome = await _settled(scene)
    outcome.back_after = back_after
    return outcome


@asynccontextmanager
async def instance(place: Path) -> AsyncIterator[Stack]:
    """A whole instance in a folder, with limits raised."""
    layout = Layout(place / "data")
    layout.make()
    # Limits are raised, never switched off.
    kinds = ("messages_per_hour", *(f"{what}_per_minute" for what in _KINDS))
    rates = dict.fromkeys(kinds, _PLENTY)
    settings.write(layout.operator_settings, {"server_name": _NAME, "rules": {"rates": rates}})
    settings.write(
        layout.extra_homeserver,
        {"rc_message": _FAST, "rc_registration": _FAST, "bcrypt_rounds": 4},
    )
    asked = Asked(data=layout.data, port=free_port(), matrix_port=free_port())
    async with Stack(layout, decide(asked, layout, {})) as running:
        yield running


def secret_of(running: Stack) -> str:
    """What registers accounts there."""
    made = settings.read(running.layout.settings)
    return str(made["synapse"]["registration_shared_secret"])


async def _writers(instance: Stack, session: aiohttp.ClientSession, count: int) -> list[Writer]:
    secret = secret_of(instance)
    client = Client(instance.matrix_url, session)
    writers = []
    for number in range(count):
        token = await client.register(secret, f"writer{number}")
        writer = Writer(f"@writer{number}:{_NAME}", token)
        room = await client.call("POST", "/_matrix/client/v3/createRoom", token, {})
        writer.own_room = room["room_id"]
        writers.append(writer)
    return writers


@asynccontextmanager
async def _listening(scene: _Scene, sockets: int) -> AsyncIterator[None]:
    """So many sockets, all of them in the room before anything is said."""
    client = Client(scene.running.matrix_url, scene.session)
    secret, url = secret_of(scene.running), f"http://127.0.0.1:{scene.network.port}"
    history = History(url, scene.common)
    for number in range(0, sockets, _SOCKETS_EACH):
        token = await client.register(secret, f"listener{number}")
        await client.call("POST", f"/_matrix/client/v3/join/{quote(scene.common)}", token, {})
        count = min(_SOCKETS_EACH, sockets - number)
        scene.listeners += [Listener(url, token, scene.common, history) for _ in range(count)]
    # Each has a connection of its own for ever; a session's default is a hundred.
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as own:
        tasks = [asyncio.create_task(listener.listen(own)) for listener in scene.listeners]
        try:
            async with asyncio.timeout(_SETTLED_WITHIN):
                for listener in scene.listeners:
                    await listener.began.wait()
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def general(writer: Writer, instance: Stack, session: aiohttp.ClientSession) -> str:
    """The room everybody is brought into; waits until all are."""
    url = instance.matrix_url + "/_matrix/client/v3/"
    alias = f"directory/room/%23general:{_NAME}"
    deadline = time.monotonic() + _SETTLED_WITHIN
    while time.monotonic() < deadline:
        status, answer = await writer.request(session, "GET", url + alias)
        if status == 200:  # noqa: PLR2004 - OK
            return answer["room_id"]
        await asyncio.sleep(_POLL)
    raise RuntimeError("General was not made")


async def _kill_all(scene: _Scene, plan: Plan) -> dict[str, list[float]]:
    instance, network = scene.running, scene.network
    victims = [name for name in VICTIMS if name in instance.children]
    order = [name for name in (*victims, STALLED, NETWORK) for _ in range(plan.kills)]
    chance = random.Random(plan.seed)  # noqa: S311 - repeatable, not secret
    chance.shuffle(order)
    back_after: dict[str, list[float]] = {}
    for name in order:
        await asyncio.sleep(chance.uniform(0.2, plan.calm))
        if name == NETWORK:
            network.silence()
            await asyncio.sleep(plan.cut)
            # What comes back are new connections; the old ones have timed out.
            network.cut()
            network.mend()
            continue
        victim = VICTIMS[0] if name == STALLED else name
        child = instance.children[victim]
        restarts = child.restarts
        if name == STALLED:
            await _kill_behind_stall(instance, child)
        else:
            child.kill()
        back_after.setdefault(name, []).append(await _until_back(instance, victim, restarts))
    return back_after


async def _kill_behind_stall(instance: Stack, child: Child) -> None:
    appservice = instance.children["Appservice"]
    appservice.kill(signal.SIGSTOP)
    try:
        await asyncio.sleep(_STALL)
        child.kill()
    finally:
        appservice.kill(signal.SIGCONT)


async def _until_back(instance: Stack, name: str, restarts: int) -> float:
    """Seconds from the restart until everything is ready: the supervisor's pause left out."""
    child = instance.children[name]
    ready = f"http://127.0.0.1:{instance.decided.port}/readyz"
    deadline = time.monotonic() + _SETTLED_WITHIN
    began = 0.0
    while time.monotonic() < deadline:
        if child.restarts > restarts:
            began = began or time.monotonic()
            if child.pid and await answers(ready):
                return time.monotonic() - began
        await asyncio.sleep(_POLL)
    raise RuntimeError(f"{name} did not come back")


async def _settled(scene: _Scene) -> Outcome:
    """The outcome as soon as it is clean, or as it stands when patience ends."""
    made = settings.read(scene.running.layout.settings)
    urls = str(made["database_url"]), str(made["synapse"]["database_url"])
    people = scene.writers, scene.listeners
    deadline = time.monotonic() + _SETTLED_WITHIN
    while True:
        outcome = await asyncio.to_thread(check, *urls, *people, scene.common)
        if outcome.clean or time.monotonic() > deadline:
            return outcome
        await asyncio.sleep(_POLL * 5)
