# SPDX-License-Identifier: AGPL-3.0-or-later
"""An embedded Redis (or Valkey): a socket, one loopback port, a password.

What is in it are hints; PostgreSQL holds what must not be lost.
"""

import asyncio
from pathlib import Path
from urllib.parse import quote

from redis.asyncio import Redis as Client
from redis.exceptions import RedisError

from stack.child import Program
from stack.credentials import Credentials
from stack.files import private_folder, socket_folder, write_private
from stack.identity import Identity, servant
from stack.ports import free_port
from stack.programs import find_redis


class Redis:
    """Redis in a folder."""

    def __init__(
        self, folder: Path, log: Path, *, port: int | None = None, program: Path | None = None
    ) -> None:
        """Args: the folder of its data, its log, its port (else a free one), which server."""
        self.folder = folder
        self.port = port or free_port()
        self._log = log
        self._program = program
        self._socket = folder / "redis.sock"
        self._identity: Identity | None = servant()

    def prepare(self) -> None:
        """Write its configuration; may be called at every start."""
        private_folder(self.folder)
        data = private_folder(self.folder / "data")
        sockets = socket_folder(self.folder / "socket")
        self._socket = sockets / "redis.sock"
        settings = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "requirepass": self._password(),
            "dir": str(data),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "daemonize": "no",
            "maxmemory": "256mb",
            "maxmemory-policy": "volatile-lru",
        }
        configuration = self.folder / "redis.conf"
        write_private(configuration, "".join(f"{k} {_quoted(v)}\n" for k, v in settings.items()))
        if self._identity:
            self._identity.own(self.folder)
            self._identity.own(sockets)

    def program(self) -> Program:
        """How to run it; call `prepare` first."""
        return Program(
            name="Redis",
            argv=(str(self._program or find_redis()), str(self.folder / "redis.conf")),
            log=self._log,
            ready=self._ready,
            cwd=Path("/"),
            identity=self._identity,
        )

    def url(self, database: int = 0, *, tcp: bool = False) -> str:
        """A redis-py address with the password in it: never log it."""
        secret = quote(self._password(), safe="")
        if tcp:
            return f"redis://:{secret}@127.0.0.1:{self.port}/{database}"
        return f"unix://:{secret}@{quote(str(self._socket))}?db={database}"

    @property
    def password(self) -> str:
        """For Synapse's own configuration."""
        return self._password()

    def _password(self) -> str:
        return Credentials(self.folder / "passwords.json").get("redis")

    async def _ready(self) -> bool:
        client = Client.from_url(self.url(tcp=True), socket_timeout=3, socket_connect_timeout=3)
        try:
            async with asyncio.timeout(5):
                return bool(await client.ping())
        except (RedisError, OSError, TimeoutError):
            return False
        finally:
            await client.aclose()


def _quoted(value: str) -> str:
    if value == '""':
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
