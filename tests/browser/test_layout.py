# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing jumps while a page comes, nothing is wider than a narrow window, wishes are honoured."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answers import saying
from tests.browser.element import Circle
from tests.browser.looks import SMALL, WIDE, wear
from tests.browser.people import Browsing, Somebody
from tests.browser.talking import GENERAL, PLANET, Talking, among_friends
from tests.browser.test_pages import INSIDE, OUTSIDE, REFUSED

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
NARROW = (320, 640)
"""What 400 % zoom leaves of 1280 pixels (WCAG 1.4.10)."""
SHIFT = 0.02
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorffwelch"
STRINGS = (
    "https://example.org/" + "a" * 280,
    "مرحبا بالجميع، هل نلتقي يوم الأحد في الساحة؟ " * 2,
    "日曜日の朝八時に中庭で会いましょう。種の交換会です。" * 3,
    "👩‍🌾🌱🌿🍅🥕🌽🥬🧅🫑🥔🍠🌶️",
)
_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) {
    if (!one.hadRecentInput) window.shifts.push([one.value, ...one.sources.map(
      ({ node }) => node?.outerHTML?.slice(0, 120) ?? String(node))]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
# Whatever scrolls both ways, and whatever makes the page wider than its window.
_TWO_WAYS = """() => {
  const root = document.documentElement;
  const wide = root.scrollWidth > root.clientWidth ? ["the page"] : [];
  for (const it of document.querySelectorAll("body *")) {
    const { overflowX, overflowY } = getComputedStyle(it);
    const scrolls = (how) => how === "auto" || how === "scroll";
    const down = scrolls(overflowY) && it.scrollHeight > it.clientHeight + 1;
    if (down && scrolls(overflowX) && it.scrollWidth > it.clientWidth + 1) {
      wide.push(it.outerHTML.slice(0, 140));
    }
  }
  return wide;
}"""
# A moment after the last thing was drawn.
_LATER = "() => new Promise((done) => setTimeout(done, 400))"


def test_nothing_jumps_while_a_page_comes(browsing: Browsing) -> None:
    person = browsing.somebody()
    page = person.page
    person.enter("alice", "/settings/appearance")
    page.context.add_init_script(_SHIFTS)
    for size in (WIDE, SMALL):
        wear(person, "dark", size)
        for path in ("/lounge", GENERAL, "/messages"):
            person.go(path)
            page.evaluate(_LATER)
            shifts = page.evaluate("window.shifts")
            total = sum(one[0] for one in shifts)
            assert total <= SHIFT, f"{path} at {size[0]} pixels moved by {total:.3f}: {shifts}"


def test_a_narrow_window_scrolls_one_way(browsing: Browsing) -> None:
    person = browsing.somebody()
    page = person.page
    person.refusals = {403, 404}
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    for path in (*OUTSIDE.values(), "/styleguide-neon", "/no/such/page"):
        _fits(person, path)
    person.enter("alice")
    for path in (INSIDE | REFUSED).values():
        _fits(person, path)
    for key in ("Control+k", "?", "n"):
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        assert page.evaluate(_TWO_WAYS) == [], key
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()


def _fits(person: Somebody, path: str) -> None:
    person.go(path)
    found = person.page.evaluate(_TWO_WAYS)
    assert found == [], f"{path} at {NARROW[0]} pixels: {found}"


def test_long_names_and_strings_fit_a_narrow_window(browsing: Browsing, crowd: Circle) -> None:
    mona, wolf = crowd.person("mona"), crowd.person("wolf")
    crowd.friends(("mona", "wolf"))
    wolf.run(wolf.client.set_displayname(LONG_NAME))
    made = crowd.kith(wolf, "POST", "/dm/conversations", {"participants": [mona.user_id]})
    mona.run(mona.client.join(made["room_id"]))
    for text in STRINGS:
        wolf.say(made["room_id"], text)
    person = browsing.somebody()
    person.enter("mona", "/lounge")
    for theme, size in (("dark", NARROW), ("light", WIDE)):
        wear(person, theme, size)
        person.go(f"/messages/{made['id']}")
        expect(person.page.get_by_role("heading", level=1, name=LONG_NAME)).to_be_visible()
        expect(Talking(person).said("日曜日").first).to_be_visible()
        for path in (f"/messages/{made['id']}", "/messages", "/connections", "/people/wolf"):
            person.go(path)
            assert person.page.evaluate(_TWO_WAYS) == [], f"{path} at {size[0]} pixels"
        person.accessible(f"long names at {size[0]} pixels")


def test_large_numbers_stay_on_one_line(browsing: Browsing) -> None:
    person = browsing.somebody()
    asked = {"requests": [{}] * 30, "next_cursor": "further"}
    person.page.route("**/api/me/friend-requests?*", saying(asked))
    person.enter("alice", "/lounge")
    for size in (WIDE, SMALL):
        wear(person, "dark", size)
        number = person.page.get_by_role("link", name="People").locator(".badge-count:visible")
        expect(number).to_contain_text("30+")
        box = number.bounding_box()
        assert box is not None
        assert box["width"] > box["height"] < 24, f"at {size[0]} pixels: {box}"


def test_wishes_of_the_system_are_honoured(browsing: Browsing) -> None:
    person = browsing.somebody()
    page, talking = person.page, among_friends(person)
    # Every window here asks for less motion: nothing moves, whatever is opened.
    talking.tool(PLANET, "More")
    expect(page.get_by_role("menu")).to_be_visible()
    assert _moving(page) == []
    page.keyboard.press("Escape")
    plain = page.screenshot()
    page.emulate_media(forced_colors="active")
    person.accessible("forced colours")
    assert page.screenshot() != plain
    # Bubbles, whose grounds are gone, have an edge; so has what has the focus.
    edge = "getComputedStyle(document.querySelector('.bubble-mine')).borderTopStyle"
    assert page.evaluate(edge) == "solid"
    person.tab_to("Details")
    page.emulate_media(forced_colors="none")


def _moving(page: Page) -> list[str]:
    moving = "document.getAnimations().filter((one) => one.playState === 'running')"
    found = page.evaluate(f"{moving}.map((one) => one.effect.target.outerHTML.slice(0, 100))")
    assert isinstance(found, list)
    return found
