# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lighthouse, which judges pages as a browser meets them: fetched by hash like the other peers."""

import asyncio
import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from stack import webapp
from stack.templates import ROOT

_LOCKED = Path(__file__).parent
_FOLDER = ROOT / "bench" / ".peers-lighthouse"
_STAMP = ".kith-stamp"
_FETCHED_WITHIN, _RUN_WITHIN = 300.0, 180.0
_FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"


class Lighthouse:
    """The program; made by `ready`."""

    def __init__(self, node: str, browser: str) -> None:
        self._node, self._browser = node, browser

    async def judge(self, url: str, *, mobile: bool, cookie: str | None = None) -> dict[str, Any]:
        """One run over a page; its report (`categories`, `audits`) as Lighthouse words it.

        Args:
            url: of the page.
            mobile: on a phone with a slow line and processor, as Lighthouse simulates them; else
                on a desktop.
            cookie: sent with every request.

        Raises:
            RuntimeError: it could not be run to its end.
        """
        words = [url, "--quiet", "--output=json", "--output-path=stdout"]
        words += [f"--chrome-flags={_FLAGS}"]
        words += [] if mobile else ["--preset=desktop"]
        if cookie is not None:
            words += ["--extra-headers", json.dumps({"Cookie": cookie})]
        program = _FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
        env = {**os.environ, "CHROME_PATH": self._browser}
        said = await _run(self._node, str(program), *words, within=_RUN_WITHIN, env=env)
        found: dict[str, Any] = json.loads(said)
        if found.get("runtimeError"):
            raise RuntimeError(found["runtimeError"]["message"])
        return found


async def ready() -> Lighthouse:
    """Lighthouse, fetched the first time.

    Raises:
        RuntimeError: it cannot be fetched, or there is no Chromium.
    """
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        raise RuntimeError("needs chromium (apt install chromium)")
    node, npm = await webapp.node_tools(lambda line: print(line, file=sys.stderr))
    lock = hashlib.sha256((_LOCKED / "package-lock.json").read_bytes()).hexdigest()
    stamp = _FOLDER / _STAMP
    if not stamp.is_file() or stamp.read_text("utf-8") != lock:
        shutil.rmtree(_FOLDER, ignore_errors=True)
        _FOLDER.mkdir()
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(_LOCKED / name, _FOLDER)
        words = ("ci", "--ignore-scripts", "--no-audit", "--no-fund")
        path = os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])
        await _run(node, npm, *words, within=_FETCHED_WITHIN, env={**os.environ, "PATH": path})
        stamp.write_text(lock, "utf-8")
    return Lighthouse(node, browser)


async def _run(*command: str, within: float, env: dict[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=_FOLDER, env=env, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(within):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"{Path(command[1]).name} ended with code {process.returncode}")
    return said.decode()
