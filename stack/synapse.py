# SPDX-License-Identifier: AGPL-3.0-or-later
"""Synapse: its configuration files and its processes. Never imports it.

Kith's modules are known here by their dotted names only.
"""

import base64
import re
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from psycopg.conninfo import conninfo_to_dict

from stack.child import Program
from stack.credentials import Credentials
from stack.files import private_folder, write_private
from stack.health import answers
from stack.ports import every_address, free_port
from stack.templates import ROOT, filled

MODULES = (
    "synapse_modules.rooms.RoomsModule",
    "synapse_modules.friendship.FriendshipModule",
    "synapse_modules.posting.PostingModule",
    "synapse_modules.profiles.ProfilesModule",
)


@dataclass(frozen=True, slots=True)
class Federation:
    """The TLS side of a server that others can reach."""

    port: int
    certificate: Path
    key: Path
    bind: tuple[str, ...] = field(default_factory=every_address)
    ca_list: tuple[Path, ...] = ()
    proxy: str | None = None
    loopback_peers: bool = False


@dataclass(frozen=True, slots=True)
class RedisPlace:
    """Where Synapse finds Redis; only needed with workers."""

    password: str
    host: str = "127.0.0.1"
    port: int = 6379
    path: str | None = None


@dataclass(frozen=True, slots=True)
class ApplicationService:
    """Kith's own registration: where Synapse sends transactions, and the two tokens."""

    url: str
    as_token: str = field(repr=False)
    hs_token: str = field(repr=False)
    sender_localpart: str = "kith"


@dataclass(frozen=True, slots=True)
class SynapseOptions:
    """Everything a generated Synapse differs in."""

    server_name: str
    port: int
    public_url: str
    database_url: str = field(repr=False)
    registration: str = "closed"
    room_version: str = "12"
    modules: Sequence[str] = ()
    module_config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    appservice: ApplicationService | None = None
    federation: Federation | None = None
    redis: RedisPlace | None = None
    workers: int = 0
    bcrypt_rounds: int = 12
    log_level: str = "INFO"
    extra: Mapping[str, Any] = field(default_factory=dict)


class Synapse:
    """One homeserver in a folder: the main process and, when wanted, generic workers."""

    def __init__(self, folder: Path, logs: Path, options: SynapseOptions) -> None:
        """Args: the folder of its files, the folder of its logs, what it is to be."""
        self.folder = folder
        self.options = options
        self._logs = logs
        self._credentials = Credentials(folder / "secrets.json")
        self.worker_ports = tuple(free_port() for _ in range(options.workers))
        self._replication_port = free_port() if options.workers else 0

    @property
    def url(self) -> str:
        """The client API of the main process."""
        return f"http://127.0.0.1:{self.options.port}"

    @property
    def registration_shared_secret(self) -> str:
        """Makes accounts without being signed in: never log it."""
        return self._credentials.get("registration")

    def prepare(self) -> None:
        """Write every file Synapse reads; may be called at every start."""
        private_folder(self.folder)
        write_private(
            self.folder / "log.yaml", filled("logging.yaml", level=self.options.log_level)
        )
        self._signing_key()
        write_private(self.folder / "homeserver.yaml", self._homeserver())
        write_private(self.folder / "extra.yaml", yaml.safe_dump(dict(self.options.extra)))
        if self.options.appservice:
            write_private(
                self.folder / "registration.yaml",
                registration(self.options.server_name, self.options.appservice),
            )
        for number, port in enumerate(self.worker_ports, start=1):
            write_private(
                self.folder / f"worker{number}.yaml",
                filled(
                    "worker.yaml",
                    name=f"worker{number}",
                    port=port,
                    pid_file=self.folder / f"worker{number}.pid",
                    log_config=self.folder / "log.yaml",
                ),
            )

    def program(self, env: Mapping[str, str] | None = None) -> Program:
        """How to run the main process; `env` reaches the modules."""
        return self._program(
            "Synapse",
            "synapse.app.homeserver",
            more=(),
            port=self.options.port,
            log="synapse.log",
            env=env,
        )

    def worker_programs(self, env: Mapping[str, str] | None = None) -> list[Program]:
        """How to run each worker, once the main process is ready."""
        return [
            self._program(
                f"Synapse worker {number}",
                "synapse.app.generic_worker",
                more=(self.folder / f"worker{number}.yaml",),
                port=port,
                log=f"synapse-worker{number}.log",
                env=env,
            )
            for number, port in enumerate(self.worker_ports, start=1)
        ]

    def _program(
        self,
        name: str,
        module: str,
        *,
        more: Sequence[Path],
        port: int,
        log: str,
        env: Mapping[str, str] | None,
    ) -> Program:
        words = [sys.executable, "-m", module]
        for path in (self.folder / "homeserver.yaml", self.folder / "extra.yaml", *more):
            words += ["-c", str(path)]

        async def ready() -> bool:
            return await answers(f"http://127.0.0.1:{port}/health")

        return Program(
            name=name,
            argv=tuple(words),
            log=self._logs / log,
            ready=ready,
            env={"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **(env or {})},
            cwd=self.folder,
            ready_within=90.0,
        )

    def _homeserver(self) -> str:
        options = self.options
        return filled(
            "homeserver.yaml",
            server_name=options.server_name,
            public_url=options.public_url,
            port=options.port,
            registration=options.registration,
            room_version=options.room_version,
            bcrypt_rounds=options.bcrypt_rounds,
            federation=options.federation,
            redis=options.redis if options.workers else None,
            replication_port=self._replication_port,
            database=_database_arguments(options.database_url),
            pid_file=self.folder / "synapse.pid",
            log_config=self.folder / "log.yaml",
            media_store=self.folder / "media",
            signing_key=self.folder / "signing.key",
            modules=list(options.modules),
            module_config=dict(options.module_config),
            app_services=[self.folder / "registration.yaml"] if options.appservice else [],
            secrets={
                name: self._credentials.get(name)
                for name in ("replication", "macaroon", "form", "registration")
            },
        )

    def _signing_key(self) -> None:
        path = self.folder / "signing.key"
        if not path.exists():
            seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
            write_private(path, f"ed25519 a_{secrets.token_hex(2)} {seed}\n")


def registration(server_name: str, service: ApplicationService) -> str:
    """The text of Kith's registration file for Synapse."""
    return filled(
        "registration.yaml",
        server_pattern=re.escape(server_name),
        url=service.url,
        as_token=service.as_token,
        hs_token=service.hs_token,
        sender_localpart=service.sender_localpart,
    )


def _database_arguments(url: str) -> dict[str, Any]:
    return {**conninfo_to_dict(url), "cp_min": 5, "cp_max": 10, "keepalives_idle": 10}
