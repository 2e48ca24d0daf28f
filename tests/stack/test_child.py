# SPDX-License-Identifier: AGPL-3.0-or-later

import signal
import sys
from pathlib import Path

import pytest

from stack.child import Child, Program
from stack.errors import StackError
from tests.support.eventually import eventually

OBEDIENT = "import sys, time; print('here', flush=True); [time.sleep(0.1) for _ in iter(int, 1)]"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + OBEDIENT


def program(folder: Path, code: str, *, ready: bool = True, limit: float = 10.0) -> Program:
    log = folder / "child.log"

    async def well() -> bool:
        return ready and log.exists() and "here" in log.read_text()

    return Program(
        name="Child",
        argv=(sys.executable, "-c", code),
        log=log,
        ready=well,
        ready_within=limit,
        end_within=0.5,
    )


async def test_what_it_writes_is_kept_in_a_private_file(tmp_path: Path) -> None:
    child = Child(program(tmp_path, OBEDIENT))
    await child.start()
    await child.stop()
    assert (tmp_path / "child.log").read_text() == "here\n"
    assert (tmp_path / "child.log").stat().st_mode & 0o777 == 0o600


async def test_a_dead_child_is_started_again_and_this_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    child = Child(program(tmp_path, OBEDIENT), tell=told.append)
    await child.start()
    first = child.pid
    try:
        child.kill()
        await eventually(lambda: "Child is back" in told)
        assert child.pid not in (None, first)
        assert child.restarts == 1
        assert "ended with code -9; starting it again in 0.5 s" in told[0]
    finally:
        await child.stop()


async def test_a_stopped_child_stays_stopped(tmp_path: Path) -> None:
    told: list[str] = []
    child = Child(program(tmp_path, OBEDIENT), tell=told.append)
    await child.start()
    await child.stop()
    await child.stop()
    assert child.pid is None
    assert told == []


async def test_a_deaf_child_is_ended_by_force(tmp_path: Path) -> None:
    child = Child(program(tmp_path, DEAF))
    await child.start()
    await child.stop()
    assert child.pid is None


async def test_a_child_that_ends_at_once_shows_its_last_words(tmp_path: Path) -> None:
    child = Child(program(tmp_path, "raise SystemExit('no such port')"))
    with pytest.raises(StackError, match=r"(?s)ended at once with code 1.*no such port"):
        await child.start()


async def test_a_child_that_never_gets_ready_is_ended(tmp_path: Path) -> None:
    child = Child(program(tmp_path, OBEDIENT, ready=False, limit=0.3))
    with pytest.raises(StackError, match="was not ready within"):
        await child.start()
    assert child.pid is None


async def test_a_missing_program_is_one_clear_line(tmp_path: Path) -> None:
    bad = Program(name="Ghost", argv=("/no/such/program",), log=tmp_path / "log", ready=_never)
    with pytest.raises(StackError, match="Ghost"):
        await Child(bad).start()


async def test_nothing_of_its_group_outlives_it(tmp_path: Path) -> None:
    nested = (
        "import subprocess, sys; "
        f"p = subprocess.Popen([sys.executable, '-c', {DEAF!r}]); "
        "print('grandchild', p.pid, flush=True); p.wait()"
    )
    log = tmp_path / "child.log"
    child = Child(program(tmp_path, nested))
    await child.start()
    words = log.read_text().split()
    grandchild = int(words[words.index("grandchild") + 1])
    await child.stop()
    await eventually(lambda: not _alive(grandchild))


def test_the_signal_of_postgres_does_not_wait_for_clients(tmp_path: Path) -> None:
    from stack.postgres import Postgres  # noqa: PLC0415 - only this test needs it

    server = Postgres(tmp_path / "pg", tmp_path / "log")
    assert server.program().end is signal.SIGINT


def _alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


async def _never() -> bool:
    return False
