# SPDX-License-Identifier: AGPL-3.0-or-later
"""One person's browser window and what is timed in it, by the window's own clock."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Page,
    ViewportSize,
    async_playwright,
)

_PROGRAMS = ("chromium", "chromium-browser")
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_SIZE: ViewportSize = {"width": 1440, "height": 900}

# Usable: the newest messages are drawn and one can write.
_USABLE = """() => document.querySelector("[role=log] [role=article]")
  && document.querySelector("main form textarea, main [role=textbox], main textarea")
  && performance.now()"""
_SWITCH = """async ([href, label]) => {
  const links = [...document.querySelectorAll(`a[href="${href}"]`)];
  const begin = performance.now();
  links.find((one) => one.checkVisibility()).click();
  const there = () => {
    const log = document.querySelector("[role=log]");
    return location.pathname === href && log?.getAttribute("aria-label") !== label
      && log?.querySelector("[role=article]");
  };
  while (!there()) await new Promise(requestAnimationFrame);
  return performance.now() - begin;
}"""
# From the press to the end of the frame in which it shows: a message is heard after the drawing.
_LISTEN = """() => {
  window.presses = [];
  addEventListener("keydown", (event) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => window.presses.push(performance.now() - event.timeStamp);
    port2.postMessage(0);
  }), true);
}"""
_OWN = """(text) => {
  window.own = new Promise((shown) => addEventListener("keydown", (event) => {
    const look = () => [...document.querySelectorAll("[role=log] [role=article]")]
      .some((row) => row.textContent.includes(text))
      ? shown(performance.now() - event.timeStamp) : requestAnimationFrame(look);
    look();
  }, { capture: true, once: true }));
}"""


class Window:
    """A page with somebody signed in."""

    def __init__(self, page: Page, devtools: CDPSession, url: str) -> None:
        self.page = page
        self._devtools, self._url = devtools, url

    async def sign_in(self, name: str, password: str) -> None:
        """By the form."""
        await self.page.goto(self._url + "/sign-in")
        await self.page.get_by_label("Name", exact=True).fill(name)
        await self.page.get_by_label("Password", exact=True).fill(password)
        await self.page.keyboard.press("Enter")
        await self.page.wait_for_url("**/lounge")

    async def open(self, path: str) -> float:
        """Milliseconds from going there until the room can be used."""
        await self.page.goto(self._url + path)
        found = await self.page.wait_for_function(_USABLE)
        return float(await found.json_value())

    async def switch(self, href: str) -> float:
        """Milliseconds from the click on a room until its messages are drawn."""
        label = await self.page.locator("[role=log]").first.get_attribute("aria-label")
        return float(await self.page.evaluate(_SWITCH, [href, label]))

    async def heap(self) -> float:
        """Megabytes of script objects that are alive."""
        await self._devtools.send("HeapProfiler.collectGarbage")
        used = await self._devtools.send("Runtime.getHeapUsage")
        return float(used["usedSize"]) / 1e6

    async def cpu(self) -> float:
        """Milliseconds of processor its main thread has used: steadier than the clock."""
        found = await self._devtools.send("Performance.getMetrics")
        named = {one["name"]: float(one["value"]) for one in found["metrics"]}
        return named["TaskDuration"] * 1e3

    async def bare(self, text: str) -> list[float]:
        """What `press` takes in an empty page with a text field: what the machine itself needs."""
        await self.page.goto("about:blank")
        await self.page.set_content("<textarea aria-label='Message '></textarea>")
        return await self.press(text)

    async def rows(self) -> int:
        """Rows of messages in the document."""
        return await self.page.locator("[role=log] .timeline-row").count()

    async def press(self, text: str) -> list[float]:
        """Milliseconds from each press of a key in the composer to its paint."""
        await self.composer_focus()
        await self.page.evaluate(_LISTEN)
        await self.page.keyboard.type(text, delay=60)
        await self.page.wait_for_function("count => presses.length >= count", arg=len(text))
        return [float(one) for one in await self.page.evaluate("presses")]

    async def say(self, text: str) -> float:
        """Milliseconds from Enter until one's own message is in the document."""
        await self.composer_focus()
        await self.page.keyboard.insert_text(text)
        await self.page.evaluate(_OWN, text)
        await self.page.keyboard.press("Enter")
        return float(await self.page.evaluate("own"))

    async def composer_focus(self) -> None:
        """Where one writes, emptied."""
        await self.page.get_by_role("textbox", name="Message ").first.fill("")


class Chromium:
    """The system's browser."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url

    @asynccontextmanager
    async def window(self, known: BrowserContext | None = None) -> AsyncIterator[Window]:
        """A fresh window with an empty cache, signed in like a known one."""
        context = await self._browser.new_context(viewport=_SIZE, reduced_motion="reduce")
        if known:
            await context.add_cookies(await known.cookies())  # type: ignore[arg-type] # same shape
        page = await context.new_page()
        devtools = await context.new_cdp_session(page)
        await devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        yield Window(page, devtools, self._url)
        await context.close()


@asynccontextmanager
async def chromium(url: str) -> AsyncIterator[Chromium]:
    """A running browser for this instance.

    Raises:
        RuntimeError: there is none.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise RuntimeError("needs chromium (apt install chromium)")
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=program, args=_ARGUMENTS)
        yield Chromium(browser, url)
        await browser.close()
