# SPDX-License-Identifier: AGPL-3.0-or-later
"""An embedded PostgreSQL: its cluster, its program, its roles and databases.

Knows the names of roles and databases, not their tables.
"""

import asyncio
import os
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from stack.child import Program
from stack.credentials import Credentials
from stack.errors import StackError
from stack.files import private_folder, socket_folder, write_private
from stack.identity import Identity, popen_identity, servant, wrapped
from stack.ports import free_port
from stack.programs import PostgresPrograms, find_postgres
from stack.reader import reader_grants

ADMIN = "postgres"
ROLES = ("kith", "kith_module", "kith_reader", "synapse")
_SETTINGS = {
    "max_connections": "120",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "synchronous_commit": "on",
    "jit": "off",  # costs more than it saves on short statements
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    "password_encryption": "scram-sha-256",
}


class Postgres:
    """PostgreSQL in a folder, on a Unix socket and one loopback port."""

    def __init__(
        self,
        folder: Path,
        log: Path,
        *,
        port: int | None = None,
        durable: bool = True,
        programs: PostgresPrograms | None = None,
    ) -> None:
        """Take the folder of this cluster.

        Args:
            folder: holds the cluster, the socket and the passwords.
            log: the server's log file.
            port: the loopback port; a free one when absent.
            durable: false only in tests: no fsync, so a power cut may lose data.
            programs: which installation to use; the newest fitting one when absent.
        """
        self.folder = folder
        self.port = port or free_port()
        self._log = log
        self._durable = durable
        self._chosen = programs
        self._cluster = folder / "cluster"
        self._socket = folder / "socket"
        self._credentials: Credentials | None = None
        self._identity: Identity | None = servant()

    def prepare(self) -> None:
        """Make the cluster when there is none; may be called at every start.

        Raises:
            StackError: no programs, no account to run as, or initdb failed.
        """
        if os.getuid() == 0 and self._identity is None:
            raise StackError(
                "PostgreSQL does not run as root and there is no account postgres or nobody; "
                "start kith as an ordinary user."
            )
        private_folder(self.folder)
        self._credentials = Credentials(self.folder / "passwords.json")
        self._password(ADMIN)
        self._socket = socket_folder(self.folder / "socket")
        if self._identity:
            os.chown(self.folder, self._identity.uid, self._identity.gid)
            self._identity.own(self._socket)
        if not (self._cluster / "PG_VERSION").exists():
            self._initdb()
        elif self._identity:
            self._identity.own(self._cluster)

    def program(self) -> Program:
        """How to run it; call `prepare` first."""
        words = [str(self._programs().bin / "postgres"), "-D", str(self._cluster)]
        words += ["-k", str(self._socket), "-p", str(self.port)]
        settings = {**_SETTINGS, "listen_addresses": "127.0.0.1"}
        if not self._durable:
            # Tests keep several instances at once on one server.
            settings |= {"fsync": "off", "full_page_writes": "off", "max_connections": "400"}
        for key, value in settings.items():
            words += ["-c", f"{key}={value}"]
        return Program(
            name="PostgreSQL",
            argv=tuple(words),
            log=self._log,
            ready=self._ready,
            cwd=Path("/"),
            env={"LC_ALL": "C"},
            identity=self._identity,
            end=signal.SIGINT,  # "fast": does not wait for clients
        )

    def settle(self) -> None:
        """Make the roles and the two databases; may be called at every start."""
        with psycopg.connect(self.url("postgres", ADMIN), autocommit=True) as connection:
            for role in ROLES:
                _ensure_role(connection, role, self._password(role))
            self.create_database("synapse", owner="synapse", connection=connection)
            self.create_database("kith", owner="kith", connection=connection)

    def create_database(
        self,
        name: str,
        *,
        owner: str,
        template: str | None = None,
        connection: "psycopg.Connection[tuple[object, ...]] | None" = None,
    ) -> None:
        """Make a database when it is missing.

        Args:
            name: of the database; `synapse*` gets the C locale Synapse insists on.
            owner: the role that owns it and may alone connect beside the other roles.
            template: a database to copy.
            connection: an administrator's connection in autocommit.
        """
        if connection is None:
            with psycopg.connect(self.url("postgres", ADMIN), autocommit=True) as own:
                self.create_database(name, owner=owner, template=template, connection=own)
            return
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            return
        source = template or "template0"
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(owner), sql.Identifier(source)
        )
        if template is None:
            statement += self._locale(synapse=owner == "synapse")
        connection.execute(statement)
        connection.execute(
            sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
        )
        readers = ("kith_reader",) if owner == "synapse" else ("kith_module", "kith_reader")
        for role in readers:
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                    sql.Identifier(name), sql.Identifier(role)
                )
            )

    def drop_database(self, name: str) -> None:
        """Drop a database and end whoever is connected to it."""
        with psycopg.connect(self.url("postgres", ADMIN), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def grant_reader(self, database: str) -> None:
        """Let Kith's reader see what it needs of Synapse's tables, once Synapse made them.

        Password hashes and access tokens are not among it.
        """
        with psycopg.connect(self.url(database, ADMIN), autocommit=True) as connection:
            connection.execute(reader_grants())

    def url(self, database: str, role: str, *, tcp: bool = False) -> str:
        """A libpq address with the role's password in it: never log it."""
        who = f"{quote(role)}:{quote(self._password(role), safe='')}"
        if tcp:
            return f"postgresql://{who}@127.0.0.1:{self.port}/{quote(database)}"
        where = urlencode({"host": str(self._socket), "port": str(self.port)})
        return f"postgresql://{who}@/{quote(database)}?{where}"

    def _password(self, role: str) -> str:
        if self._credentials is None:
            self._credentials = Credentials(self.folder / "passwords.json")
        return self._credentials.get(role)

    def _programs(self) -> PostgresPrograms:
        if self._chosen:
            return self._chosen
        version = self._cluster / "PG_VERSION"
        try:
            return find_postgres(int(version.read_text(encoding="ascii")))
        except FileNotFoundError:
            return find_postgres()

    def _locale(self, *, synapse: bool) -> sql.SQL:
        locale = "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        if not synapse and self._programs().major >= 17:  # noqa: PLR2004 - builtin provider
            return sql.SQL(f" {locale} LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'")
        return sql.SQL(f" {locale}")

    def _initdb(self) -> None:
        half = self.folder / "cluster.half"
        shutil.rmtree(half, ignore_errors=True)
        private_folder(half)
        secret = self.folder / "initdb.password"
        write_private(secret, self._password(ADMIN))
        if self._identity:
            self._identity.own(half)
            os.chown(secret, self._identity.uid, self._identity.gid)
        words = [str(self._programs().bin / "initdb"), "-D", str(half), "-U", ADMIN, "-E", "UTF8"]
        words += ["--locale=C", "--auth=scram-sha-256", f"--pwfile={secret}"]
        if not self._durable:
            words.append("--no-sync")
        done = subprocess.run(  # noqa: S603 - our own program
            wrapped(tuple(words), self._identity),
            text=True,
            capture_output=True,
            timeout=120,
            cwd="/",
            check=False,
            **popen_identity(self._identity),
        )
        secret.unlink()
        if done.returncode:
            raise StackError(f"PostgreSQL's initdb failed: {done.stderr.strip()[-500:]}")
        # Only a whole cluster gets the name: an interrupted start begins anew.
        half.rename(self._cluster)

    async def _ready(self) -> bool:
        try:
            async with asyncio.timeout(5):
                connection = await psycopg.AsyncConnection.connect(
                    self.url("postgres", ADMIN), connect_timeout=3
                )
        except (psycopg.OperationalError, TimeoutError):
            return False
        await connection.close()
        return True


def _ensure_role(
    connection: "psycopg.Connection[tuple[object, ...]]", role: str, password: str
) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    if known is None:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                sql.Identifier(role), sql.Literal(password)
            )
        )
