# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who a child runs as: PostgreSQL refuses root, so root lends it a system account.

Also ties a child's life to ours on Linux (setpriv). Knows no service.
"""

import functools
import os
import pwd
import shutil
import signal
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stack.errors import StackError

_ACCOUNTS = ("postgres", "nobody")
# By number (linux/capability.h), the smaller right first; containers often have the other only.
_CAPABILITIES = {"dac_read_search": 2, "dac_override": 1}


@dataclass(frozen=True, slots=True)
class Identity:
    """An unprivileged account."""

    uid: int
    gid: int

    def own(self, folder: Path) -> None:
        """Hand `folder` and what is in it to this account."""
        os.chown(folder, self.uid, self.gid)
        for path in folder.rglob("*"):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


@functools.cache
def servant() -> Identity | None:
    """The account servers run as when we are root, else None (they run as ourselves)."""
    if os.getuid() != 0:
        return None
    for name in _ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Identity(entry.pw_uid, entry.pw_gid)
    return None


def wrapped(
    argv: tuple[str, ...], identity: Identity | None, *, end: signal.Signals = signal.SIGTERM
) -> tuple[str, ...]:
    """`argv` so that it runs as `identity` and gets `end` when we die, as far as the OS can.

    Raises:
        StackError: the account cannot reach a path in `argv` and nothing helps.
    """
    closed = next((word for word in argv if identity and not _reaches(identity, word)), None)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if closed:
            raise StackError(_unreachable(closed))
        return argv
    words = [setpriv, "--pdeathsig", end.name.removeprefix("SIG")]
    if identity:
        words += [f"--reuid={identity.uid}", f"--regid={identity.gid}", "--clear-groups"]
    if closed:
        # Lets the account pass a private parent folder, without us opening it to everyone.
        lent = next(filter(_may_lend, _CAPABILITIES), None)
        if lent is None:
            raise StackError(_unreachable(closed))
        words += [f"--inh-caps=+{lent}", f"--ambient-caps=+{lent}"]
    return (*words, "--", *argv)


def popen_identity(identity: Identity | None) -> dict[str, Any]:
    """The `Popen` arguments that do what `wrapped` could not, where setpriv is missing."""
    if identity is None or shutil.which("setpriv"):
        return {}
    return {"user": identity.uid, "group": identity.gid, "extra_groups": []}


def _reaches(identity: Identity, word: str) -> bool:
    path = Path(word)
    if not path.is_absolute() or not path.exists():
        return True
    for folder in path.resolve().parents:
        found = folder.stat()
        if found.st_uid == identity.uid:
            needed = stat.S_IXUSR
        else:
            needed = stat.S_IXGRP if found.st_gid == identity.gid else stat.S_IXOTH
        if not found.st_mode & needed:
            return False
    return True


def _unreachable(path: str) -> str:
    return (
        f"The account that runs PostgreSQL and Redis in root's place cannot reach {path}; "
        f"start kith as an ordinary user, or move it to a folder others may pass through."
    )


def _may_lend(capability: str) -> bool:
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return False
    for line in status.splitlines():
        if line.startswith("CapPrm:"):
            return bool(int(line.split()[1], 16) >> _CAPABILITIES[capability] & 1)
    return False
