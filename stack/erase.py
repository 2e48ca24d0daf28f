# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kith erase`: deletes somebody's account in a running instance, and prints the proof."""

import os
import subprocess
import sys

from stack.errors import StackError
from stack.layout import Layout
from stack.lock import DataLock
from stack.python import child_environment
from stack.templates import ROOT


def run(layout: Layout, who: str, *words: str) -> None:
    """Do it, with the output on this terminal.

    Raises:
        StackError: nothing runs on the data folder, or it failed; the line before says why.
    """
    lock = DataLock(layout.lock)
    if not layout.lock.exists() or lock.holder() is None or not layout.settings.exists():
        raise StackError("Nothing runs on this data folder; run `kith up` first.")
    done = subprocess.run(  # noqa: S603 - our own program; `who` is one of its words
        [sys.executable, "-m", "appservice", "erase", who, *words],
        cwd=ROOT,
        env={**os.environ, **child_environment(layout.settings)},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise StackError("Nothing more was done.")
