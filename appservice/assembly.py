# SPDX-License-Identifier: AGPL-3.0-or-later
"""The composition root: every object of a process is made here, once, and closed here.

Features get what they need by name from the `Assembly`; they never build one another.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp
from redis.asyncio import Redis

from appservice.clock import Clock, SystemClock
from appservice.database import Database
from appservice.homeserver.client import HomeserverClient
from appservice.homeserver.port import Homeserver
from appservice.homeserver.transport import Transport
from appservice.settings import Settings

_USER_AGENT = "Kith"


@dataclass(frozen=True)
class Assembly:
    """What every part of a process is made of.

    Attributes:
        settings: the operator's settings.
        clock: time, ids and randomness.
        database: Kith's own database.
        homeserver: intents.
        redis: hints (fan-out, rate limits); None when not configured. It may be away at any
            moment: whoever uses it says what happens then.
        session: HTTP client for anything that is not the homeserver.
    """

    settings: Settings
    clock: Clock
    database: Database
    homeserver: Homeserver
    redis: Redis | None
    session: aiohttp.ClientSession


@asynccontextmanager
async def assemble(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Assembly]:
    """Build everything, and take it down in the opposite order."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(
            aiohttp.ClientSession(
                headers={"User-Agent": _USER_AGENT}, cookie_jar=aiohttp.DummyCookieJar()
            )
        )
        database = await stack.enter_async_context(
            Database(settings.database_url.get_secret_value())
        )
        redis = _redis(settings)
        if redis is not None:
            stack.push_async_callback(redis.aclose)
        yield Assembly(
            settings=settings,
            clock=clock or SystemClock(),
            database=database,
            homeserver=_homeserver(settings, session),
            redis=redis,
            session=session,
        )


def _redis(settings: Settings) -> Redis | None:
    if settings.redis_url is None:
        return None
    return Redis.from_url(
        settings.redis_url.get_secret_value(), socket_timeout=1.0, socket_connect_timeout=1.0
    )


def _homeserver(settings: Settings, session: aiohttp.ClientSession) -> Homeserver:
    secret = settings.synapse.registration_shared_secret
    transport = Transport(
        session,
        settings.synapse.url,
        settings.appservice.as_token.get_secret_value(),
        settings.synapse.timeout,
    )
    return HomeserverClient(
        transport, settings.service_user, secret.get_secret_value() if secret else None
    )
