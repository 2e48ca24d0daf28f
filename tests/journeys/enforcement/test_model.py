# SPDX-License-Identifier: AGPL-3.0-or-later
"""Random histories of friendship, blocks and messages, against the model in one sentence (Q14).

A 1:1 takes messages exactly while the two are friends and no block stands between them.
"""

import random
from collections.abc import Awaitable

import pytest

from tests.journeys.enforcement.types import People
from tests.journeys.enforcement.world import Answer, World, soon_allowed, soon_refused
from tests.support.matrix import MatrixUser

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


class Pair:
    """Two people, what Kith knows of them, and what must follow."""

    def __init__(self, world: World, one: MatrixUser, other: MatrixUser, room: str) -> None:
        self.world, self.one, self.other, self.room = world, one, other, room
        self.friends = True
        self.blocks: set[str] = set()

    def befriend(self) -> None:
        if not self.friends and not self.blocks:
            self.world.befriend(self.one, self.other)
            self.friends = True

    def unfriend(self) -> None:
        self.world.unfriend(self.one, self.other)
        self.friends = False

    def block(self, chance: random.Random) -> None:
        blocker, blocked = chance.sample([self.one, self.other], 2)
        if blocker.user_id not in self.blocks:
            self.world.block(blocker, blocked)
            self.blocks.add(blocker.user_id)
            self.friends = False

    def unblock(self) -> None:
        for blocker in self.blocks:
            self.world.sql("DELETE FROM blocks WHERE blocker = %s", blocker)
        self.blocks.clear()

    async def check(self, speaker: MatrixUser) -> None:
        def send() -> Awaitable[Answer]:
            return speaker.send(self.room, "hello")

        if self.friends and not self.blocks:
            await soon_allowed(send)
        elif speaker.user_id in self.blocks:
            await soon_refused(send, "blocked")
        else:
            await soon_refused(send, "friendship_required")


@pytest.mark.parametrize("seed", range(4))
async def test_histories(world: World, people: People, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    one, other = await people("one", "other")
    pair = Pair(world, one, other, await world.dm(one, other, room_version=["11", "12"][seed % 2]))
    if seed < 2:
        world.register_room(pair.room, "dm", one, other)
    for _ in range(25):
        step = chance.choice(["befriend", "befriend", "unfriend", "block", "unblock", "look"])
        if step == "block":
            pair.block(chance)
        elif step != "look":
            getattr(pair, step)()
        await pair.check(chance.choice([one, other]))
