# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio

from appservice.media.turns import Turns
from tests.support.eventually import eventually


async def test_one_person_waits_and_others_do_not() -> None:
    turns, going, leave = Turns(2), list[str](), asyncio.Event()

    async def read(person: str) -> None:
        async with turns.of(person):
            going.append(person)
            await leave.wait()

    tasks = [asyncio.create_task(read(person)) for person in ("a", "a", "a", "b")]
    await eventually(lambda: len(going) == 3)
    assert sorted(going) == ["a", "a", "b"]
    tasks[2].cancel()
    leave.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert sorted(going) == ["a", "a", "b"]
    assert not turns._gates
