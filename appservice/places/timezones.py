# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which time zones there are, by the names of the tz database."""

import re
from functools import cache
from zoneinfo import available_timezones

_FORM = re.compile(r"[A-Z][A-Za-z_]*(/[A-Za-z0-9_+\-]+){1,2}|UTC")


def is_timezone(name: str) -> bool:
    """Whether a name is a time zone; on a machine without the tables its form decides."""
    return name in _known() if _known() else _FORM.fullmatch(name) is not None


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
