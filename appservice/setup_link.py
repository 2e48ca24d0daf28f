# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one-time link by which the first admin gets an account (D42).

Only its hash is stored; the page behind it belongs to `appservice.access`.
"""

import hashlib
import sys
from datetime import timedelta

from sqlalchemy import insert

from appservice.clock import Clock, SystemClock
from appservice.database import Database
from appservice.settings import Settings
from schema.tables.access import setup_links

_LIFETIME = timedelta(hours=24)


async def make_link(database: Database, clock: Clock, public_url: str) -> str:
    """A fresh link; it works once, for 24 hours."""
    token, now = clock.token(), clock.now()
    async with database.transaction() as tx:
        await tx.execute(
            insert(setup_links).values(
                token_hash=hashlib.sha256(token.encode()).digest(),
                created_at=now,
                expires_at=now + _LIFETIME,
            )
        )
    return f"{public_url}/setup?token={token}"


async def print_link(settings: Settings) -> None:
    """Print a fresh link."""
    async with Database(settings.database_url.get_secret_value(), size=1) as database:
        link = await make_link(database, SystemClock(), settings.public_url)
    sys.stdout.write(f"{link}\n")
