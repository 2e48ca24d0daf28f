# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks an HTTP address whether it is well, without waiting long."""

import aiohttp

_LIMIT = 3.0


async def answers(url: str) -> bool:
    """Whether a GET of `url` gives a 2xx within three seconds."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_LIMIT)) as session,
            session.get(url) as answer,
        ):
            return answer.ok
    except (TimeoutError, aiohttp.ClientError, OSError):
        return False
