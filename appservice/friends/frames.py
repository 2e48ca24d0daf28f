# SPDX-License-Identifier: AGPL-3.0-or-later
"""Live frames about friends on each person's Redis channel (F7).

A hint, sent after the commit: whoever misses one reads the lists again. Redis away costs nothing
but the hint.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from appservice.database import Database
from appservice.friends.requests import FriendRequest
from schema import channels

_LOG = structlog.get_logger("kith.friends")
_PATIENCE = 1.0
_CHUNK = 500
"""Frames sent together: whose account ends may have very many friends."""

_COUNTS = """
SELECT u.user_id,
  (SELECT count(*) FROM friend_requests WHERE recipient = u.user_id
     AND status = 'pending' AND expires_at > %(now)s),
  (SELECT count(*) FROM friend_requests WHERE requester = u.user_id
     AND status IN ('pending', 'declined') AND withdrawn_at IS NULL AND expires_at > %(now)s)
FROM unnest(%(people)s::text[]) AS u(user_id)
"""


@dataclass(frozen=True, slots=True)
class Frame:
    """One thing one person is to be told.

    Attributes:
        to: whose channel.
        event: `friend_request:created`, `friend_request:updated`, `friend:added`,
            `friend:removed` or `follow:removed`.
        other: the person it is about.
        request: the request it is about, shown as the receiver sees it.
    """

    to: str
    event: str
    other: str
    request: FriendRequest | None = None


class Frames:
    """Publishes frames."""

    def __init__(self, database: Database, redis: Redis | None) -> None:
        self._database = database
        self._redis = redis

    async def publish(self, frames: Sequence[Frame], now: datetime) -> None:
        """Send the frames with the counts of waiting requests as they are now."""
        if self._redis is None:
            return
        for start in range(0, len(frames), _CHUNK):
            try:
                async with asyncio.timeout(_PATIENCE):
                    await self._send(self._redis, frames[start : start + _CHUNK], now)
            except (RedisError, OSError, TimeoutError) as error:
                left = len(frames) - start
                _LOG.warning("frames_not_sent", count=left, error=type(error).__name__)
                return

    async def _send(self, redis: Redis, frames: Sequence[Frame], now: datetime) -> None:
        counts = await self._counts({frame.to for frame in frames}, now)
        pipe = redis.pipeline(transaction=False)
        for frame in frames:
            pipe.publish(channels.friends_frames(frame.to), _text(frame, counts, now))
        await pipe.execute()

    async def _counts(self, people: set[str], now: datetime) -> dict[str, dict[str, int]]:
        rows = await self._database.read(_COUNTS, {"people": sorted(people), "now": now})
        return {who: {"incoming": incoming, "outgoing": out} for who, incoming, out in rows}


def _text(frame: Frame, counts: dict[str, dict[str, int]], now: datetime) -> str:
    content: dict[str, Any] = {
        "event": frame.event,
        "user_id": frame.other,
        "pending": counts.get(frame.to),
    }
    if frame.request is not None:
        request = frame.request
        content["request"] = {
            "id": str(request.id),
            "status": request.seen_by(frame.to, now),
            "requester": request.requester,
            "recipient": request.recipient,
            "message": request.message,
            "created_at": request.created_at.isoformat(),
            "expires_at": request.expires_at.isoformat(),
        }
    return json.dumps(content)
