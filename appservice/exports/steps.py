# SPDX-License-Identifier: AGPL-3.0-or-later
"""The steps in which an archive is made, in order, and how to tell of them."""

from collections.abc import Awaitable, Callable

ACCOUNT, TABLES, PICTURES, UPLOADS, MESSAGES, CLOSING = STEPS = (
    "account",
    "tables",
    "pictures",
    "uploads",
    "messages",
    "closing",
)

Tell = Callable[[str, int, int | None], Awaitable[None]]
"""Step, how much of it is done, out of how much; raises to make it stop."""
