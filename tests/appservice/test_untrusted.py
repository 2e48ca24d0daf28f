# SPDX-License-Identifier: AGPL-3.0-or-later
"""A process that dies, hangs, swells or babbles takes nothing with it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from appservice.untrusted import parent
from appservice.untrusted.parent import NoAnswerError, Untrusted

CHILD = """
import os, sys
sys.path.insert(0, {root!r})
from appservice.untrusted.child import answer_all

def answer(question):
    how = question["how"]
    if how == "die":
        os.abort()
    if how == "hang":
        while True:
            pass
    if how == "swell":
        return {{"all": len(bytearray(2 ** 31))}}
    if how == "babble":
        print("no JSON")
    if how == "flood":
        return {{"x": "x" * 2_000_000}}
    return {{"pid": os.getpid(), "env": sorted(os.environ)}}

answer_all(answer)
"""


@pytest.fixture
async def processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Untrusted]:
    root = str(Path(parent.__file__).parents[2])
    (tmp_path / "child_of_a_test.py").write_text(CHILD.format(root=root))
    monkeypatch.setattr(parent, "_ROOT", tmp_path)
    monkeypatch.setenv("KITH_SECRET_KEY", "never handed on")
    found = Untrusted("child_of_a_test", 2, 2.0)
    running = found.lifespan(web.Application())
    await anext(running)
    yield found
    async for _ in running:
        raise AssertionError("it ends once")


@pytest.mark.parametrize("how", ["die", "hang", "swell", "babble", "flood"])
async def test_what_goes_wrong_is_one_questions_trouble(processes: Untrusted, how: str) -> None:
    first = await processes.ask({"how": "well"})
    assert not [name for name in first["env"] if name.startswith("KITH")]
    assert (await processes.ask({"how": "well"}))["pid"] == first["pid"]
    with pytest.raises(NoAnswerError):
        await processes.ask({"how": how})
    assert (await processes.ask({"how": "well"}))["pid"] != first["pid"]


async def test_few_run_at_once_and_none_is_left(processes: Untrusted) -> None:
    told = await asyncio.gather(*(processes.ask({"how": "well"}) for _ in range(6)))
    pids = {one["pid"] for one in told}
    assert len(pids) <= 2
    asking = asyncio.create_task(processes.ask({"how": "hang"}))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (await processes.ask({"how": "well"}))["pid"]
