# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Core tables say what the migrations say."""

import importlib
import pkgutil

from sqlalchemy import MetaData, Table, create_engine, make_url
from sqlalchemy.dialects import postgresql

import schema.tables
from tests.support.databases import Database

for _module in pkgutil.iter_modules(schema.tables.__path__, "schema.tables."):
    importlib.import_module(_module.name)


def _shape(table: Table) -> dict[str, tuple[str, bool, bool]]:
    dialect = postgresql.dialect()
    return {
        column.name: (
            column.type.compile(dialect=dialect),
            bool(column.nullable),
            column.primary_key,
        )
        for column in table.columns
    }


def test_the_tables_are_what_the_migrations_made(database: Database) -> None:
    engine = create_engine(make_url(database.url).set(drivername="postgresql+psycopg"))
    real = MetaData()
    try:
        real.reflect(engine, only=lambda name, _: not name.startswith("procrastinate_"))
    finally:
        engine.dispose()
    # The ledger is migrate's own; the counters belong to the Synapse module, which has no Core.
    found = {n: _shape(t) for n, t in real.tables.items()}
    for name in ("schema_versions", "rate_counters"):
        del found[name]
    assert found == {n: _shape(t) for n, t in schema.tables.metadata.tables.items()}
