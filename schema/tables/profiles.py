# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of profiles and of what people did lately (`0017_profiles.sql`)."""

from sqlalchemy import CHAR, BigInteger, Boolean, Column, DateTime, ForeignKey, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from schema.tables import metadata
from schema.tables.people import people

profiles = Table(
    "profiles",
    metadata,
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
    Column("bio", Text),
    Column("gender", Text),
    Column("pronouns", Text),
    Column("city", Text),
    Column("country_code", CHAR(2)),
    Column("place_id", BigInteger),
    Column("interests", JSONB, nullable=False, server_default="[]"),
    Column("timezone", Text),
    Column("banner_mxc", Text),
    Column("avatar_media", Uuid),
    Column("banner_media", Uuid),
    Column("hidden", Boolean, nullable=False, server_default="false"),
    Column("visibility", JSONB, nullable=False, server_default="{}"),
    Column("showcase_config", JSONB, nullable=False, server_default="{}"),
    Column("onboarding", JSONB, nullable=False, server_default="{}"),
    Column("revision", BigInteger, nullable=False, server_default="0"),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default="now()"),
)

profile_activity = Table(
    "profile_activity",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", JSONB, nullable=False, server_default="{}"),
    Column("room_id", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default="now()"),
)

profile_names = Table(
    "profile_names",
    metadata,
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("skeleton", Text, nullable=False),
)
