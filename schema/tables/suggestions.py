# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of suggestions (`0020_suggestions.sql`)."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table

from schema.tables import metadata
from schema.tables.people import people

suggestions = Table(
    "suggestions",
    metadata,
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
    Column("other", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
    Column("score", Integer, nullable=False),
)

suggestion_runs = Table(
    "suggestion_runs",
    metadata,
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
    Column("made_at", DateTime(timezone=True), nullable=False),
)

suggestion_dismissals = Table(
    "suggestion_dismissals",
    metadata,
    Column("user_id", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
    Column("other", ForeignKey(people.c.user_id, ondelete="CASCADE"), primary_key=True),
    Column("dismissed_at", DateTime(timezone=True), nullable=False),
)
