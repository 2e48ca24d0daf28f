# SPDX-License-Identifier: AGPL-3.0-or-later
"""The composition root: every object of a process is made here, once, and closed here.

Features get what they need by name from the `Assembly`; they never build one another.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from redis.asyncio import Redis

from appservice.clock import Clock, SystemClock
from appservice.database import Database
from appservice.friends.frames import Frames
from appservice.friends.service import FriendService
from appservice.homeserver.client import HomeserverClient
from appservice.homeserver.port import Homeserver
from appservice.homeserver.stream import SynapseStream
from appservice.homeserver.transport import Transport
from appservice.people.directory import Directory
from appservice.people.service import PeopleService
from appservice.settings import Settings

_USER_AGENT = "Kith"

Check = Callable[[], Awaitable[bool]]


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
        stream: Synapse's database, read-only; None on a foreign Synapse.
        directory: the people Kith has met.
        friends: use cases of friendship.
        people: use cases of follows, blocks, mutes and settings.
        checks: parts this process needs, by name, each asked whether it is well; filled by
            `server` and answered at /readyz.
    """

    settings: Settings
    clock: Clock
    database: Database
    homeserver: Homeserver
    redis: Redis | None
    session: aiohttp.ClientSession
    stream: SynapseStream | None
    directory: Directory
    friends: FriendService
    people: PeopleService
    checks: dict[str, Check] = field(default_factory=dict)


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
        source = settings.synapse.database_url
        stream = (
            await stack.enter_async_context(SynapseStream(source.get_secret_value()))
            if source
            else None
        )
        redis = _redis(settings)
        if redis is not None:
            stack.push_async_callback(redis.aclose)
        clock = clock or SystemClock()
        homeserver = _homeserver(settings, session)
        directory = Directory(database, homeserver, settings.server_name)
        friends = FriendService(
            database, clock, settings.rules, directory, Frames(database, redis)
        )
        yield Assembly(
            settings=settings,
            clock=clock,
            database=database,
            homeserver=homeserver,
            redis=redis,
            session=session,
            stream=stream,
            directory=directory,
            friends=friends,
            people=PeopleService(database, clock, directory, friends),
        )


def _redis(settings: Settings) -> Redis | None:
    if settings.redis_url is None:
        return None
    # Whoever asks has patience of their own; this ends what they have given up.
    return Redis.from_url(
        settings.redis_url.get_secret_value(), socket_timeout=5.0, socket_connect_timeout=1.0
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
