# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks the processes that look at pictures; there are few, started when first needed.

One that dies or takes too long is ended, and its picture counts as broken.
"""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web

from appservice.media.kinds import HEAD, IMAGES, kind_of

_LOG = structlog.get_logger("kith.media")
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Copy:
    """A small copy of a picture, in a file."""

    path: Path
    kind: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file turned out to be.

    Attributes:
        kind: type by content.
        problem: ``broken`` or ``pixels``, when it is a picture nobody should get.
        clean: the picture without what is not the picture.
    """

    kind: str
    problem: str | None = None
    clean: Path | None = None
    width: int | None = None
    height: int | None = None
    blurhash: str | None = None
    small: Copy | None = None


class Looker:
    """A few processes, each looking at one file at a time."""

    def __init__(self, at_once: int, patience: float, most_pixels: int) -> None:
        """Args: how many processes; seconds for one file; pixels a picture may have."""
        self._slots = asyncio.Semaphore(at_once)
        self._patience = patience
        self._most_pixels = most_pixels
        self._idle: list[Process] = []

    async def lifespan(self, _: web.Application) -> AsyncIterator[None]:
        """Ends the processes; for `Application.cleanup_ctx`."""
        yield
        while self._idle:
            await _end(self._idle.pop())

    async def look(self, path: Path, *, small: bool = True) -> Seen:
        """Look at a file. What is made of a picture lies beside it."""
        kind = kind_of(await asyncio.to_thread(_head, path))
        if kind not in IMAGES:
            return Seen(kind)
        question = {
            "path": str(path),
            "kind": kind,
            "most_pixels": self._most_pixels,
            "small": small,
        }
        async with self._slots:
            process = self._idle.pop() if self._idle else await _start()
            try:
                async with asyncio.timeout(self._patience):
                    told = await _ask(process, question)
            except (TimeoutError, OSError, ValueError) as error:
                _LOG.warning("picture_not_seen", error=type(error).__name__)
                await _end(process)
                return Seen(kind, problem="broken")
            except BaseException:
                await _end(process)
                raise
            self._idle.append(process)
        return _seen(told)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


async def _start() -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "appservice.media.look"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd=_ROOT,
        # Nothing of our own environment: it may name secrets.
        env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )


async def _ask(process: Process, question: dict[str, Any]) -> dict[str, Any]:
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


def _seen(told: dict[str, Any]) -> Seen:
    small = told.get("small")
    clean = told.get("clean")
    return Seen(
        kind=told["kind"],
        problem=told.get("problem"),
        clean=Path(clean) if clean else None,
        width=told.get("width"),
        height=told.get("height"),
        blurhash=told.get("blurhash"),
        small=Copy(Path(small["path"]), small["kind"], small["width"], small["height"])
        if small
        else None,
    )
