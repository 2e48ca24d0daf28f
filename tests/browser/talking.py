# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody in a room: says things, and sees what others say."""

import contextlib
import re
from dataclasses import dataclass

from playwright.sync_api import Error, Locator, Page, Route, WebSocketRoute, expect

from tests.browser.people import Somebody
from tests.support.eventually import stretched

GENERAL = "/lounge/general"
PLANET = "Labels are printed. The squash looks like a planet."
"""The last that was said in the demo's group."""
# A network that lets no WebSocket through: none ever opens.
BLOCKED = """
window.WebSocket = class extends EventTarget {
  static OPEN = 1;
  readyState = 0;
  constructor() {
    super();
    setTimeout(() => {
      this.readyState = 3;
      for (const event of [new Event("error"), new CloseEvent("close", { code: 1006 })]) {
        this["on" + event.type]?.(event);
        this.dispatchEvent(event);
      }
    }, 10);
  }
  send() {}
  close() {}
};
"""
# Three times the second in which it has to be there: a machine that others use too halts for a
# moment now and then.
_SOON = 3_000
_POLLS = re.compile(r"/api/v1/(rooms/[^/]+/)?events\?")


def soon() -> float:
    """Milliseconds in which another window has to show what was done in this one."""
    return stretched(_SOON)


def _abort(route: Route) -> None:
    route.abort()


@dataclass
class Talking:
    """A person's window with a room in it."""

    person: Somebody

    @property
    def page(self) -> Page:
        return self.person.page

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name=re.compile("^Message "))

    def enter(self, name: str, path: str = GENERAL) -> "Talking":
        self.person.enter(name, path)
        expect(self.composer).to_be_visible()
        return self.at_the_newest()

    def at_the_newest(self) -> "Talking":
        """Who has not read all yet begins at the first new message."""
        newest = self.page.locator("button.pill")
        if newest.is_visible():
            # It may go by itself meanwhile, once the view is there.
            with contextlib.suppress(Error):
                newest.click(timeout=3_000)
            expect(newest).to_be_hidden()
        return self

    def say(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")
        expect(self.said(text)).to_be_visible()

    def said(self, text: str) -> Locator:
        """The message with this text; `expect` fails when there are two of it."""
        return self.page.get_by_role("article").filter(has_text=text)

    def confirmed(self, text: str) -> None:
        """The server has taken it."""
        expect(self.said(text).locator("[data-state]")).to_have_count(0)
        expect(self.said(text)).to_have_attribute("data-event", re.compile(r"^\$"))

    def tool(self, text: str, name: str) -> None:
        """Press a button of a message's toolbar."""
        # The first: answers quote it further down.
        row = self.said(text).first
        row.hover()
        row.get_by_role("button", name=name, exact=True).click()

    def delete(self, text: str) -> None:
        """Delete a message, and let the Undo go."""
        self.more(text, "Delete")
        self.page.get_by_role("button", name="Put this message away").last.click()

    def more(self, text: str, name: str) -> None:
        """Take a choice of a message's menu."""
        self.tool(text, "More")
        self.page.get_by_role("menuitem", name=name).click()


def among_friends(person: Somebody) -> Talking:
    """Alice in a group of the demo where no test says anything, so that all of it is in view."""
    person.enter("alice", "/messages")
    person.page.get_by_role("link", name=re.compile("^Seed swap crew")).click()
    talking = Talking(person)
    expect(talking.said(PLANET)).to_be_visible()
    person.settle()
    return talking


class Wire:
    """Between a window and the gateway: can be cut and mended. Made before the page is opened."""

    def __init__(self, page: Page) -> None:
        self._page, self._whole = page, True
        self._open: list[WebSocketRoute] = []
        page.route_web_socket(re.compile("/ws/"), self._opened)

    def cut(self, *, polling: bool = False) -> None:
        """Close what is open, and whatever is opened from now on; `polling`: that way too."""
        self._whole = False
        if polling:
            self._page.route(_POLLS, _abort)
        for one in self._open:
            one.close(code=4001, reason="cut")
        self._open.clear()

    def mend(self) -> None:
        self._whole = True
        self._page.unroute(_POLLS)

    def _opened(self, route: WebSocketRoute) -> None:
        if self._whole:
            route.connect_to_server()
            self._open.append(route)
        else:
            route.close(code=4001, reason="cut")
