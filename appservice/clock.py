# SPDX-License-Identifier: AGPL-3.0-or-later
"""Time, ids and randomness: the only place that asks the machine for them.

Everything else takes a `Clock`, so that a test can stop time.
"""

import secrets
import uuid
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """Where the present, new ids and secrets come from."""

    def now(self) -> datetime:
        """The present, always aware and in UTC."""

    def new_id(self) -> UUID:
        """An id nobody has seen before."""

    def token(self) -> str:
        """A URL-safe secret of 256 bits."""


class SystemClock:
    """The machine's own clock and randomness."""

    def now(self) -> datetime:
        """The present in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that may

    def new_id(self) -> UUID:
        """A random UUID (version 4)."""
        return uuid.uuid4()  # noqa: TID251 - the one place that may

    def token(self) -> str:
        """43 URL-safe characters."""
        return secrets.token_urlsafe(32)


def epoch_ms(moment: datetime) -> int:
    """Milliseconds since 1970, the unit of ``origin_server_ts``."""
    return round(moment.timestamp() * 1000)
