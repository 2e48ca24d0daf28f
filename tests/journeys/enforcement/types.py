# SPDX-License-Identifier: AGPL-3.0-or-later
"""Types of the fixtures here."""

from typing import Protocol

from tests.support.matrix import MatrixUser


class People(Protocol):
    """Makes fresh accounts whose names begin with the given words."""

    async def __call__(self, *stems: str, admin: bool = False) -> list[MatrixUser]: ...
