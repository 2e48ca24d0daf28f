# SPDX-License-Identifier: AGPL-3.0-or-later
"""How soon one person's window shows what another one does: from the press to the frame after it.

Two windows of one browser, whose clocks are the machine's. Joins and friend requests come through
the API from accounts that are made for it; what their request needs until it is sent counts too.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import aiohttp
from playwright.async_api import Locator, Page

from bench.chaos.driver import secret_of
from bench.load import Client
from bench.report import Report, median, percentile
from bench.window import Chromium, Window
from stack.demo.cast import PASSWORD
from stack.up import Stack

BOUND = 1000.0
"""Milliseconds in which it has to be there."""

_ROOM = "/lounge/general"
_WITHIN = 20_000.0
"""Milliseconds after which the benchmark gives up waiting."""
_APART = 1.2
"""Seconds between two changes of a list, which is read at most every 0.8."""

# When a key or button was pressed last, and when the window began to tell what was read.
_NOTING = """() => {
  for (const kind of ["keydown", "click"]) addEventListener(kind, (event) => {
    window.pressed = performance.timeOrigin + event.timeStamp;
  }, true);
  const fetched = window.fetch;
  window.fetch = (...all) => {
    if (String(all[0]).endsWith("/read")) window.told = performance.timeOrigin + performance.now();
    return fetched(...all);
  };
}"""
# What is looked for, by kind, in the document of whoever is to see it.
_WATCH = """([kind, text]) => {
  const rows = () => [...document.querySelectorAll("[role=log] [role=article]")]
    .filter((row) => row.textContent.includes(text));
  const there = {
    said: () => rows().length > 0,
    gone: () => rows().length === 0,
    felt: () => rows().some((row) => row.querySelector(".reaction")),
    read: () => rows().some((row) => row.querySelector(".read-by")),
    typing: () => document.querySelector(".typing-line")?.textContent !== "",
    quiet: () => document.querySelector(".typing-line")?.textContent === "",
    here: () => document.querySelector("aside.place-details")?.textContent.includes(text),
    away: () => !document.querySelector("aside.place-details")?.textContent.includes(text),
    asked: () => document.querySelector('a[href="/connections"] .badge-count')?.textContent
      .startsWith(text),
  }[kind];
  window.heard = new Promise((shown) => {
    const look = () => {
      if (!there()) return;
      watch.disconnect();
      requestAnimationFrame(() => shown(performance.timeOrigin + performance.now()));
    };
    const watch = new MutationObserver(look);
    const all = { subtree: true, childList: true, characterData: true, attributes: true };
    watch.observe(document, all);
    look();
  });
}"""
# As somebody else than the window's own person.
_ASK = """async ([path, token]) => {
  window.pressed = performance.timeOrigin + performance.now();
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
  const told = { method: "POST", credentials: "omit", headers, body: "{}" };
  return (await fetch(path, told)).status;
}"""
_REQUESTS = """() => Number.parseInt(
  document.querySelector('a[href="/connections"] .badge-count')?.textContent ?? "0", 10)"""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An account of its own, by the API."""

    name: str
    token: str


async def hear(
    running: Stack, browser: Chromium, window: Window, report: Report, rounds: int
) -> None:
    """Have others do things so many times; `window` is Alice's."""
    took: dict[str, list[float]] = {}
    async with browser.window() as other, aiohttp.ClientSession() as session:
        people = await _newcomers(running, session, rounds)
        await other.sign_in("bob", PASSWORD)
        for one in (window, other):
            await one.open(_ROOM)
            await one.page.evaluate(_NOTING)
        scene = _Scene(window.page, other.page, took)
        for number, newcomer in enumerate(people):
            await _talk(scene, window, other, number)
            await _come(scene, newcomer)
    for what, times in took.items():
        report.at_most(f"seen by the other: {what}, p50", median(times), "ms", BOUND)
        report.at_most("the same, p95", percentile(times, 95), "ms", BOUND)


