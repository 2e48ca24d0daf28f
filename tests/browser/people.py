# SPDX-License-Identifier: AGPL-3.0-or-later
"""People at browsers: sign in, press keys, be checked for access and for quiet consoles."""

import io
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from stack.demo.cast import PASSWORD
from stack.templates import ROOT

SIZES = {"wide": (1440, 900), "small": (390, 844)}
_AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Chromium itself notes every refusal; which ones a test expects is for the test to say.
_REFUSAL = re.compile(r"Failed to load resource: .* status of (\d+)")
_NO_WORKER = "Service Worker registration blocked by Playwright"
_KEYS = 80


@dataclass(frozen=True)
class Shots:
    """Keeps pictures, when asked to."""

    folder: Path | None

    def take(self, page: Page, name: str, *, whole: bool = False) -> None:
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
            picture = Image.open(io.BytesIO(page.screenshot(full_page=whole)))
            picture.save(self.folder / f"{name}.webp", quality=82, method=6)


@dataclass
class Somebody:
    """One person's window."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    refusals: set[int] = field(default_factory=set)
    """Statuses that may be answered in this window."""
    jar: dict[str, Any] = field(default_factory=dict)
    """Cookies of whoever signed in before, in any window of this run."""
    provoked: tuple[str, ...] = ("/api/v1/previews?",)
    """What lines of the console may hold because the test brings them about; nothing else.

    From the start: previews of addresses that no test machine can reach.
    """

    def go(self, path: str) -> None:
        """Open an address and wait until nothing more is fetched."""
        self.page.goto(self.url + path)
        self.settle()

    def settle(self) -> None:
        self.page.wait_for_function(_SETTLED)

    def enter(self, name: str, path: str = "/connections") -> None:
        """Be signed in, by the form only the first time: trying too often is refused."""
        if name in self.jar:
            self.page.context.add_cookies(self.jar[name])
        else:
            self.sign_in(name)
            self.jar[name] = self.page.context.cookies()
        self.go(path)

    def you(self, choice: str, page: Page | None = None) -> None:
        """Take a choice of the menu behind one's own picture."""
        shown = page or self.page
        shown.get_by_role("button", name=re.compile("^You: ")).click()
        shown.get_by_role("menuitem", name=choice).click()

    def sign_in(self, name: str) -> None:
        """By keys alone; the page before may already be the sign-in page.

        For tests of signing in and out; others `enter`.
        """
        if urlsplit(self.page.url).path != "/sign-in":
            self.go("/sign-in")
        self.tab_to("Name")
        self.page.keyboard.type(name)
        self.tab_to("Password")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("button", name="Find", exact=True)).to_be_visible()
        self.settle()

    def tab_to(self, name: str, *, back: bool = False) -> None:
        """Press Tab until what is called so has the focus, and see that the focus shows."""
        for _ in range(_KEYS):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            if self.page.evaluate(_FOCUSED) == name:
                self.focus_shows(name)
                return
        raise AssertionError(f"no way to {name!r} by Tab")

    def focus_shows(self, what: str) -> None:
        """What has the focus has a ring, and nothing lies over it."""
        assert self.page.evaluate(_RING), f"the focus on {what} cannot be seen"
        over = self.page.evaluate(_OVER)
        assert over is None, f"{what} has the focus and lies under {over}"

    def press(self, name: str, key: str = "Enter") -> None:
        """Go to something by Tab and press a key on it."""
        self.tab_to(name)
        self.page.keyboard.press(key)

    def choose(self, name: str) -> None:
        """Go down an open menu by arrows and take a choice."""
        expect(self.page.get_by_role("menu")).to_be_visible()
        for _ in range(_KEYS):
            if self.page.evaluate("document.activeElement.textContent.trim()") == name:
                self.page.keyboard.press("Enter")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no choice {name!r}")

    def look_again(self) -> None:
        """What a browser says when one comes back to its window."""
        self.page.evaluate(
            "document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))"
        )

    def says(self, text: str) -> None:
        """The app has said this in a toast."""
        place = self.page.get_by_role("region", name="Messages of the app")
        expect(place.get_by_text(text)).to_be_visible()

    def announced(self) -> None:
        """Wait until what the library told of a button at work is gone, seven seconds after it."""
        told = self.page.locator("[data-live-announcer] [role=img]")
        expect(told).to_have_count(0, timeout=15_000)

    def accessible(self, what: str) -> None:
        """No rule of WCAG 2.2 AA is broken, and nothing is wider than the window."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_axe())
        found = self.page.evaluate(_VIOLATIONS, _RULES)
        broken = [
            f"{what}: {one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes']]}"
            for one in found
        ]
        assert not broken, "\n".join(broken)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(wide) <= 0, f"{what} is wider than the window"
        cut = self.page.evaluate(_CUT)
        assert not cut, f"{what}: cut off at the side: {cut}"


class Browsing:
    """Windows of several people, each with cookies of their own."""

    def __init__(self, browser: Browser, url: str, jar: dict[str, Any]) -> None:
        self._browser, self.url, self.jar = browser, url, jar
        self._open: list[tuple[BrowserContext, Somebody]] = []

    def somebody(
        self, size: str = "wide", theme: str = "dark", *, worker: bool = False
    ) -> Somebody:
        """A fresh window.

        Without the service worker unless asked for: what a test answers in the server's place, or
        cuts, then reaches the page for certain.
        """
        width, height = SIZES[size]
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="light" if theme == "light" else "dark",
            reduced_motion="reduce",
            service_workers="allow" if worker else "block",
            locale="en-GB",
            timezone_id="UTC",
        )
        context.add_init_script(_COUNTING)
        person = Somebody(context.new_page(), self.url, jar=self.jar)
        self._open.append((context, person))
        self.listen(person, person.page)
        return person

    def listen(self, person: Somebody, page: Page) -> None:
        """Note everything a window must not do."""

        def on_console(message: ConsoleMessage) -> None:
            refused = _REFUSAL.match(message.text)
            if refused and int(refused.group(1)) in person.refusals:
                return
            if message.text == _NO_WORKER:
                return
            line = f"{message.text} ({message.location['url']})"
            if any(part in line for part in person.provoked):
                return
            if message.type in ("error", "warning"):
                person.complaints.append(f"console at {page.url}: {line}")

        def on_request(request: Request) -> None:
            if not request.url.startswith((self.url, "data:", "blob:")):
                person.complaints.append(f"foreign request: {request.url}")

        page.on("console", on_console)
        page.on("pageerror", lambda error: person.complaints.append(f"exception: {error}"))
        page.on("request", on_request)

    def close(self) -> None:
        """Close all windows."""
        for context, _ in self._open:
            context.close()

    def quiet(self) -> None:
        """Nobody may have complained."""
        complaints = [text for _, person in self._open for text in person.complaints]
        assert not complaints, "\n".join(complaints)


@cache
def _axe() -> str:
    return _AXE.read_text("utf-8")


# Only what is broken comes back: all that is well takes longer to hand over than to check.
_VIOLATIONS = """async (tags) => {
  const only = { type: "tag", values: tags };
  return (await axe.run({ runOnly: only, resultTypes: ["violations"] })).violations;
}"""
_FOCUSED = """() => {
  const it = document.activeElement;
  const label = it.labels?.[0]?.textContent;
  return (it.getAttribute("aria-label") ?? label ?? it.textContent ?? "").trim();
}"""
_RING = """() => {
  const shown = (it) => it && getComputedStyle(it).outlineStyle !== "none";
  const glows = (it) => it && getComputedStyle(it).boxShadow !== "none";
  const it = document.activeElement;
  // A choice of a menu and the composer's box show it by a shadow that only the focus brings.
  return it !== document.body && (shown(it) || shown(it.closest("label"))
    || (it.matches(".menu-item") && glows(it)) || glows(it.closest(".composer-box")));
}"""
# What lies over the middle of that part of it which is in the window; null when nothing does.
_OVER = """() => {
  const own = document.activeElement;
  const it = (own.matches("input:not(.input-glass)") && own.closest("label")) || own;
  let { left, top, right, bottom } = it.getClientRects()[0] ?? it.getBoundingClientRect();
  const log = it.closest("[role=log]")?.getBoundingClientRect();
  [left, top] = [Math.max(left, 0), Math.max(top, log?.top ?? 0)];
  [right, bottom] = [Math.min(right, innerWidth), Math.min(bottom, log?.bottom ?? innerHeight)];
  if (right <= left || bottom <= top) return "the edge of the window";
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return it.contains(hit) ? null : (hit?.outerHTML.slice(0, 160) ?? "nothing");
}"""
# A timeline hides what is too wide, so that the window's own width says nothing about it.
_CUT = """() => [...document.querySelectorAll("[role=log]")].flatMap((log) => {
  const edge = log.getBoundingClientRect().right + 1;
  return [...log.querySelectorAll("article, [role=article] *")]
    .filter((it) => it.getBoundingClientRect().right > edge && !it.closest("pre, .sr-only, bdi"))
    .map((it) => it.outerHTML.slice(0, 120));
}).slice(0, 5)"""
# How many requests are on their way, so that nobody has to wait for a quiet network.
_COUNTING = """
window.flying = 0;
const fetched = window.fetch;
window.fetch = async (...all) => {
  // A long poll is meant to last.
  if (String(all[0]).includes("/events?")) return await fetched(...all);
  window.flying += 1;
  try { return await fetched(...all); } finally { window.flying -= 1; }
};
"""
# Five frames on end: nothing on its way, no skeleton, each picture in sight and the font there.
_SETTLED = """() => {
  const seen = (it) => { const box = it.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight && box.width > 0; };
  const quiet = window.flying === 0
    && document.querySelector("h1") !== null
    && document.querySelector(".skeleton:not([data-sample] *)") === null
    && document.fonts.status === "loaded"
    && [...document.images].every((it) => it.complete || !seen(it));
  window.quiet = quiet ? (window.quiet ?? 0) + 1 : 0;
  return window.quiet > 4;
}"""
