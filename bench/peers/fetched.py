# SPDX-License-Identifier: AGPL-3.0-or-later
"""Servers of others that Kith is measured beside: fetched by hash into a folder of their own.

Nothing of Kith imports them, and they import nothing of Kith.
"""

import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from stack.templates import ROOT

_LOCK = ROOT / "requirements-bench.lock"
_FOLDER = ROOT / "bench" / ".peers"
_STAMP = ".kith-stamp"
_WITHIN = 300.0
"""Seconds the download may take."""


def programs() -> Path:
    """The folder of their programs; fetches them the first time.

    Raises:
        subprocess.CalledProcessError: they cannot be fetched; pip has said why.
    """
    lock = hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    stamp = _FOLDER / _STAMP
    if not stamp.is_file() or stamp.read_text("utf-8") != lock:
        shutil.rmtree(_FOLDER, ignore_errors=True)
        venv.create(_FOLDER, with_pip=True)
        words = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input"]
        subprocess.run(
            [_FOLDER / "bin" / "python", *words, "--require-hashes", "-r", str(_LOCK)],
            check=True,
            stdout=sys.stderr,
            timeout=_WITHIN,
        )
        stamp.write_text(lock, "utf-8")
    return _FOLDER / "bin"
