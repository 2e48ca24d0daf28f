# SPDX-License-Identifier: AGPL-3.0-or-later
"""The data folder: where everything of one instance is. Reads and writes nothing else."""

import os
from dataclasses import dataclass
from pathlib import Path

from stack.errors import StackError
from stack.files import private_folder
from stack.identity import servant
from stack.templates import ROOT

DEFAULT_DATA = ROOT / "data"


@dataclass(frozen=True, slots=True)
class Layout:
    """Names inside one data folder."""

    data: Path

    @property
    def lock(self) -> Path:
        """Held, with the process id in it, while the stack runs."""
        return self.data / "kith.lock"

    @property
    def operator_settings(self) -> Path:
        """The operator's own `kith.yaml`."""
        return self.data / "kith.yaml"

    @property
    def settings(self) -> Path:
        """The complete `kith.yaml` of this start, for appservice, worker and modules."""
        return self.data / "run" / "kith.yaml"

    @property
    def extra_homeserver(self) -> Path:
        """The operator's additions to Synapse's configuration."""
        return self.data / "homeserver.extra.yaml"

    @property
    def secrets(self) -> Path:
        """Secrets made at the first start."""
        return self.data / "secrets.json"

    @property
    def logs(self) -> Path:
        """One file a process."""
        return self.data / "logs"

    @property
    def postgres(self) -> Path:
        """The embedded PostgreSQL."""
        return self.data / "postgres"

    @property
    def scanner(self) -> Path:
        """The environment of the local model that looks at pictures."""
        return self.data / "scanner"

    @property
    def media(self) -> Path:
        """Pictures of profiles; Synapse keeps its own media."""
        return self.data / "media"

    @property
    def exports(self) -> Path:
        """Archives people asked for, for a week."""
        return self.data / "exports"

    @property
    def redis(self) -> Path:
        """The embedded Redis."""
        return self.data / "redis"

    @property
    def synapse(self) -> Path:
        """Synapse's files, media among them."""
        return self.data / "synapse"

    def make(self) -> None:
        """Make the folders.

        Raises:
            StackError: nothing can be written there.
        """
        try:
            private_folder(self.data)
            for folder in (self.data / "run", self.logs):
                private_folder(folder)
            if servant():
                # The servers' account passes through; it cannot list what is here.
                self.data.chmod(0o711)
        except OSError as problem:
            raise StackError(_unwritable(self.data, problem)) from problem
        if not os.access(self.data, os.W_OK | os.X_OK):
            raise StackError(_unwritable(self.data, None))


def _unwritable(folder: Path, problem: OSError | None) -> str:
    why = f" ({problem.strerror})" if problem and problem.strerror else ""
    return (
        f"The data folder {folder} cannot be written to{why}; "
        f"choose another with --data, or give this account the right to write there."
    )
