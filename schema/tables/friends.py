# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of friendship: requests with their history, mirrored friendships (`0002_friends.sql`)."""

from sqlalchemy import Column, DateTime, ForeignKey, Table, Text, Uuid

from schema.tables import metadata
from schema.tables.people import people

friend_requests = Table(
    "friend_requests",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("requester", ForeignKey(people.c.user_id), nullable=False),
    Column("recipient", ForeignKey(people.c.user_id), nullable=False),
    Column("status", Text, nullable=False, server_default="pending"),
    Column("message", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("responded_at", DateTime(timezone=True)),
    Column("reminded_at", DateTime(timezone=True)),
    Column("withdrawn_at", DateTime(timezone=True)),
)

friendships = Table(
    "friendships",
    metadata,
    Column("user_id", ForeignKey(people.c.user_id), primary_key=True),
    Column("friend_id", ForeignKey(people.c.user_id), primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("source_request_id", ForeignKey(friend_requests.c.id)),
)

friendship_ends = Table(
    "friendship_ends",
    metadata,
    Column("ended_by", ForeignKey(people.c.user_id), nullable=False),
    Column("other", ForeignKey(people.c.user_id), nullable=False),
    Column("ended_at", DateTime(timezone=True), nullable=False),
)
