# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kith up` as a person runs it: a process, its terminal, and the commands beside it."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from stack.ports import free_port
from stack.templates import ROOT

_SILENCE = 150
"""Seconds without a line after which it is given up."""
CHEAP_PASSWORDS = "bcrypt_rounds: 4\n"
"""For the operator's `homeserver.extra.yaml`: a dozen people's sign-ups cost 20 seconds else."""
_UP = "Ctrl-C stops everything"
"""Of the last line of a start. A process may outlive its output for a moment."""


class Instance:
    """A running `kith up`; a context manager that stops it by Ctrl-C."""

    def __init__(self, data: Path, *more: str, **env: str) -> None:
        """Args: the data folder, further options of `up`, variables of the environment."""
        self.data = data
        self.port, self.matrix_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.lines: list[str] = []
        self._more, self._env = more, env
        self._process: subprocess.Popen[str] | None = None
        self._shown = threading.Event()

    def __enter__(self) -> Self:
        ports = ("--port", str(self.port), "--matrix-port", str(self.matrix_port))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "stack", "up", *self._where, *ports, *self._more],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        # As long as it tells of progress it may go on: the first of a clone builds the web app.
        seen = 0
        while not self._shown.wait(_SILENCE) and len(self.lines) > seen:
            seen = len(self.lines)
        if not any(_UP in line for line in self.lines):
            self.end()
            raise AssertionError("kith up did not start:\n" + self.text)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    @property
    def text(self) -> str:
        """What the terminal shows."""
        return "\n".join(self.lines)

    def row(self, name: str) -> str:
        """A row of the table."""
        found = [line for line in self.lines if line.startswith(f"{name} ")]
        assert found, self.text
        return found[0].removeprefix(name).strip()

    def command(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Another command on the same data folder."""
        return subprocess.run(
            [sys.executable, "-m", "stack", *arguments, *self._where],
            cwd=ROOT,
            env=self._environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Stop it; gives its exit code."""
        process = self._process
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait until it ended by itself; gives its exit code."""
        assert self._process
        try:
            return self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise

    @property
    def pid(self) -> int:
        """Of the supervising process."""
        assert self._process
        return self._process.pid

    @property
    def _where(self) -> tuple[str, str]:
        return ("--data", str(self.data))

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(ROOT), **self._env}

    def _read(self) -> None:
        assert self._process
        assert self._process.stdout
        with self._process.stdout as stream:
            for line in stream:
                self.lines.append(line.rstrip())
                if _UP in line:
                    self._shown.set()
        self._shown.set()
