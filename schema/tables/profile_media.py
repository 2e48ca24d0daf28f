# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of profile pictures and of the Matrix profile (`0022`, `0026`)."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from schema.tables import metadata
from schema.tables.people import people

profile_media = Table(
    "profile_media",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("status", Text, nullable=False, server_default="waiting"),
    Column("reason", Text),
    Column("mime_type", Text),
    Column("bytes", Integer, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("hash", LargeBinary),
    Column("crop", JSONB),
    Column("blurhash", Text),
    Column("labels", ARRAY(Text), nullable=False, server_default="{}"),
    Column("mxc", Text),
    Column("source_mxc", Text),
    Column("quiet", Boolean, nullable=False, server_default="false"),
    Column("judged_by", Text),
    Column("judged_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)

matrix_profile = Table(
    "matrix_profile",
    metadata,
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
    Column("written", JSONB, nullable=False, server_default="{}"),
    Column("checked_at", DateTime(timezone=True), nullable=False),
)
