# SPDX-License-Identifier: AGPL-3.0-or-later
"""What enforcing costs a message: bare Synapse, Kith's modules, and the HTTP peer, interleaved.

The measure is processor time a message, steadier than wall time; the ratios are medians of rounds
in which all three ran one after the other, so that a drifting machine moves all three.
"""

import random
import sys
from collections import defaultdict
from pathlib import Path

import aiohttp

from bench import stage
from bench.homeservers import Community, populate, trio
from bench.load import Client, Sent
from bench.report import Report, median, percentile
from stack.child import Program
from stack.health import answers
from stack.ports import free_port

_SIZES = (10, 500)
_SENDERS = (1, 10)
Rounds = dict[tuple[int, int], dict[str, list[Sent]]]


async def run(*, quick: bool = False) -> Report:
    """Measure at 1 and 10 senders, in a room of 10 and one of 500 members."""
    sizes = (10, 30) if quick else _SIZES
    rounds, each = (2, 20) if quick else (12, 120)
    with stage.folder() as place:
        measured = await _measured(place, sizes, rounds, each)
    return _report(measured, rounds, each, strict=not quick)


async def _measured(place: Path, sizes: tuple[int, ...], rounds: int, each: int) -> Rounds:
    async with stage.postgres(place) as postgres:
        community = await populate(place / "origin", postgres, sizes)
        port = free_port()
        sink = Program(
            name="peer sink",
            argv=(sys.executable, "-m", "bench.peer_sink", str(port)),
            log=place / "sink.log",
            ready=lambda: answers(f"http://127.0.0.1:{port}/"),
        )
        async with (
            stage.running(sink),
            trio(place, postgres, community, f"http://127.0.0.1:{port}") as servers,
            aiohttp.ClientSession() as session,
        ):
            clients = {
                name: (Client(home.url, session), child.pid or 0)
                for name, (home, child) in servers.items()
            }
            return await _measure(clients, community, rounds, each)


async def _measure(
    clients: dict[str, tuple[Client, int]], community: Community, rounds: int, each: int
) -> Rounds:
    found: Rounds = defaultdict(lambda: defaultdict(list))
    for size, room in community.rooms.items():
        for senders in _SENDERS:
            count = max(1, each // senders)
            for number in range(rounds + 1):
                names = list(clients)
                random.shuffle(names)
                for name in names:
                    client, pid = clients[name]
                    sent = await client.round(pid, room, community.senders[:senders], count)
                    if number:  # the first round warms caches and is thrown away
                        found[size, senders][name].append(sent)
    return found


def _report(measured: Rounds, rounds: int, each: int, *, strict: bool) -> Report:
    report = Report("enforcement", f"{rounds} interleaved rounds of {each} messages")
    for (size, senders), by_name in measured.items():
        where = f"{size} members, {senders} sender{'s' * (senders > 1)}"
        bare = by_name["bare"]
        for name in ("bare", "kith", "peer"):
            report.add(f"{where}: CPU a message, {name}", _cpu(by_name[name]), "ms")
        for name in ("kith", "peer"):
            pairs = zip(by_name[name], bare, strict=True)
            rates = median([one.rate / other.rate for one, other in pairs])
            cost = _cpu(bare) / _cpu(by_name[name])
            added = (_p50(by_name[name]) - _p50(bare)) * 1000
            if name == "kith" and strict:
                report.at_least(f"{where}: CPU ratio, bare / kith", cost, "x", 0.97)
                report.add(f"{where}: throughput ratio, kith / bare", rates, "x")
            else:
                report.add(f"{where}: CPU ratio, bare / {name}", cost, "x")
                report.add(f"{where}: throughput ratio, {name} / bare", rates, "x")
            if name == "kith" and strict and senders == 1:
                report.at_most(f"{where}: added p50, kith", added, "ms", 0.5)
            else:
                report.add(f"{where}: added p50, {name}", added, "ms")
    return report


def _cpu(rounds: list[Sent]) -> float:
    return median([sent.cpu_ms for sent in rounds])


def _p50(rounds: list[Sent]) -> float:
    return percentile([x for sent in rounds for x in sent.latencies], 50)
