# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs the other packages by `python -m`: the stack never imports what it starts."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from stack.child import Program
from stack.errors import StackError
from stack.health import answers
from stack.templates import ROOT


def child_environment(settings: Path) -> dict[str, str]:
    """What every part of Kith needs to find its settings and its code."""
    return {"KITH_CONFIG": str(settings), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def module_program(
    name: str, *arguments: str, settings: Path, log: Path, ready_url: str | None = None
) -> Program:
    """A long-running `python -m …`; well when `ready_url` answers, or at once without one."""

    async def ready() -> bool:
        return ready_url is None or await answers(ready_url)

    return Program(
        name=name,
        argv=(sys.executable, "-m", *arguments),
        log=log,
        ready=ready,
        env=child_environment(settings),
        cwd=ROOT,
    )


async def run_module(
    *arguments: str, env: Mapping[str, str] | None = None, within: float = 120.0
) -> str:
    """Run `python -m …` to its end and give what it wrote.

    Args:
        arguments: the module and its arguments.
        env: added to our environment.
        within: seconds it may take.

    Raises:
        StackError: it failed; the message is the last line it wrote.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(within):
            out, problem = await process.communicate()
    except TimeoutError as late:
        raise StackError(f"{' '.join(arguments)} took longer than {within:.0f} s.") from late
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        lines = problem.decode(errors="replace").strip().splitlines()
        last = lines[-1] if lines else f"exit code {process.returncode}"
        raise StackError(last if last.startswith("kith") else f"{arguments[0]}: {last}")
    return out.decode(errors="replace")
