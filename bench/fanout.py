# SPDX-License-Identifier: AGPL-3.0-or-later
"""One message to many sockets: Kith's gateway beside three others, in turn, on the same machine.

The least that could do it (aiohttp and Redis, without rules, positions or history), Django
Channels (daphne and channels_redis), and NATS over WebSocket. The time runs from the homeserver's
acceptance; with Kith it includes the commit of the registry. Throughput is told per second of
processor time of the server, so that the clients, which share the machine, do not count.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench import stage
from bench.load import cpu_seconds
from bench.report import Report, percentile
from bench.sides import SIDES, Say, Servers, Shape
from bench.sockets import Crowd
from stack.redis import Redis

_RATE, _P99 = 50_000.0, 25.0
_CALM = 2_500.0
_FEWER = 10
_SECONDS = 10.0
"""How long each pace is held: of two seconds, one stop of 30 ms is the 99th percentile."""

_THROUGHPUT, _LATENCY = 8.0, 20.0


@dataclass(frozen=True, slots=True)
class Result:
    """What one side did in one shape.

    Attributes:
        calm: milliseconds from saying to hearing, of every delivery, at a twentieth of the rate
            that is wanted, which all sides bear.
        paced: the same at half of it; empty for Channels, which cannot.
        delivered: messages of the burst.
        seconds: it took.
        cpu: processor seconds of the server meanwhile.
        lost: percent of all frames that never came; Channels drops what does not fit.
    """

    calm: Sequence[float]
    paced: Sequence[float]
    delivered: int
    seconds: float
    cpu: float
    lost: float

    @property
    def per_cpu(self) -> float:
        """Deliveries a processor second."""
        return self.delivered / self.cpu


async def run(*, quick: bool = False) -> Report:
    """All sides, both shapes, one after the other on the same servers."""
    shapes = [Shape(1, 100), Shape(10, 20)] if quick else [Shape(1, 1_000), Shape(200, 20)]
    runs, seconds = (40, 1.0) if quick else (250, _SECONDS)
    title = f"messages of 300 bytes, {seconds:.0f} s at each pace, then {runs * 4} runs at once"
    report = Report("fanout", title)
    with stage.folder() as place:
        redis = Redis(place / "redis", place / "redis.log")
        redis.prepare()
        async with stage.postgres(place) as postgres, stage.running(redis.program()):
            for shape in shapes:
                servers = Servers(place, postgres, redis, shape)
                results = {side: await _measure(servers, side, runs, seconds) for side in SIDES}
                _tell(report, shape, results)
    return report


async def _measure(servers: Servers, side: str, runs: int, seconds: float) -> Result:
    """Start the server, open the sockets, speak."""
    shape, crowd = servers.shape, Crowd(lossy=side == "channels")
    fewer, each = max(10, runs // _FEWER), shape.batch * shape.each
    many = fewer if side == "channels" else runs
    async with servers.start(side, crowd) as (pid, say):
        await say(0)
        await crowd.count(each)
        calm = await _paced(crowd, say, each, seconds, _CALM)
        lost, sent = crowd.lost, round(seconds * _CALM / each) + many * 4
        paced = [] if side == "channels" else await _paced(crowd, say, each, seconds, _RATE / 2)
        burst = await _burst(crowd, say, each, many * 4, pid)
        lost += crowd.lost
        crowd.close()
    return Result(calm, paced, *burst, lost / (sent * each) * 100)


async def _paced(crowd: Crowd, say: Say, each: int, seconds: float, rate: float) -> list[float]:
    """So many deliveries a second, evenly: what a person waits."""
    crowd.forget()
    pause, runs = each / rate, round(seconds * rate / each)
    begin = time.perf_counter()
    for number in range(runs):
        await asyncio.sleep(max(0.0, begin + number * pause - time.perf_counter()))
        await say(number)
    await crowd.count(runs * each)
    return crowd.latencies


async def _burst(
    crowd: Crowd, say: Say, each: int, runs: int, pid: int
) -> tuple[int, float, float]:
    """As fast as it goes with a few runs under way: deliveries, seconds, seconds of processor."""
    crowd.forget()
    cpu, begin = cpu_seconds(pid), time.perf_counter()
    for number in range(runs):
        await say(number)
        # As a real homeserver, which waits for its own disk, the speaker is not far ahead.
        await crowd.count(max(0, (number - 2) * each))
    await crowd.count(runs * each)
    seconds = time.perf_counter() - begin - crowd.idle
    return runs * each - crowd.lost, seconds, cpu_seconds(pid) - cpu


def _tell(report: Report, shape: Shape, results: dict[str, Result]) -> None:
    name = f"{shape.rooms} x {shape.each}"
    for side, result in results.items():
        title, wanted = f"{name}, {side}", side == "kith" and shape.rooms == 1
        report.add(f"{title}: delivered", result.delivered / result.seconds, "/s")
        report.add(f"{title}: lost", result.lost, "%")
        if wanted:
            report.at_least(f"{title}: a CPU second", result.per_cpu, "/s", _RATE)
        else:
            report.add(f"{title}: a CPU second", result.per_cpu, "/s")
        report.add(f"{title}: p50 at {_CALM:,.0f}/s", percentile(result.calm, 50), "ms")
        report.add(f"{title}: p99 at {_CALM:,.0f}/s", percentile(result.calm, 99), "ms")
        if result.paced:
            at = f"at {_RATE / 2:,.0f}/s"
            report.add(f"{title}: p50 {at}", percentile(result.paced, 50), "ms")
            p99 = percentile(result.paced, 99)
            if wanted:
                report.at_most(f"{title}: p99 {at}", p99, "ms", _P99)
            else:
                report.add(f"{title}: p99 {at}", p99, "ms")
    kith, channels = results["kith"], results["channels"]
    work = kith.per_cpu / channels.per_cpu
    report.at_least(f"{name}: a CPU second, Kith / Channels", work, "x", _THROUGHPUT)
    wait = percentile(channels.calm, 99) / percentile(kith.calm, 99)
    report.at_least(f"{name}: p99 at {_CALM:,.0f}/s, Channels / Kith", wait, "x", _LATENCY)
    for side in ("bare", "nats"):
        more = results[side].per_cpu / kith.per_cpu
        report.add(f"{name}: a CPU second, {side} / Kith", more, "x")
