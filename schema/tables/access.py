# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of sessions, set-up links, cases, the audit log and the bot (`0005_access.sql`)."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    LargeBinary,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from schema.tables import metadata
from schema.tables.friends import friend_requests
from schema.tables.people import people

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), nullable=False),
    Column("csrf_hash", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_seen_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)

setup_links = Table(
    "setup_links",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("target", Text),
    Column("room_id", Text),
    Column("event_id", Text),
    Column("detail", JSONB, nullable=False, server_default="{}"),
    Column("state", Text, nullable=False, server_default="open"),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("target", Text),
    Column("reason", Text),
    Column("source", Text, nullable=False),
    Column("detail", JSONB, nullable=False, server_default="{}"),
)

bot_rooms = Table(
    "bot_rooms",
    metadata,
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
    Column("room_id", Text, nullable=False),
)

bot_prompts = Table(
    "bot_prompts",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("recipient", ForeignKey(people.c.user_id, ondelete="CASCADE"), nullable=False),
    Column("request_id", ForeignKey(friend_requests.c.id, ondelete="CASCADE"), nullable=False),
    Column("room_id", Text, nullable=False),
)
