# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kith search rebuild`: puts everybody into the search anew, while the instance runs."""

import os
import subprocess
import sys

from stack.errors import StackError
from stack.layout import Layout
from stack.lock import DataLock
from stack.python import child_environment
from stack.templates import ROOT


def rebuild(layout: Layout) -> None:
    """Rebuild, with the progress on this terminal.

    Raises:
        StackError: nothing runs on the data folder, or it failed; the line before says why.
    """
    lock = DataLock(layout.lock)
    if not layout.lock.exists() or lock.holder() is None or not layout.settings.exists():
        raise StackError("Nothing runs on this data folder; run `kith up` first.")
    done = subprocess.run(
        [sys.executable, "-m", "appservice", "search-rebuild"],
        cwd=ROOT,
        env={**os.environ, **child_environment(layout.settings)},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise StackError("The search was not rebuilt; running it again begins anew.")
