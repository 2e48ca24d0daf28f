# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of reading: marks, mentions, muted rooms (`0011_unread.sql`)."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Table, Text

from schema.tables import metadata
from schema.tables.people import people
from schema.tables.rooms import rooms

read_marks = Table(
    "read_marks",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("room_id", Text, primary_key=True),
    Column("thread", Text, primary_key=True, server_default=""),
    Column("event_id", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("shown_event_id", Text),
    Column("shown_position", BigInteger),
    Column("shown_at", DateTime(timezone=True)),
)

mentions = Table(
    "mentions",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("room_id", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("event_id", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("thread_root", Text),
)

room_mutes = Table(
    "room_mutes",
    metadata,
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
    Column("room_id", ForeignKey(rooms.c.room_id, ondelete="CASCADE"), primary_key=True),
    Column("muted_at", DateTime(timezone=True), nullable=False),
)
