# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of deleted accounts and of pseudonyms (`0024_erasure.sql`)."""

from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, SmallInteger, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from schema.tables import metadata
from schema.tables.people import people

erasures = Table(
    "erasures",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey(people.c.user_id)),
    Column("source", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("token_hash", LargeBinary),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("began_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    Column("before", JSONB, nullable=False, server_default="{}"),
    Column("step", SmallInteger, nullable=False, server_default="0"),
    Column("counts", JSONB, nullable=False, server_default="{}"),
    Column("answers", JSONB, nullable=False, server_default="{}"),
    Column("report", Text),
    Column("sha256", Text),
)

pseudonym_keys = Table(
    "pseudonym_keys",
    metadata,
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
    Column("key", LargeBinary, nullable=False),
    Column("pseudonym", Text, nullable=False),
)
