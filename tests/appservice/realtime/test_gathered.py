# SPDX-License-Identifier: AGPL-3.0-or-later
"""What many ask at the same time is asked once."""

import asyncio
from collections.abc import Collection

import pytest

from appservice.errors import Unavailable
from appservice.realtime.gathered import Gathered
from tests.support.eventually import eventually
from tests.support.live import Live


class _Registry:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[set[str]] = []
        self.may = asyncio.Semaphore(0)
        self.away = False

    async def ask(self, people: Collection[str]) -> None:
        self.asked.append(set(people))
        await self.may.acquire()
        if self.away:
            raise Unavailable("database")


async def test_what_comes_while_an_answer_is_on_its_way_goes_together() -> None:
    registry = _Registry()
    gathered = Gathered(registry.ask)
    first = asyncio.create_task(gathered.about("a"))
    await eventually(lambda: registry.asked)
    # Also of the same person: what was asked before may not hold any more.
    rest = [asyncio.create_task(gathered.about(who)) for who in ("a", "b", "c", "b")]
    lost = asyncio.create_task(gathered.about("d"))
    await asyncio.sleep(0)
    lost.cancel()
    registry.may.release()
    await first
    await eventually(lambda: len(registry.asked) == 2)
    assert not any(one.done() for one in rest)
    registry.may.release()
    await asyncio.gather(*rest)
    assert registry.asked == [{"a"}, {"a", "b", "c", "d"}]


async def test_what_goes_wrong_is_told_to_all_and_the_next_ask_anew() -> None:
    registry = _Registry()
    gathered = Gathered(registry.ask)
    registry.away = True
    registry.may.release()
    told = await asyncio.gather(
        *(gathered.about(who) for who in ("a", "b")), return_exceptions=True
    )
    assert [type(one) for one in told] == [Unavailable, Unavailable]
    registry.away = False
    registry.may.release()
    await gathered.about("a")
    assert registry.asked == [{"a", "b"}, {"a"}]


async def test_who_comes_back_together_costs_the_registry_little(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [live.door.person(f"p{number}") for number in range(24)]
    tokens = [await live.token(person) for person in people]
    access, waiting, asked = live.gateway._access, live.gateway.doors.welcome._waiting, 0
    real = access.welcome

    async def counted(given: Collection[tuple[str, str | None]], now: object) -> object:
        nonlocal asked
        asked += 1
        if asked == 1:
            # A busy database: meanwhile all the others have come.
            await eventually(lambda: sum(map(len, waiting.values())) >= len(tokens) - len(given))
        return await real(given, now)

    monkeypatch.setattr(access, "welcome", counted)
    sockets = await asyncio.gather(*(live.connect("/ws/community/", one) for one in tokens))
    for socket in sockets:
        assert (await socket.next())["event"] == "ready"
    assert asked <= 3
