# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who a child runs as: PostgreSQL refuses root, so root lends it a system account.

Also ties a child's life to ours on Linux (setpriv). Knows no service.
"""

import functools
import os
import pwd
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ACCOUNTS = ("postgres", "nobody")


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

    `dac_read_search` lets the account pass through private parent folders (a clone in
    /root) without us opening them to everyone.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return argv
    words = [setpriv, "--pdeathsig", end.name.removeprefix("SIG")]
    if identity:
        words += [f"--reuid={identity.uid}", f"--regid={identity.gid}", "--clear-groups"]
        if _may_lend("dac_read_search"):
            words += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return (*words, "--", *argv)


def popen_identity(identity: Identity | None) -> dict[str, Any]:
    """The `Popen` arguments that do what `wrapped` could not, where setpriv is missing."""
    if identity is None or shutil.which("setpriv"):
        return {}
    return {"user": identity.uid, "group": identity.gid, "extra_groups": []}


@functools.cache
def _may_lend(capability: str) -> bool:
    bits = {"dac_read_search": 2}  # linux/capability.h
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return False
    for line in status.splitlines():
        if line.startswith("CapPrm:"):
            return bool(int(line.split()[1], 16) >> bits[capability] & 1)
    return False
