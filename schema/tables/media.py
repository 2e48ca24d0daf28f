# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of uploads and link previews (`0013_uploads.sql`, `0014_previews.sql`)."""

from sqlalchemy import (
    BigInteger,
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

uploads = Table(
    "uploads",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("owner", ForeignKey(people.c.user_id, ondelete="CASCADE"), nullable=False),
    Column("mxc", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("mime_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("blurhash", Text),
    Column("thumbnail", JSONB),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
)

link_previews = Table(
    "link_previews",
    metadata,
    Column("url_hash", LargeBinary, primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("url", Text, nullable=False),
    Column("found", Boolean, nullable=False),
    Column("title", Text),
    Column("description", Text),
    Column("site_name", Text),
    Column("image", LargeBinary),
    Column("image_type", Text),
    Column("image_width", Integer),
    Column("image_height", Integer),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)
