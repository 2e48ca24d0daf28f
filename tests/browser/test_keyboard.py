# SPDX-License-Identifier: AGPL-3.0-or-later
"""A visit by keys alone: no pointer anywhere, and at each stop the focus can be seen."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.element import Circle
from tests.browser.people import Browsing, Shots, Somebody
from tests.browser.talking import GENERAL, Talking

pytestmark = [pytest.mark.journey, pytest.mark.timeout(200)]
_ROWS = 40
_ROW = "document.activeElement.matches('[data-row]')"
_LABEL = "document.activeElement.getAttribute('aria-label') ?? ''"
_AT_THE_LAST = """() => {
  const rows = [...document.activeElement.closest("[role=log]").querySelectorAll("[data-index]")];
  const index = (it) => Number(it.dataset.index);
  const own = document.activeElement.closest("[data-index]");
  return index(own) === Math.max(...rows.map(index));
}"""
# Which part of the page has the focus, by its role and name.
_PART = """() => {
  const parts = "aside, nav, header, main, [data-part], .room-panel";
  const part = document.activeElement.closest(parts);
  const title = part?.getAttribute("aria-label") ?? part?.getAttribute("aria-labelledby") ?? "";
  return part && `${part.localName} ${title}`.trim();
}"""


def _to_message(person: Somebody, text: str) -> None:
    """From the composer back to a message, then by arrows to the one with this text."""
    page = person.page
    for _ in range(_ROWS):
        if page.evaluate(_ROW):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    page.wait_for_function(_AT_THE_LAST)
    for _ in range(_ROWS):
        label = page.evaluate(_LABEL)
        if text in label:
            person.focus_shows(text)
            return
        page.keyboard.press("ArrowUp")
        page.wait_for_function(f"was => ({_LABEL}) !== was", arg=label)
    raise AssertionError(f"no way to the message {text!r}")


def _has_focus(page: Page, name: str) -> None:
    page.wait_for_function(
        "name => document.activeElement.getAttribute('aria-label') === name", arg=name
    )


def _say(page: Page, text: str) -> None:
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def _composer(person: Somebody) -> Locator:
    return Talking(person).composer


def test_a_visit_by_keys_alone(browsing: Browsing, crowd: Circle, shots: Shots) -> None:
    kaia, timo = crowd.person("kaia"), crowd.person("timo")
    person = browsing.somebody()
    # Strangers do not see each other's friends.
    person.refusals = {403}
    page, keys = person.page, person.page.keyboard
    person.sign_in(kaia.name)
    person.press("The Lounge")
    expect(page.get_by_role("heading", level=1, name="The Lounge")).to_be_visible()
    # Kith brings whoever is new into General: until then there is a way in, and none to step to.
    expect(page.get_by_role("link", name="General", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Join: General")).to_be_hidden()
    person.press("General")
    expect(page.get_by_role("heading", level=1, name="General")).to_be_visible()
    _in_the_room(person, shots)

    # Away from the text box, letters are ways again.
    keys.press("g")
    keys.press("r")
    expect(page.get_by_role("heading", level=1, name=re.compile("Connections"))).to_be_visible()
    note = {"message": "Chess on Thursday?"}
    crowd.kith(timo, "POST", f"/profile/{kaia.user_id}/friend-request", note)
    expect(page.get_by_text("Chess on Thursday?")).to_be_visible()
    person.press("Accept: timo")
    person.says("You and timo are friends now.")


def _in_the_room(person: Somebody, shots: Shots) -> None:
    page, keys, talking = person.page, person.page.keyboard, Talking(person)
    person.tab_to("Message General")
    _say(page, "Who has a clock for chess?")
    talking.confirmed("Who has a clock for chess?")

    _to_message(person, "Who has a clock for chess?")
    person.press("React")
    expect(page.get_by_role("dialog", name="React")).to_be_visible()
    person.press("👍")
    liked = talking.said("Who has a clock for chess?").get_by_role("button", name="👍")
    expect(liked).to_be_visible()
    _has_focus(page, "React")
    person.focus_shows("React, after choosing")

    person.press("Reply")
    expect(talking.composer).to_be_focused()
    person.focus_shows("the composer while answering")
    _say(page, "Mine is from my grandmother.")
    talking.confirmed("Mine is from my grandmother.")
    expect(talking.said("Mine is from my grandmother.")).to_contain_text("Who has a clock")

    keys.press("ArrowUp")
    expect(talking.composer).to_have_value("Mine is from my grandmother.")
    keys.press("Control+a")
    _say(page, "Mine is from my aunt.")
    expect(talking.said("Mine is from my aunt.")).to_contain_text("edited")
    expect(talking.composer).to_be_focused()
    _in_a_thread(person)

    person.tab_to("Message General")
    _to_message(person, "Mine is from my aunt.")
    person.press("More")
    expect(page.get_by_role("menu")).to_be_visible()
    shots.take(page, "by-keys-menu-dark-wide")
    person.choose("Delete")
    expect(talking.said("Mine is from my aunt.")).to_have_count(0)
    person.says("Message deleted.")
    # Nobody begins at the top of the page again because a message is gone.
    page.wait_for_function("() => document.activeElement !== document.body")


def _in_a_thread(person: Somebody) -> None:
    page, talking = person.page, Talking(person)
    _to_message(person, "Who has a clock for chess?")
    person.press("Reply in thread")
    panel = page.get_by_role("complementary", name=re.compile("^Thread"))
    expect(panel).to_be_visible()
    person.tab_to("Reply in this thread")
    _say(page, "I mean one that ticks.")
    expect(panel.get_by_text("I mean one that ticks.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    root = talking.said("Who has a clock for chess?").first
    expect(root.get_by_role("button", name=re.compile("^1 reply"))).to_be_visible()
    # One goes on where one was.
    _has_focus(page, "Reply in thread")


def test_parts_and_sheet_by_keys(browsing: Browsing) -> None:
    person = browsing.somebody()
    page, keys = person.page, person.page.keyboard
    person.enter("alice", GENERAL)
    expect(_composer(person)).to_be_visible()
    for key in ("F6", "Shift+F6"):
        parts = []
        for _ in range(9):
            keys.press(key)
            parts.append(page.evaluate(_PART))
            # The page's main part is a place to read from, not a control: it has no ring.
            if not page.evaluate("document.activeElement.matches('main, h1')"):
                person.focus_shows(f"{key} to {parts[-1]}")
        assert None not in parts, parts
        kinds = {part.split()[0] for part in parts}
        assert {"nav", "main", "header", "aside"} <= kinds, parts

    keys.press("Escape")
    page.evaluate("document.activeElement.blur()")
    for key, title in (("?", "Keyboard shortcuts"), ("Control+k", "Go to")):
        keys.press(key)
        dialog = page.get_by_role("dialog", name=title)
        expect(dialog).to_be_visible()
        for _ in range(4):
            keys.press("Tab")
            inside = "document.activeElement.closest('[role=dialog]') !== null"
            assert page.evaluate(inside), f"the focus left {title}"
        keys.press("Escape")
        expect(dialog).to_be_hidden()
    # The skip link is the first stop of a page, and leads past the rail.
    person.go("/lounge")
    person.press("Skip to the content")
    page.wait_for_function("() => document.activeElement.id === 'content'")
