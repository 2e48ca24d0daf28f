# SPDX-License-Identifier: AGPL-3.0-or-later
"""The table of exports (`0023_exports.sql`)."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
)

from schema.tables import metadata
from schema.tables.people import people

exports = Table(
    "exports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("reason", Text),
    Column("attempt", Uuid),
    Column("step", Text),
    Column("done", BigInteger, nullable=False, server_default="0"),
    Column("total", BigInteger),
    Column("size", BigInteger),
    Column("sha256", LargeBinary),
    Column("missing", Integer, nullable=False, server_default="0"),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("ready_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True)),
)
