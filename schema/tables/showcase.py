# SPDX-License-Identifier: AGPL-3.0-or-later
"""The table of showcases (`0019_showcase.sql`)."""

from sqlalchemy import Column, DateTime, ForeignKey, SmallInteger, Table, Text

from schema.tables import metadata
from schema.tables.people import people

showcase_items = Table(
    "showcase_items",
    metadata,
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
    Column("collection", Text, primary_key=True),
    Column("position", SmallInteger, primary_key=True),
    Column("entity_kind", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("note", Text),
    Column("added_at", DateTime(timezone=True), nullable=False),
)
