# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long `kith up` takes until everything is healthy, beside a bare Synapse on the same machine.

Cold is a new data folder with everything downloaded; warm is the same folder again.
"""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from bench import stage
from bench.report import Report, median
from stack.health import answers
from stack.ports import free_port
from stack.synapse import Synapse, SynapseOptions

COLD_SECONDS, WARM_SECONDS = 60.0, 12.0


async def run(*, quick: bool = False) -> Report:
    """Start and stop the product several times, then Synapse alone as often."""
    rounds = 1 if quick else 3
    cold, warm, bare = [], [], []
    for _ in range(rounds):
        with stage.folder() as place:
            cold.append(await _up(place))
            warm.append(await _up(place))
            bare.append(await _bare(place))
    report = Report("start", f"median of {rounds}, dependencies installed")
    report.at_most("cold: new data folder to healthy", median(cold), "s", COLD_SECONDS)
    report.at_most("warm: same data folder to healthy", median(warm), "s", WARM_SECONDS)
    report.add("bare Synapse on its existing database", median(bare), "s")
    report.add("ratio warm / bare Synapse", median(warm) / median(bare), "x")
    return report


async def _up(place: Path) -> float:
    port, matrix_port = free_port(), free_port()
    words = [sys.executable, "-m", "stack", "up", "--data", str(place / "data")]
    words += ["--port", str(port), "--matrix-port", str(matrix_port)]
    begin = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *words, stdout=asyncio.subprocess.DEVNULL, env=dict(os.environ)
    )
    try:
        async with asyncio.timeout(180):
            while not await answers(f"http://127.0.0.1:{port}/readyz"):
                if process.returncode is not None:
                    raise RuntimeError(f"kith up ended with code {process.returncode}")
                await asyncio.sleep(0.02)
        return time.perf_counter() - begin
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.wait()


async def _bare(place: Path) -> float:
    async with stage.postgres(place / "bare") as postgres:
        options = SynapseOptions(
            server_name="bench.test",
            port=free_port(),
            public_url="http://127.0.0.1",
            database_url=postgres.url("synapse", "synapse"),
        )
        home = Synapse(place / "synapse", place, options)
        home.prepare()
        async with stage.running(home.program()):
            pass  # the first start makes the tables
        begin = time.perf_counter()
        async with stage.running(home.program()):
            return time.perf_counter() - begin
