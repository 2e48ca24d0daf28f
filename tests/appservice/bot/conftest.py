# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bot over a real database and a homeserver in memory, with the features it speaks for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

import pytest

from appservice.bot.bot import Bot
from appservice.bot.commands import Commands
from appservice.bot.conversations import Conversations
from appservice.bot.store import BotStore
from appservice.database import Database
from appservice.dms.direct import MARK, DirectMarks
from appservice.erasure.service import Erasures
from appservice.friends.frames import Frames
from appservice.friends.service import FriendService
from appservice.people.directory import Directory
from appservice.people.service import PeopleService
from policy.limits import Rules
from tests.fakes.clock import FrozenClock
from tests.fakes.homeserver import FakeHomeserver

HS = "hs.test"
Jobs = dict[str, Callable[..., Awaitable[None]]]


@dataclass
class Talk:
    """A bot to talk to."""

    bot: Bot
    database: Database
    homeserver: FakeHomeserver
    clock: FrozenClock
    erasures: Erasures
    _numbers: "count[int]" = field(default_factory=count)

    async def say(self, sender: str, words: str, room: str = "!anywhere") -> str:
        """Give a command; what the bot answered last."""
        await self.bot.command(f"$said{next(self._numbers)}", room, sender, words)
        await self.work()
        return (await self.heard(sender))[-1]

    async def heard(self, user: str) -> list[str]:
        """Everything the bot has said to somebody."""
        rows = await self.database.read(
            "SELECT room_id FROM bot_rooms WHERE user_id = %(who)s", {"who": user}
        )
        return self.homeserver.said(rows[0][0], self.homeserver.service_user) if rows else []

    async def work(self) -> None:
        """Do the bot's jobs that wait."""
        jobs: Jobs = {
            "bot.notify_request": self.bot.notify_request,
            "bot.notify_accepted": self.bot.notify_accepted,
            "bot.erasure_note": self.bot.erasure_note,
            MARK: DirectMarks(self.homeserver).mark,
        }
        rows = await self.database.read(
            "SELECT id, task_name, args FROM procrastinate_jobs ORDER BY id"
        )
        for number, name, arguments in rows:
            if name in jobs:
                await jobs[name](**arguments)
            async with self.database.transaction() as tx:
                await tx.read("DELETE FROM procrastinate_jobs WHERE id = %(id)s", {"id": number})


@pytest.fixture
def clock() -> FrozenClock:
    # The shared facts ask the database for the time: requests must not have run out there.
    return FrozenClock(datetime(2100, 1, 4, tzinfo=UTC))


@pytest.fixture
async def talk(store: Database, clock: FrozenClock) -> Talk:
    homeserver = FakeHomeserver()
    await homeserver.register_service_user()
    directory = Directory(store, homeserver, HS)
    friends = FriendService(store, clock, Rules(), directory, Frames(store, None))
    people = PeopleService(store, clock, directory, friends)
    memory = BotStore(store)
    erasures = Erasures(store, clock, Rules().privacy)
    commands = Commands(
        memory,
        friends,
        people,
        homeserver,
        erasures=erasures,
        clock=clock,
        rules=Rules(),
        server_name=HS,
    )
    conversations = Conversations(store, homeserver, HS)
    bot = Bot(memory, commands, conversations, homeserver, directory=directory, clock=clock)
    return Talk(bot, store, homeserver, clock, erasures)
