# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the clock does: ends what has run out and throws away what nobody needs any more."""

from datetime import timedelta

from appservice.clock import Clock
from appservice.database import Database

_TRANSACTIONS_KEPT = timedelta(days=2)
_JOBS_KEPT = timedelta(days=14)
_SUGGESTIONS_KEPT = timedelta(days=30)
_POSTS_KEPT = timedelta(days=2)
"""Longer than the day over which a cap counts them."""
_PREVIEWS_KEPT = timedelta(days=1)
"""After their time, so that pages that are open go on showing their pictures."""

_STATEMENTS = (
    (
        "UPDATE friend_requests SET status = 'expired' WHERE status = 'pending'"
        " AND expires_at <= %(now)s"
    ),
    "DELETE FROM sessions WHERE expires_at <= %(now)s",
    "DELETE FROM setup_links WHERE expires_at <= %(now)s",
    "DELETE FROM inbox_transactions WHERE received_at < %(transactions)s",
    "DELETE FROM link_previews WHERE expires_at <= %(previews)s",
    "DELETE FROM listing_posts WHERE at < %(posts)s",
    "DELETE FROM rate_counters WHERE expires_at <= %(now)s",
    (
        "DELETE FROM suggestions s USING suggestion_runs r"
        " WHERE r.user_id = s.user_id AND r.made_at < %(suggestions)s"
    ),
    "DELETE FROM suggestion_runs WHERE made_at < %(suggestions)s",
    # Their arguments may hold words of people; what failed has been logged without them.
    (
        "DELETE FROM procrastinate_jobs j WHERE status IN ('failed', 'cancelled', 'aborted')"
        " AND NOT EXISTS (SELECT FROM procrastinate_events e"
        "                 WHERE e.job_id = j.id AND e.at > %(jobs)s)"
    ),
)


class Upkeep:
    """The hourly broom."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Take Kith's database and the time."""
        self._database = database
        self._clock = clock

    async def sweep(self) -> None:
        """Run every statement, each in a transaction of its own."""
        now = self._clock.now()
        for statement in _STATEMENTS:
            async with self._database.transaction() as tx:
                await tx.read(
                    statement,
                    {
                        "now": now,
                        "transactions": now - _TRANSACTIONS_KEPT,
                        "posts": now - _POSTS_KEPT,
                        "previews": now - _PREVIEWS_KEPT,
                        "jobs": now - _JOBS_KEPT,
                        "suggestions": now - _SUGGESTIONS_KEPT,
                    },
                )
