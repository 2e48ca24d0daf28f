# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of the registry: rooms, memberships, contacts of bots, days (`0003_rooms.sql`)."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from schema.tables import metadata
from schema.tables.people import people

rooms = Table(
    "rooms",
    metadata,
    Column("room_id", Text, primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("creator", Text),
    Column("local", Boolean, nullable=False),
    Column("room_version", Text, nullable=False, server_default="1"),
    Column("parent", Text),
    Column("predecessor", Text),
    Column("successor", Text),
    Column("slug", Text),
    Column("name", Text),
    Column("visibility", Text, nullable=False, server_default="private"),
    Column("is_default", Boolean, nullable=False, server_default="false"),
    Column("read_only", Boolean, nullable=False, server_default="false"),
    Column("slow_mode", Integer, nullable=False, server_default="0"),
    Column("encrypted", Boolean, nullable=False, server_default="false"),
    Column("people", ARRAY(Text), nullable=False, server_default="{}"),
    Column("managers", ARRAY(Text), nullable=False, server_default="{}"),
    Column("last_event_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("kept", Boolean, nullable=False, server_default="false"),
    Column("topic", Text),
    Column("avatar_url", Text),
    Column("history_visibility", Text, nullable=False, server_default="shared"),
    Column("powers", JSONB),
    Column("creators", ARRAY(Text), nullable=False, server_default="{}"),
    Column("emoji", Text),
    Column("description", Text),
    Column("place", Integer, nullable=False, server_default="0"),
    Column("min_trust", SmallInteger, nullable=False, server_default="0"),
    Column("admin", Text),
)

memberships = Table(
    "memberships",
    metadata,
    Column("room_id", ForeignKey(rooms.c.room_id, ondelete="CASCADE"), primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("membership", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("stream_ordering", BigInteger, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("joined_at", BigInteger),
)

bot_contacts = Table(
    "bot_contacts",
    metadata,
    Column("bot", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
)

active_days = Table(
    "active_days",
    metadata,
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
)
