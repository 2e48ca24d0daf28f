# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kith's tables for SQLAlchemy Core, one file a family. The migrations are the truth.

A test compares these with a migrated database, column by column.
"""

from sqlalchemy import MetaData

metadata = MetaData()
