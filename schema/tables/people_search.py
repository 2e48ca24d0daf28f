# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of people search (`0021_people_search.sql`)."""

from sqlalchemy import ARRAY, Column, ForeignKey, Table, Text
from sqlalchemy.dialects.postgresql import TSVECTOR

from schema.tables import metadata
from schema.tables.people import people

people_search = Table(
    "people_search",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("public_terms", TSVECTOR, nullable=False),
    Column("friend_terms", TSVECTOR, nullable=False),
    Column("public_traits", ARRAY(Text), nullable=False, server_default="{}"),
    Column("friend_traits", ARRAY(Text), nullable=False, server_default="{}"),
)

people_search_waiting = Table(
    "people_search_waiting",
    metadata,
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
)
