# SPDX-License-Identifier: AGPL-3.0-or-later
"""A long history: what is read stays where it is, whatever comes above, below or in between."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Route, expect

from stack.accounts import Doors
from tests.browser.answers import holding
from tests.browser.element import Circle, Element, picture
from tests.browser.people import Browsing
from tests.browser.talking import Talking
from tests.support.instance import Instance

pytestmark = [pytest.mark.journey, pytest.mark.timeout(200)]
SLOW = 15_000
LINES = 130
_OLDER = re.compile(r"/messages\?.*before=")
_PAGES = re.compile(r"/messages\?.*limit=")
_FILES = re.compile(r"/api/v1/rooms/[^/]+/media/")
_PREVIEWS = re.compile(r"/api/v1/previews\?")
# The first row whose top is in view, and where that is.
_FIRST = """() => {
  const box = document.querySelector('[role="log"]').getBoundingClientRect();
  const rows = [...document.querySelectorAll('[role="log"] [data-event]')]
    .map((it) => ({ id: it.dataset.event, top: it.getBoundingClientRect().top - box.top }))
    .filter((it) => it.top >= 0);
  return rows.sort((one, other) => one.top - other.top)[0];
}"""
_TOP_OF = """id => {
  const box = document.querySelector('[role="log"]').getBoundingClientRect();
  const row = document.querySelector(`[role="log"] [data-event="${id}"]`);
  return row && row.getBoundingClientRect().top - box.top;
}"""
_TO_THE_END = """() => {
  const box = document.querySelector('[role="log"]');
  return box.scrollHeight - box.scrollTop - box.clientHeight;
}"""
_SCROLL = "by => { document.querySelector('[role=\"log\"]').scrollTop += by; }"
_AT_REST = """() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60)));
})"""


@dataclass(frozen=True)
class Ferry:
    """A conversation with a long history."""

    circle: Circle
    reader: Element
    teller: Element
    room: str

    def enter(self, browsing: Browsing) -> Talking:
        path = self.circle.address(self.reader, self.room)
        return Talking(browsing.somebody()).enter(self.reader.name, path)


@pytest.fixture(scope="module")
def ferry(instance: Instance) -> Iterator[Ferry]:
    with Circle(Doors.of(instance.data / "run" / "kith.yaml")) as circle:
        yield _history(circle, "yuki")


def _history(circle: Circle, name: str, count: int = LINES) -> Ferry:
    """Somebody who has read a long history to its end."""
    reader = circle.person(name)
    tale = " The river was high and the ferry late."
    # Of different heights, so that no guess at one is right for all.
    lines = [f"Line {at:03}.{tale * (at % 7)}" for at in range(count)]
    room = circle.history(reader, lines)
    reader.mark(room, reader.hears(room, lines[-1])["event_id"])
    return Ferry(circle, reader, circle.teller(reader), room)


def _rest(page: Page) -> None:
    page.evaluate(_AT_REST)


def test_older_messages_move_nothing(browsing: Browsing, ferry: Ferry) -> None:
    yuki = ferry.enter(browsing)
    page = yuki.page
    expect(yuki.said(f"Line {LINES - 1}.")).to_be_visible()
    assert page.evaluate(_TO_THE_END) <= 1
    held: list[Route] = []
    page.route(_OLDER, holding(held))
    moved: list[tuple[Any, Any]] = []
    for _ in range(120):
        if len(moved) == 2:
            break
        page.evaluate(_SCROLL, -300)
        _rest(page)
        if held:
            before = page.evaluate(_FIRST)
            with page.expect_response(_OLDER):
                held.pop().continue_()
            _rest(page)
            moved.append((before["top"], page.evaluate(_TOP_OF, before["id"])))
    assert len(moved) == 2, moved
    for before, after in moved:
        assert after is not None
        assert abs(after - before) <= 1, moved
    page.unroute(_OLDER)


def test_entering_asks_for_one_page(browsing: Browsing, ferry: Ferry) -> None:
    # Older pages used to be fetched before the view had come to the end: rows were put before the
    # row it was going to, and on a fast machine it then stood forty messages too early.
    somebody = browsing.somebody()
    asked: list[str] = []
    somebody.page.on("request", lambda it: asked.append(it.url) if _PAGES.search(it.url) else None)
    yuki = Talking(somebody).enter(
        ferry.reader.name, ferry.circle.address(ferry.reader, ferry.room)
    )
    expect(yuki.said(f"Line {LINES - 1}.")).to_be_visible()
    yuki.person.settle()
    _rest(yuki.page)
    assert [url for url in asked if "before=" in url] == []
    assert asked


def test_new_messages_wait_below_and_the_way_back_is_whole(
    browsing: Browsing, ferry: Ferry
) -> None:
    yuki = ferry.enter(browsing)
    page = yuki.page
    ferry.teller.say(ferry.room, "The ferry is in sight.")
    expect(yuki.said("The ferry is in sight.")).to_be_visible(timeout=SLOW)
    _rest(page)
    assert page.evaluate(_TO_THE_END) <= 1, "who is at the end stays there"
    page.evaluate(_SCROLL, -1200)
    _rest(page)
    before = page.evaluate(_FIRST)
    for text in ("It has moored.", "It has left again."):
        ferry.teller.say(ferry.room, text)
    pill = page.get_by_role("button", name="2 new messages")
    expect(pill).to_be_visible(timeout=SLOW)
    assert abs(page.evaluate(_TOP_OF, before["id"]) - before["top"]) <= 1
    pill.click()
    expect(yuki.said("It has left again.")).to_be_in_viewport()
    _rest(page)
    assert page.evaluate(_TO_THE_END) <= 1
    expect(pill).to_have_count(0)


def test_a_picture_that_comes_late_moves_nothing(browsing: Browsing, ferry: Ferry) -> None:
    ferry.teller.show(ferry.room, "mooring.png", "teal", (600, 400))
    ferry.teller.say(ferry.room, "That was the mooring.")
    yuki = Talking(browsing.somebody())
    page = yuki.page
    held: list[Route] = []
    page.route(_FILES, holding(held))
    yuki.person.enter(ferry.reader.name, "/messages")
    page.goto(yuki.person.url + ferry.circle.address(ferry.reader, ferry.room))
    last = yuki.said("That was the mooring.")
    expect(last).to_be_in_viewport(timeout=SLOW)
    _rest(page)
    top = last.bounding_box()
    assert held
    assert top
    for one in held:
        one.fulfill(body=picture("teal", (600, 400)), content_type="image/png")
    shown = page.get_by_role("button", name="Open mooring.png").get_by_role("img")
    page.wait_for_function("it => it.complete && it.naturalWidth > 0", arg=shown.element_handle())
    _rest(page)
    after = last.bounding_box()
    assert after
    assert abs(after["y"] - top["y"]) <= 1
    assert page.evaluate(_TO_THE_END) <= 1


# Creeps upwards a pixel a frame, as a wheel or a finger does, and notes the worst that the row
# which is read moved otherwise, in any frame.
_CREEP = """() => {
  const box = document.querySelector('[role="log"]');
  const topOf = (row) => row.getBoundingClientRect().top - box.getBoundingClientRect().top;
  const read = [...box.querySelectorAll("[data-event]")].filter((it) => topOf(it) >= 100)
    .sort((one, other) => topOf(one) - topOf(other))[0];
  const { event } = read.dataset;
  window.crept = { worst: 0, frames: 0, done: false };
  let was = topOf(read);
  let by = 0;
  const step = () => {
    const row = box.querySelector(`[data-event="${event}"]`);
    const top = row ? topOf(row) : Number.POSITIVE_INFINITY;
    window.crept.worst = Math.max(window.crept.worst, Math.abs(top - was - by));
    window.crept.frames += 1;
    was = top;
    if (window.crept.done) return;
    const before = box.scrollTop;
    box.scrollTop -= 1;
    by = before - box.scrollTop;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}"""
_EARLIEST = "document.querySelector('[data-index=\"0\"] [data-event]')?.dataset.event"
_TEXT_OF = """id => document.querySelector(`[data-event="${id}"] .bubble`)
  .getBoundingClientRect().top"""
_NO_LONGER_FIRST = "was => !document.querySelector(`[data-index='0'] [data-event='${was}']`)"


def _up_to_the_first_row(page: Page) -> None:
    """Scroll until the first row that was fetched is in the document, but not yet in view."""
    for _ in range(200):
        page.evaluate(_SCROLL, -120)
        _rest(page)
        if page.evaluate(_EARLIEST):
            return
    raise AssertionError("the first row never came")


def test_older_messages_move_nothing_while_one_scrolls(browsing: Browsing, ferry: Ferry) -> None:
    yuki = ferry.enter(browsing)
    page = yuki.page
    expect(yuki.said(f"Line {LINES - 1}.")).to_be_visible()
    held: list[Route] = []
    page.route(_OLDER, holding(held))
    _up_to_the_first_row(page)
    assert held
    earliest = page.evaluate(_EARLIEST)
    page.evaluate(_CREEP)
    held.pop().continue_()
    # The row that was the first loses its day and its name: it is lower than it was.
    page.wait_for_function(_NO_LONGER_FIRST, arg=earliest)
    _rest(page)
    page.evaluate("() => { window.crept.done = true; }")
    _rest(page)
    crept = page.evaluate("window.crept")
    assert crept["worst"] <= 1, crept
    page.unroute(_OLDER)


def test_older_messages_move_nothing_at_the_very_top(browsing: Browsing, ferry: Ferry) -> None:
    # A room of its own, for the row that is put right over the first must be a low one: the view
    # was not moved with it when it turned out lower than guessed.
    count = LINES + 5
    yuki = _history(ferry.circle, "sora", count).enter(browsing)
    page = yuki.page
    expect(yuki.said(f"Line {count - 1}.")).to_be_visible()
    held: list[Route] = []
    page.route(_OLDER, holding(held))
    _up_to_the_first_row(page)
    page.evaluate(_SCROLL, -100_000)
    _rest(page)
    _rest(page)
    first = page.evaluate(_EARLIEST)
    # Its text: the day and the name over it go.
    before = page.evaluate(_TEXT_OF, first)
    assert held
    held.pop().continue_()
    page.wait_for_function(_NO_LONGER_FIRST, arg=first)
    _rest(page)
    assert abs(page.evaluate(_TEXT_OF, first) - before) <= 1
    page.unroute(_OLDER)


def test_what_loads_above_a_reader_moves_nothing(browsing: Browsing, ferry: Ferry) -> None:
    # A room of its own: what is said here would be new to the other tests' reader.
    reader = ferry.circle.person("akira")
    room = ferry.circle.history(reader, [f"Pier {at:02} was dry." for at in range(12)])
    teller = ferry.circle.teller(reader)
    teller.show(room, "harbour.png", "olive", (400, 300))
    teller.say(room, "More about it at https://ferry.example.org/times today.")
    for at in range(30):
        teller.say(room, f"Crossing {at:02} was calm.")
    yuki = Talking(browsing.somebody())
    page = yuki.page
    files: list[Route] = []
    previews: list[Route] = []
    page.route(_FILES, holding(files))
    page.route(_PREVIEWS, holding(previews))
    yuki.enter(reader.name, ferry.circle.address(reader, room))
    expect(yuki.said("Crossing 29 was calm.")).to_be_in_viewport(timeout=SLOW)
    for _ in range(100):
        page.evaluate(_SCROLL, -100)
        _rest(page)
        if previews:
            break
    assert files
    assert previews
    link = yuki.said("More about it at").get_attribute("data-event")
    # Past both again, so that they are just above what is read.
    page.evaluate(_SCROLL, 100)
    _rest(page)
    while page.evaluate(_TOP_OF, link) > -60:
        page.evaluate(_SCROLL, 60)
        _rest(page)
    _rest(page)
    before = page.evaluate(_FIRST)
    for one in files:
        one.fulfill(body=picture("olive", (400, 300)), content_type="image/png")
    card = {"url": "https://ferry.example.org/times", "title": "Times", "description": "All"}
    for one in previews:
        one.fulfill(json=card | {"site_name": "Ferry", "image": None})
    expect(page.get_by_role("link", name="Ferry Times All")).to_be_attached()
    _rest(page)
    assert abs(page.evaluate(_TOP_OF, before["id"]) - before["top"]) <= 1


def _is_back_at(page: Page, before: dict[str, Any]) -> None:
    page.wait_for_selector(f'[role="log"] [data-event="{before["id"]}"]')
    _rest(page)
    assert abs(page.evaluate(_TOP_OF, before["id"]) - before["top"]) <= 2


def test_back_leads_to_where_one_was(browsing: Browsing, ferry: Ferry) -> None:
    yuki = ferry.enter(browsing)
    page = yuki.page
    _rest(page)
    for _ in range(6):
        page.evaluate(_SCROLL, -300)
        _rest(page)
    before = page.evaluate(_FIRST)
    page.get_by_role("link", name=re.compile("The Lounge$")).first.click()
    expect(page.get_by_role("heading", name="The Lounge", level=1)).to_be_visible()
    page.go_back()
    _is_back_at(page, before)


def test_a_link_leads_to_its_message_or_says_that_it_is_gone(
    browsing: Browsing, ferry: Ferry
) -> None:
    yuki = ferry.enter(browsing)
    page, person = yuki.page, yuki.person
    path = ferry.circle.address(ferry.reader, ferry.room)
    _rest(page)
    for _ in range(4):
        page.evaluate(_SCROLL, -300)
        _rest(page)
    linked = page.evaluate(_FIRST)["id"]
    page.goto(f"{person.url}{path}?event={quote(linked)}")
    expect(page.locator(f'[data-event="{linked}"]')).to_be_in_viewport()
    person.refusals = {404}
    page.goto(f"{person.url}{path}?event={quote('$' + 'x' * 43)}")
    person.says("That message is gone, or not yours to see.")
    expect(page.get_by_role("log")).to_be_visible()
    _rest(page)
    assert page.evaluate(_TO_THE_END) <= 1