class _Scene:
    """Alice looks, Bob does."""

    def __init__(self, sees: Page, does: Page, took: dict[str, list[float]]) -> None:
        self.sees, self.does, self._took = sees, does, took

    async def until(self, kind: str, text: str = "") -> float:
        """When Alice's window shows it, ms since 1970."""
        await self.sees.evaluate(_WATCH, [kind, text])
        return await self._heard()

    async def take(
        self,
        what: str,
        wanted: tuple[str, str],
        act: Callable[[], Awaitable[object]],
        since: str = "window.pressed",
    ) -> None:
        """Time what `act` brings about; `since` gives when it was done, in Bob's window."""
        await self.sees.evaluate(_WATCH, list(wanted))
        await act()
        shown = await self._heard()
        self._took.setdefault(what, []).append(shown - float(await self.does.evaluate(since)))

    async def _heard(self) -> float:
        async with asyncio.timeout(_WITHIN / 1000):
            return float(await self.sees.evaluate("window.heard"))


async def _talk(scene: _Scene, window: Window, other: Window, number: int) -> None:
    bob = other.page
    keys = bob.keyboard
    text, changed = f"heard {number} first", f"heard {number} again"
    await other.composer_focus()
    await scene.take("typing", ("typing", ""), lambda: keys.press("h"))
    await keys.insert_text(text[1:])
    await scene.take("a message", ("said", text), lambda: keys.press("Enter"))
    row = bob.get_by_role("article").filter(has_text=text)
    # It can be changed once the server has taken it.
    await bob.locator("[role=log] [data-state]").first.wait_for(state="detached")
    await _tool(row, "Edit")
    await other.composer_focus()
    await keys.insert_text(changed)
    await scene.take("an edit", ("said", changed), lambda: keys.press("Enter"))
    row = bob.get_by_role("article").filter(has_text=changed)
    await _tool(row, "React")
    usual = bob.get_by_role("button", name="👍", exact=True).last
    await scene.take("a reaction", ("felt", changed), usual.click)
    await _tool(row, "More")
    await bob.get_by_role("menuitem", name="Delete").click()
    away = bob.get_by_role("button", name="Put this message away").last
    await scene.take("a deletion, its Undo let go", ("gone", changed), away.click)
    await scene.until("quiet")
    # Bob's window tells by itself what it has shown: 0.4 s after it, which are not counted.
    await window.composer_focus()
    await scene.sees.keyboard.insert_text(f"read {number}")
    await scene.take(
        "a receipt",
        ("read", f"read {number}"),
        lambda: scene.sees.keyboard.press("Enter"),
        "window.told",
    )


async def _tool(row: Locator, name: str) -> None:
    await row.hover()
    await row.get_by_role("button", name=re.compile(f"^{name}")).click()


async def _come(scene: _Scene, newcomer: Newcomer) -> None:
    async def ask(path: str) -> None:
        status = await scene.does.evaluate(_ASK, [path, newcomer.token])
        if status >= 300:  # noqa: PLR2004 - any non-2xx
            raise RuntimeError(f"{path}: {status}")

    handle = f"@{newcomer.name}"
    await scene.until("here", handle)
    await ask("/api/v1/rooms/general/leave")
    await scene.until("away", handle)
    await asyncio.sleep(_APART)
    join = partial(ask, "/api/v1/rooms/general/join")
    await scene.take("a join, among the people", ("here", handle), join)
    waiting = str(int(await scene.sees.evaluate(_REQUESTS)) + 1)
    request = partial(ask, "/api/profile/alice/friend-request")
    await scene.take("a friend request", ("asked", waiting), request)


async def _newcomers(running: Stack, session: aiohttp.ClientSession, count: int) -> list[Newcomer]:
    """They are in General once Kith has brought them in."""
    client, secret = Client(running.matrix_url, session), secret_of(running)
    made = []
    for number in range(count):
        name = f"aanew{number:02}"
        made.append(Newcomer(name, await client.register(secret, name)))
    return made
