# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Redis remembers of somebody: keys that live for minutes, removed all the same."""

import asyncio

from redis.asyncio import Redis

from appservice.privacy.places import PLACES
from appservice.realtime.hints import AWAY

_PLACE = "redis"
_PATIENCE = 20.0
_CHUNK = 500
_SPECIAL = str.maketrans({char: f"\\{char}" for char in "*?[]\\"})


async def forget(redis: Redis | None, user_id: str) -> int | None:
    """Remove the declared keys; how many, None when Redis is away: they end by themselves."""
    if redis is None:
        return None
    patterns = [
        key.replace("{user}", user_id.translate(_SPECIAL))
        for place in PLACES
        if place.name == _PLACE
        for key in place.keys
    ]
    removed = 0
    try:
        async with asyncio.timeout(_PATIENCE):
            for pattern in patterns:
                keys = [key async for key in redis.scan_iter(match=pattern, count=_CHUNK)]
                if keys:
                    removed += int(await redis.delete(*keys))
    except AWAY:
        return None
    return removed
