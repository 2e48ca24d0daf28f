# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kith export`: an archive of everything about a person, while the instance runs."""

import os
import subprocess
import sys
from pathlib import Path

from stack.errors import StackError
from stack.layout import Layout
from stack.lock import DataLock
from stack.python import child_environment
from stack.templates import ROOT


def run(layout: Layout, user: str, to: Path | None) -> None:
    """Write it, with the progress on this terminal.

    Args:
        layout: the data folder.
        user: user id, or the name before the colon.
        to: the file; None is one in the folder one is in, named after the person.

    Raises:
        StackError: nothing runs on the data folder, or it failed; the line before says why.
    """
    lock = DataLock(layout.lock)
    if not layout.lock.exists() or lock.holder() is None or not layout.settings.exists():
        raise StackError("Nothing runs on this data folder; run `kith up` first.")
    name = user.removeprefix("@").partition(":")[0].replace(os.sep, "_")
    file = (to or Path(f"kith-export-{name}.zip")).expanduser().resolve()
    done = subprocess.run(  # noqa: S603 - the words behind -- are no options
        [sys.executable, "-m", "appservice", "export", f"--to={file}", "--", user],
        cwd=ROOT,
        env={**os.environ, **child_environment(layout.settings)},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise StackError("Nothing was exported.")
