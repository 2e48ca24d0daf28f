# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of listings and of the searches kept over them (`0018_listings.sql`)."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    FetchedValue,
    ForeignKey,
    Identity,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

from schema.tables import metadata
from schema.tables.people import people

listings = Table(
    "listings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("seller", ForeignKey(people.c.user_id, ondelete="CASCADE"), nullable=False),
    Column("txn_id", Text),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("price_minor", BigInteger),
    Column("currency", Text),
    Column("tags", ARRAY(Text), nullable=False, server_default="{}"),
    Column("city", Text),
    Column("country_code", Text),
    Column("place_id", BigInteger),
    Column("status", Text, nullable=False),
    Column("images", JSONB, nullable=False, server_default="[]"),
    Column("allow_messages", Boolean, nullable=False, server_default="false"),
    Column("revision", BigInteger, nullable=False, server_default="1"),
    Column("listed_at", DateTime(timezone=True), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("closed_by", Text),
    Column("close_reason", Text),
    Column("words", TSVECTOR, server_default=FetchedValue()),
)

listing_posts = Table(
    "listing_posts",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("seller", ForeignKey(people.c.user_id, ondelete="CASCADE"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("owner", ForeignKey(people.c.user_id, ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("query", JSONB, nullable=False),
    Column("alerts", Boolean, nullable=False, server_default="false"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)
