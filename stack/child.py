# SPDX-License-Identifier: AGPL-3.0-or-later
"""One supervised child process: start, health, log file, stop, restart with back-off.

Knows nothing of what it runs; a `Program` tells it.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stack.errors import StackError, log_tail
from stack.identity import Identity, popen_identity, wrapped

_POLL = 0.1
_BACK_OFF = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_STEADY_AFTER = 60.0


@dataclass(frozen=True, slots=True)
class Program:
    """What to run and how to tell that it is well. Times are in seconds."""

    name: str
    argv: tuple[str, ...]
    log: Path
    ready: Callable[[], Awaitable[bool]]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    identity: Identity | None = None
    end: signal.Signals = signal.SIGTERM
    ready_within: float = 60.0
    end_within: float = 20.0


class Child:
    """A running `Program`, restarted when it dies unless we stopped it."""

    def __init__(self, program: Program, *, tell: Callable[[str], None] = lambda _: None) -> None:
        """Args: the program, and whom to tell when it dies and when it is back."""
        self.program = program
        self.restarts = 0
        self._tell = tell
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        process = self._process
        return process.pid if process and process.returncode is None else None

    async def start(self) -> None:
        """Start and wait until ready, then watch.

        Raises:
            StackError: it ended or stayed unready; the message has the log's last lines.
        """
        await self._spawn()
        try:
            await self._until_ready()
        except BaseException:
            await self._end()
            raise
        self._watch = asyncio.create_task(self._keep_alive(), name=f"watch {self.program.name}")

    async def stop(self) -> None:
        """End it with its own signal, then by force; harmless when it does not run."""
        if self._watch:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
            self._watch = None
        await self._end()

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to the process and all its children (for chaos tests)."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    async def _spawn(self) -> None:
        program = self.program
        program.log.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(program.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *wrapped(program.argv, program.identity, end=program.end),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                cwd=program.cwd,
                env={**os.environ, **program.env},
                # Ctrl-C goes to the terminal's group: ours alone, so that order is kept.
                start_new_session=True,
                **popen_identity(program.identity),
            )
        except OSError as problem:
            raise StackError(f"{program.name} cannot be started: {problem}.") from problem
        finally:
            os.close(descriptor)

    async def _until_ready(self) -> None:
        program, process = self.program, self._running()
        deadline = time.monotonic() + program.ready_within
        while not await program.ready():
            if process.returncode is not None:
                raise StackError(
                    f"{program.name} ended at once with code {process.returncode}; "
                    f"see {program.log}:{log_tail(program.log)}"
                )
            if time.monotonic() > deadline:
                raise StackError(
                    f"{program.name} was not ready within {program.ready_within:.0f} s; "
                    f"see {program.log}:{log_tail(program.log)}"
                )
            await asyncio.sleep(_POLL)

    async def _keep_alive(self) -> None:
        failures = 0
        while True:
            since = time.monotonic()
            code = await self._running().wait()
            if time.monotonic() - since > _STEADY_AFTER:
                failures = 0
            pause = _BACK_OFF[min(failures, len(_BACK_OFF) - 1)]
            failures += 1
            self._tell(
                f"{self.program.name} ended with code {code}; starting it again in {pause:g} s "
                f"(log: {self.program.log})"
            )
            self._sweep()
            await asyncio.sleep(pause)
            self.restarts += 1
            try:
                await self._spawn()
                await self._until_ready()
            except StackError as problem:
                self._tell(str(problem))
                await self._end()
            else:
                self._tell(f"{self.program.name} is back")

    async def _end(self) -> None:
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(self.program.end)
            try:
                async with asyncio.timeout(self.program.end_within):
                    await process.wait()
            except TimeoutError:
                self.kill()
                await process.wait()
        self._sweep()

    def _sweep(self) -> None:
        """Kill what a dead leader left in its group: it would hold ports and files."""
        if self._process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise StackError(f"{self.program.name} was never started.")
        return self._process
