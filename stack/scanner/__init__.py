# SPDX-License-Identifier: AGPL-3.0-or-later
"""The local model that looks at pictures: its environment, fetched once, and how it runs.

Only when the operator wants it (`profile_media.local_scanner`): its packages take 330 MB. When
they cannot be had Kith comes up all the same; pictures then wait for staff, none is shown unseen.
"""

import asyncio
import hashlib
import shutil
import sys
import venv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from stack import webapp
from stack.child import Program
from stack.errors import StackError
from stack.health import answers
from stack.ports import free_port
from stack.templates import ROOT

_LOCK = ROOT / "requirements-scanner.lock"
_SERVICE = Path(__file__).with_name("serve.py")
_STAMP = ".kith-stamp"


def wanted(operator: Mapping[str, Any]) -> bool:
    """Whether the operator's settings ask for it, and name no scanner of their own."""
    own = operator.get("profile_media")
    return (
        isinstance(own, Mapping) and bool(own.get("local_scanner")) and not own.get("scanner_url")
    )


class LocalScanner:
    """The service of one instance."""

    def __init__(self, folder: Path, log: Path, token: str) -> None:
        """Args: the folder of its environment; its log; what callers have to know."""
        self._folder = folder
        self._log = log
        self._token = token
        self._port = free_port()

    @property
    def settings(self) -> dict[str, str]:
        """What the appservice has to know of it, whether it runs or not."""
        return {"scanner_url": f"http://127.0.0.1:{self._port}/", "scanner_token": self._token}

    async def ensure(self, tell: Callable[[str], None]) -> bool:
        """Make its environment unless it is there; whether it can run."""
        stamp = self._folder / _STAMP
        try:
            lock = hashlib.sha256(_LOCK.read_bytes()).hexdigest()
            if stamp.is_file() and stamp.read_text("utf-8") == lock:
                return True
            tell("Scanner: fetching its model and packages (once, about 130 MB)")
            shutil.rmtree(self._folder, ignore_errors=True)
            await asyncio.to_thread(venv.create, self._folder, with_pip=True)
            pip = (self._python, "-m", "pip", "install", "-q", "--disable-pip-version-check")
            words = ("--no-input", "--require-hashes", "-r", str(_LOCK))
            await webapp.run(*pip, *words, folder=self._folder)
            stamp.write_text(lock, "utf-8")
        except (StackError, OSError) as problem:
            tell(f"Scanner: not installed ({problem}); pictures wait until staff have seen them")
            return False
        return True

    def program(self) -> Program:
        """How to run it; call `ensure` first."""
        health = f"http://127.0.0.1:{self._port}/healthz"

        async def ready() -> bool:
            return await answers(health)

        return Program(
            name="Scanner",
            argv=(self._python, str(_SERVICE)),
            log=self._log,
            ready=ready,
            env={"SCANNER_PORT": str(self._port), "SCANNER_TOKEN": self._token},
            cwd=Path("/"),
        )

    @property
    def _python(self) -> str:
        return str(self._folder / "bin" / Path(sys.executable).name)
