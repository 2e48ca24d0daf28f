# SPDX-License-Identifier: AGPL-3.0-or-later
"""A clock that stands still until a test moves it."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID


class FrozenClock:
    """Time moves by `advance`; ids and tokens are the same in every run."""

    def __init__(
        self, start: datetime = datetime(2026, 1, 5, 12, tzinfo=UTC), seed: int = 7
    ) -> None:
        self._now = start
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose

    def now(self) -> datetime:
        """The present."""
        return self._now

    def advance(self, **parts: float) -> None:
        """Move on, by the parts of a `timedelta`."""
        self._now += timedelta(**parts)

    def new_id(self) -> UUID:
        """A fresh id."""
        return UUID(int=self._random.getrandbits(128), version=4)

    def token(self) -> str:
        """A fresh token."""
        return f"{self._random.getrandbits(256):064x}"
