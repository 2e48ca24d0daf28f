# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two databases of an instance, embedded or the operator's own, behind one shape."""

from typing import Protocol
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from stack.credentials import Credentials
from stack.errors import StackError
from stack.options import External
from stack.postgres import Postgres
from stack.programs import OLDEST_POSTGRES
from stack.reader import reader_grants


class Databases(Protocol):
    """Where Kith's and Synapse's tables are, by the role that asks."""

    @property
    def kith(self) -> str:
        """Kith's own database, as its owner."""

    @property
    def module(self) -> str:
        """Kith's own database, as the modules: they read only."""

    @property
    def synapse(self) -> str:
        """Synapse's database, as its owner."""

    @property
    def reader(self) -> str:
        """Synapse's database, read-only."""

    def settle(self) -> None:
        """Make what is missing: roles, databases."""

    def grant_reader(self) -> None:
        """Let the reader see Synapse's tables, once they exist."""


class EmbeddedDatabases:
    """Those of the PostgreSQL that the stack itself runs."""

    def __init__(self, server: Postgres) -> None:
        """Args: the prepared server."""
        self._server = server
        self.kith = server.url("kith", "kith")
        self.module = server.url("kith", "kith_module")
        self.synapse = server.url("synapse", "synapse")
        self.reader = server.url("synapse", "kith_reader")

    def settle(self) -> None:
        """Make roles and databases."""
        self._server.settle()

    def grant_reader(self) -> None:
        """Let the reader see Synapse's tables."""
        self._server.grant_reader("synapse")


class ExternalDatabases:
    """Those of a PostgreSQL that runs elsewhere.

    Its account needs CREATEROLE and CREATEDB for the first start, unless an administrator
    made the roles kith_module and kith_reader and the database for Synapse.
    """

    def __init__(self, external: External, credentials: Credentials) -> None:
        """Args: what the environment says (`database_url` at least), the secrets."""
        self._credentials = credentials
        # Another's Synapse has its database already, and its operator opens it to the reader.
        self._foreign = external.synapse_url is not None
        self.kith = external.database_url or ""
        self.synapse = external.synapse_database_url or self._with(self.kith, dbname="synapse")
        self._given = {
            "kith_module": external.module_database_url,
            "kith_reader": external.reader_database_url,
        }
        self.module = self._given["kith_module"] or self._with(
            self.kith, **self._role("kith_module")
        )
        self.reader = self._given["kith_reader"] or self._with(
            self.synapse, **self._role("kith_reader")
        )

    def settle(self) -> None:
        """Make the readers' roles and Synapse's database where the account may.

        Raises:
            StackError: it may not, or the server is away or too old; with what to do.
        """
        try:
            with psycopg.connect(self.kith, autocommit=True, connect_timeout=10) as connection:
                self._settle(connection)
        except psycopg.OperationalError as problem:
            raise StackError(
                f"KITH_DATABASE_URL cannot be reached: {_first_line(problem)}"
            ) from problem

    def grant_reader(self) -> None:
        """Let the reader see Synapse's tables; Synapse's own account may grant that."""
        with psycopg.connect(self.synapse, autocommit=True, connect_timeout=10) as connection:
            connection.execute(reader_grants())

    def _settle(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        if connection.info.server_version < OLDEST_POSTGRES * 10_000:
            raise StackError(f"KITH_DATABASE_URL must be PostgreSQL {OLDEST_POSTGRES} or newer.")
        for role, given in self._given.items():
            if given or (self._foreign and role == "kith_reader"):
                continue
            password = self._role(role)["password"]
            known = connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)
            ).fetchone()
            make = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            if known is None:
                _as_administrator(connection, make, role, password)
        if self._foreign:
            return
        name = conninfo_to_dict(self.synapse)["dbname"]
        known = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", (name,)
        ).fetchone()
        if known is None:
            make = sql.SQL(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            )
            _as_administrator(connection, make, str(name))

    def _role(self, name: str) -> dict[str, str]:
        return {"user": name, "password": self._credentials.get(f"database_{name}")}

    @staticmethod
    def _with(url: str, **changes: str) -> str:
        parts = {**conninfo_to_dict(url), **changes}
        who = f"{quote(str(parts.pop('user', '')), safe='')}"
        if parts.get("password"):
            who += f":{quote(str(parts['password']), safe='')}"
        parts.pop("password", None)
        name = quote(str(parts.pop("dbname", "")), safe="")
        return f"postgresql://{who}@/{name}?{urlencode(parts)}"


def _as_administrator(
    connection: "psycopg.Connection[tuple[object, ...]]",
    statement: sql.SQL,
    name: str,
    password: str | None = None,
) -> None:
    values: list[sql.Composable] = [sql.Identifier(name)]
    if password:
        values.append(sql.Literal(password))
    try:
        connection.execute(statement.format(*values))
    except psycopg.errors.InsufficientPrivilege as problem:
        # The password is in secrets.json, not on the screen.
        raise StackError(
            f"The account of KITH_DATABASE_URL may not make {name}; give it CREATEROLE and "
            f"CREATEDB for one start, or see docs/operations.md for the statements."
        ) from problem


def _first_line(problem: Exception) -> str:
    return str(problem).strip().splitlines()[0]
