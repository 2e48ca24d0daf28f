# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an upload costs: processor time of a 12-megapixel photo, memory of ten files at once.

The door runs here; the homeserver and whoever uploads run in processes of their own.
"""

import asyncio
import os
import resource
import sys
import time
from pathlib import Path

from PIL import Image

from bench import stage
from bench.report import Report
from stack.child import Program
from stack.health import answers
from stack.ports import free_port
from stack.templates import ROOT
from tests.support.door import Door, open_door

_SIZE = (4000, 3000)
_MEGABYTE = 1024 * 1024
_LARGE = 25 * _MEGABYTE
_PEOPLE = 10
_MOST_GROWTH = 60.0
"""MB the process may grow while ten files of 25 MB come in."""

_LOOKER = b"appservice.media.look"


async def run(*, quick: bool = False) -> Report:
    """Upload photos one after another, then large files at once."""
    with stage.folder() as place:
        photo, large = place / "photo.jpg", place / "large.bin"
        size = await asyncio.to_thread(_files, photo, large)
        port = free_port()

        async def well() -> bool:
            return await answers(f"http://127.0.0.1:{port}/")

        sink = Program(
            name="sink",
            argv=(sys.executable, "-m", "bench.media_peers", "sink", str(port)),
            log=place / "sink.log",
            ready=well,
            env={},
            cwd=ROOT,
        )
        report = Report("media", f"a photo of 12 megapixels, {size / _MEGABYTE:.1f} MB")
        async with stage.postgres(place) as postgres, stage.running(sink):
            url = postgres.url("kith", "kith")
            stage.migrate(url)
            async with open_door(url, synapse={"url": f"http://127.0.0.1:{port}"}) as door:
                await _photos(report, door, photo, 2 if quick else 10)
                await _at_once(report, door, large, "10 x 25 MB at once, growth of the door")
                await _at_once(report, door, photo, "10 photos at once, growth of the door")
    return report


def _files(photo: Path, large: Path) -> int:
    Image.effect_noise(_SIZE, 30).convert("RGB").save(photo, "JPEG", quality=85)
    with large.open("wb") as file:
        file.truncate(_LARGE)
    return photo.stat().st_size


async def _photos(report: Report, door: Door, photo: Path, count: int) -> None:
    token = door.person("one").token
    await _send(door, photo, [token])
    door_before, looker_before, started = _own(), await _looker(), time.perf_counter()
    for _ in range(count):
        await _send(door, photo, [token])
    report.add(
        "a photo, with its client's start, wall",
        1000 * (time.perf_counter() - started) / count,
        "ms",
    )
    report.add("a photo, CPU of the door", 1000 * (_own() - door_before) / count, "ms")
    report.add(
        "a photo, CPU of who looks at it", 1000 * (await _looker() - looker_before) / count, "ms"
    )


async def _at_once(report: Report, door: Door, path: Path, name: str) -> None:
    tokens = [door.person(f"{path.stem}{number}").token for number in range(_PEOPLE)]
    before = peak = _resident()
    sending = asyncio.create_task(_send(door, path, tokens))
    while not sending.done():
        await asyncio.wait([sending], timeout=0.01)
        peak = max(peak, _resident())
    await sending
    report.at_most(name, (peak - before) / _MEGABYTE, "MB", _MOST_GROWTH)


async def _send(door: Door, path: Path, tokens: list[str]) -> None:
    url = str(door.client.make_url("/api/v1/media"))
    words = (sys.executable, "-m", "bench.media_peers", "send", url, str(path), *tokens)
    client = await asyncio.create_subprocess_exec(*words, cwd=ROOT)
    if await client.wait():
        raise RuntimeError("an upload was refused")


def _own() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _looker() -> float:
    """Processor seconds of the processes that look at pictures, in the kernel's ticks."""

    def read() -> float:
        ticks = 0
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "stat").read_text().rpartition(")")[2].split()
                ours = int(words[1]) == os.getpid() and _LOOKER in (entry / "cmdline").read_bytes()
            except OSError:
                continue
            ticks += int(words[11]) + int(words[12]) if ours else 0
        return ticks / os.sysconf("SC_CLK_TCK")

    return await asyncio.to_thread(read)


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
