# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many people who only listen: what an open socket costs in memory, and all of them in time.

Everybody is another person, subscribed to a room of a hundred, through the gateway as it is. The
sockets' other ends are in another process.
"""

import asyncio
import resource
import time
from pathlib import Path
from urllib.parse import quote

from bench import stage
from bench.load import cpu_seconds
from bench.report import Report
from bench.sides import Servers, Shape, tokens
from bench.sockets import Crowd
from stack.redis import Redis

_MOST_KB, _BACK = 15.0, 60.0
_CHUNK = 500
"""Sockets whose tokens are made together: a token lives a minute."""

_WANTED = 15_000
"""Sockets; `ulimit -Hn` has to allow them and what a process needs besides."""

_SPARE = 400
"""Descriptors a process needs besides."""

_QUIET = 20.0


async def run(*, quick: bool = False) -> Report:
    """Open them, look, wait, look again, let all come back at once."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    shape = Shape(min(10 if quick else 150, (hard - _SPARE) // 100), 100)
    report = Report("idle", f"{shape.sockets:,} people in rooms of {shape.each}")
    with stage.folder() as place:
        redis = Redis(place / "redis", place / "redis.log")
        redis.prepare()
        async with (
            stage.running(redis.program()),
            stage.postgres(place) as postgres,
            Servers(place, postgres, redis, shape).kith() as (port, pid),
        ):
            await _measure(report, shape, redis, port, pid)
    if not quick:
        report.at_least("sockets, of those wanted", shape.sockets, "", _WANTED)
    return report


async def _measure(report: Report, shape: Shape, redis: Redis, port: int, pid: int) -> None:
    # The first sockets bring in what is made once: pools, prepared statements, compiled models.
    first = await _open(shape, redis, port, range(_CHUNK))
    before, cpu, begin = _resident_kb(pid), cpu_seconds(pid), time.perf_counter()
    crowd = await _open(shape, redis, port, range(_CHUNK, shape.sockets))
    opened = shape.sockets - _CHUNK
    seconds, cpu = time.perf_counter() - begin, cpu_seconds(pid) - cpu
    after = _resident_kb(pid)
    report.at_most("memory of a socket", (after - before) / opened, "KB", _MOST_KB)
    report.add("opened", opened / seconds, "/s")
    report.add("processor time of opening one", cpu / opened * 1e3, "ms")
    report.at_most("all open after", seconds, "s", _BACK)
    cpu = cpu_seconds(pid)
    await asyncio.sleep(_QUIET)
    report.add("processor while idle", (cpu_seconds(pid) - cpu) / _QUIET * 100, "%")
    report.add("memory of the process", _resident_kb(pid) / 1024, "MB")
    report.at_most("sockets that ended", shape.sockets - first.alive - crowd.alive, "", 0)
    first.close()
    crowd.close()


async def _open(shape: Shape, redis: Redis, port: int, numbers: range) -> Crowd:
    crowd = Crowd()
    for start in range(numbers.start, numbers.stop, _CHUNK):
        some = range(start, min(start + _CHUNK, numbers.stop))
        made = await tokens(redis.url(), [f"@user{n}:hs.bench" for n in some])
        paths = [
            f"/ws/community/room/{quote('!' + shape.room_of(n))}/?connection_token={token}"
            for n, token in zip(some, made, strict=True)
        ]
        await crowd.connect(port, paths)
    return crowd


def _resident_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("no such process")
