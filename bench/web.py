# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the web app weighs and how quick it is: Chromium over an instance with the demo's people.

Times are the window's own, from the press or click to what is drawn; medians. A long history is
written into General first, and its window scrolled through, because what was once mounted must not
stay. What one does is seen at another's window.
"""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import aiohttp

from bench import stage
from bench.chaos.driver import general, instance
from bench.chaos.writers import Writer
from bench.heard import hear
from bench.load import Client
from bench.report import Report, median, percentile
from bench.weight import Weight
from bench.window import Chromium, Window, chromium
from stack.demo.cast import PASSWORD
from stack.demo.fill import fill
from stack.up import Stack

_ROOM = "/lounge/general"
_TEXT = "the quick brown fox jumps over it "
_WRITING = 600.0
"""Seconds the history may take: with all rules Synapse accepts some tens a second."""

_ALIKE = 8
"""Messages sent at once while the history is written. An event takes up ten ends of the room's
graph at most: with more at once the ends add up, and every later message pays for them."""


async def run(*, quick: bool = False) -> Report:
    """Weigh the build, then use it."""
    history, opened, switches, heard = (300, 3, 20, 5) if quick else (10_000, 7, 50, 20)
    report = Report("web", f"{history:,} messages of history, {switches} switches, medians")
    _weigh(report)
    with stage.folder() as place:
        counts = _Counts(history=history, opened=opened, switches=switches, heard=heard)
        await _use(place, report, counts)
    return report


def _weigh(report: Report) -> None:
    weight = Weight()
    report.at_most("scripts every page waits for", weight.entry / 1e3, "kB", 170)
    report.at_most("scripts a conversation adds", weight.room / 1e3, "kB", 90)
    report.at_most("style sheets", weight.styles / 1e3, "kB", 25)
    report.at_most("largest script", max(weight.scripts) / 1e3, "kB", 250)
    report.add("all scripts", sum(weight.scripts) / 1e3, "kB")


@dataclass(frozen=True, slots=True)
class _Counts:
    """How often."""

    history: int
    opened: int
    switches: int
    heard: int


async def _use(place: Path, report: Report, counts: _Counts) -> None:
    async with instance(place) as running:
        await fill(running.layout.settings, lambda _: None)
        written = await _write(running, counts.history)
        if written < counts.history:
            report.conditions += f"; only {written:,} were written in {_WRITING:.0f} s"
        report.add("messages of history", written, "")
        url = f"http://127.0.0.1:{running.decided.port}"
        async with chromium(url) as browser, browser.window() as window:
            await window.sign_in("alice", PASSWORD)
            await _opening(browser, window, report, counts.opened)
            await _long_history(window, report)
            await _switching(window, report, counts.switches)
            await hear(running, browser, window, report, counts.heard)


async def _write(running: Stack, count: int) -> int:
    """Messages written: as many as wished, or as there was time for."""
    written, end = 0, time.monotonic() + _WRITING
    async with aiohttp.ClientSession() as session:
        client = Client(running.matrix_url, session)
        who = {"type": "m.id.user", "user": "bob"}
        body = {"type": "m.login.password", "identifier": who, "password": PASSWORD}
        token = (await client.call("POST", "/_matrix/client/v3/login", "", body))["access_token"]
        room = quote(await general(Writer("", token), running, session))
        while written < count and time.monotonic() < end:
            await asyncio.gather(*(client.message(room, token) for _ in range(_ALIKE)))
            written += _ALIKE
    return written


async def _opening(browser: Chromium, window: Window, report: Report, times: int) -> None:
    cold = []
    for _ in range(times):
        async with browser.window(window.page.context) as fresh:
            cold.append(await fresh.open(_ROOM))
    warm = [await window.open(_ROOM) for _ in range(times)]
    report.add("from the address to a usable room, nothing cached", median(cold), "ms")
    report.add("the same, files cached", median(warm), "ms")


async def _long_history(window: Window, report: Report) -> None:
    most = await window.rows()
    await window.page.locator("[role=log]").first.hover()
    for _ in range(40):
        await window.page.mouse.wheel(0, -2_000)
        await asyncio.sleep(0.05)
        most = max(most, await window.rows())
    report.at_most("rows of messages mounted, at most", most, "rows", 80)
    bare = await window.bare(_TEXT)
    await window.open(_ROOM)
    cpu = await window.cpu()
    presses = await window.press(_TEXT)
    used = (await window.cpu() - cpu) / len(_TEXT)
    report.at_most("a key in the composer, press to paint, p50", median(presses), "ms", 32)
    report.add("the same, p95", percentile(presses, 95), "ms")
    report.add("the same in a bare text field, p50", median(bare), "ms")
    report.add("a key in the composer, processor of the window", used, "ms")
    said = [await window.say(f"said in the bench {number}") for number in range(7)]
    report.at_most("own message, Enter to the document", median(said), "ms", 50)


async def _switching(window: Window, report: Report, times: int) -> None:
    await window.page.goto(window.page.url.replace(_ROOM, "/messages"))
    rows = window.page.locator('a[href^="/messages/"]')
    await rows.first.wait_for()
    found = [await row.get_attribute("href") or "" for row in await rows.all()]
    rooms = sorted(set(found))[:4]
    await window.open(rooms[-1])
    for room in rooms:
        await window.switch(room)
    before, cpu = await window.heap(), await window.cpu()
    took = [await window.switch(rooms[number % len(rooms)]) for number in range(times)]
    report.at_most("to another room, cached, click to messages, p50", median(took), "ms", 150)
    report.add("the same, p95", percentile(took, 95), "ms")
    used = (await window.cpu() - cpu) / times
    report.add("a switch, processor of the window", used, "ms")
    grown = await window.heap() - before
    report.at_most(f"heap grown over {times} switches", grown, "MB", 15)
