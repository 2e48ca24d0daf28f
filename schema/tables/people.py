# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of people and how they stand to each other one-sidedly (`0001_people.sql`)."""

from sqlalchemy import (
    ARRAY,
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

from schema.tables import metadata

people = Table(
    "people",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("kind", Text, nullable=False, server_default="person"),
    Column("local", Boolean, nullable=False),
    Column("display_name", Text),
    Column("avatar_url", Text),
    Column("trust", SmallInteger, nullable=False, server_default="1"),
    Column("dm_policy", Text, nullable=False, server_default="connections"),
    Column("request_policy", Text, nullable=False, server_default="everyone"),
    Column("auto_decline_strangers", Boolean, nullable=False, server_default="false"),
    Column("connections_visibility", Text, nullable=False, server_default="connections"),
    Column("may_create_rooms", Boolean, nullable=False, server_default="true"),
    Column("requests_suspended_until", DateTime(timezone=True)),
    Column("messages", Integer, nullable=False, server_default="0"),
    Column("active_days", Integer, nullable=False, server_default="0"),
    Column("last_active_on", Date),
    Column("deactivated_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default="now()"),
    Column("presence_visibility", Text, nullable=False, server_default="all"),
    Column("presence_kept_since", DateTime(timezone=True)),
)

staff = Table(
    "staff",
    metadata,
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
    Column("role", Text, nullable=False),
    Column("granted_at", DateTime(timezone=True), nullable=False, server_default="now()"),
)


def _towards(name: str, subject: str, target: str) -> Table:
    return Table(
        name,
        metadata,
        Column(subject, ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
        Column(target, ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default="now()"),
    )


follows = _towards("follows", "follower", "followed")
blocks = _towards("blocks", "blocker", "blocked")
mutes = _towards("mutes", "muter", "muted")

ignore_mirror = Table(
    "ignore_mirror",
    metadata,
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
    Column("ignored", ARRAY(Text), nullable=False, server_default="{}"),
)

quick_replies = Table(
    "quick_replies",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
)
