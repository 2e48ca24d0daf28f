# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fresh databases for tests: copies of a template that was made once a session."""

import itertools
import os
import subprocess
import sys
from dataclasses import dataclass

import psycopg

from stack.postgres import ADMIN, Postgres
from stack.templates import ROOT

_NUMBERS = itertools.count(1)
KITH_TEMPLATE = "kith_template"


@dataclass(frozen=True, slots=True)
class Database:
    """One database of Kith's schema, made for one test."""

    name: str
    _postgres: Postgres

    @property
    def url(self) -> str:
        """As the owner."""
        return self.url_as("kith")

    @property
    def module_url(self) -> str:
        """As the modules: they read only."""
        return self.url_as("kith_module")

    def url_as(self, role: str, *, tcp: bool = False) -> str:
        """As `role`, through the socket or the loopback port."""
        return self._postgres.url(self.name, role, tcp=tcp)


def make_template(postgres: Postgres) -> None:
    """Make the template: the migrations, as `kith up` runs them."""
    postgres.create_database(KITH_TEMPLATE, owner="kith")
    done = subprocess.run(
        [sys.executable, "-m", "schema", "migrate"],
        cwd=ROOT,
        env={**os.environ, "KITH_DATABASE_URL": postgres.url(KITH_TEMPLATE, "kith")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"python -m schema migrate: {done.stderr}")


def fresh_kith(postgres: Postgres) -> Database:
    """A new copy of the template."""
    name = f"kith_{next(_NUMBERS)}"
    with connect(postgres.url("postgres", ADMIN)) as admin:
        # Hundreds of small files, without a log of each page: half of what a copy costs else.
        admin.execute(
            f"CREATE DATABASE {name} OWNER kith TEMPLATE {KITH_TEMPLATE}"
            " STRATEGY FILE_COPY".encode()
        )
        admin.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC".encode())
        admin.execute(f"GRANT CONNECT ON DATABASE {name} TO kith_module, kith_reader".encode())
    return Database(name, postgres)


def fresh_synapse(postgres: Postgres) -> str:
    """The name of a new, empty database for a Synapse."""
    name = f"synapse_{next(_NUMBERS)}"
    postgres.create_database(name, owner="synapse")
    return name


def connect(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    """A connection in autocommit, for looking into a database."""
    return psycopg.connect(url, autocommit=True)
