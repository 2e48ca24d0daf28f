# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parent's side: a few processes of one kind, started when first needed.

One that dies or takes too long is ended, and its question counts as not answered.
"""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web

_LOG = structlog.get_logger("kith.untrusted")
_ROOT = Path(__file__).resolve().parents[2]
_MOST_ASKED = 500
"""Questions after which a process is replaced: what hostile data left behind goes with it."""


_LONGEST = 1024 * 1024
"""Bytes of an answer."""


class NoAnswerError(Exception):
    """The process died or took too long."""


class Untrusted:
    """Processes that run one module."""

    def __init__(self, module: str, at_once: int, patience: float) -> None:
        """Args: a module that calls `child.answer_all`; processes; seconds for an answer."""
        self._module = module
        self._slots = asyncio.Semaphore(at_once)
        self._patience = patience
        self._idle: list[tuple[Process, int]] = []

    async def lifespan(self, _: web.Application) -> AsyncIterator[None]:
        """Ends the processes; for `Application.cleanup_ctx`."""
        yield
        while self._idle:
            await _end(self._idle.pop()[0])

    async def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """One answer.

        Raises:
            NoAnswerError: there will be none.
        """
        async with self._slots:
            process, asked = self._idle.pop() if self._idle else (await self._start(), 0)
            try:
                async with asyncio.timeout(self._patience):
                    told = await _ask(process, question)
            except (TimeoutError, OSError, ValueError) as error:
                _LOG.warning("no_answer", module=self._module, error=type(error).__name__)
                await _end(process)
                raise NoAnswerError from error
            except BaseException:
                await _end(process)
                raise
            if asked >= _MOST_ASKED:
                await _end(process)
            else:
                self._idle.append((process, asked + 1))
            return told

    async def _start(self) -> Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", self._module),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            cwd=_ROOT,
            limit=_LONGEST,
            # Nothing of our own environment: it may name secrets.
            env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        )


async def _ask(process: Process, question: Mapping[str, Any]) -> dict[str, Any]:
    if process.stdin is None or process.stdout is None:
        raise OSError("no pipes")
    process.stdin.write(json.dumps(question).encode() + b"\n")
    await process.stdin.drain()
    told: dict[str, Any] = json.loads(await process.stdout.readline())
    return told


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await process.communicate()
