# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of the intake: what Synapse sent, exactly once and in order (`0004_intake.sql`)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Integer,
    LargeBinary,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from schema.tables import metadata

inbox_transactions = Table(
    "inbox_transactions",
    metadata,
    Column("txn_id", Text, primary_key=True),
    Column("body_hash", LargeBinary, primary_key=True),
    Column("received_at", DateTime(timezone=True), nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Text, nullable=False, unique=True),
    Column("body", JSONB, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("room_id", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("thread_root", Text),
    Column("stream_ordering", BigInteger),
    Column("origin_server_ts", BigInteger, nullable=False),
    Column("applied_at", DateTime(timezone=True), nullable=False),
    Column("counts_at", BigInteger),
    Column("redacted", Boolean, nullable=False, server_default="false"),
    Column("rel_type", Text),
    Column("relates_to", Text),
    Column("reaction_key", Text),
    Column("txn_id", Text),
)

intake_failures = Table(
    "intake_failures",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("body", JSONB, nullable=False),
    Column("error", Text, nullable=False),
    Column("failed_at", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="1"),
)

positions = Table(
    "positions",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
