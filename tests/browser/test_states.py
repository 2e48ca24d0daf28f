# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Lounge, a forum and Messages in each state: empty, under way, failed, refused, opened.

One window goes through all of them. What cannot be brought about is answered in the server's
place, in the server's own words.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from appservice.rest.codes import Code
from tests.browser.answers import Answer, cut, holding, refusing, saying
from tests.browser.looks import everywhere, one
from tests.browser.people import Browsing, Shots, Somebody
from tests.browser.talking import GENERAL, PLANET, Talking, among_friends

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

FORUMS = re.compile(r"/api/v1/lounge\?")
FORUM = re.compile(r"/api/v1/rooms/general$")
HISTORY = re.compile(r"/api/v1/rooms/[^/]+/messages\?")
INBOX = re.compile(r"/api/dm/conversations\?")
TALK = re.compile(r"/api/dm/conversations/[^/?]+$")
PINS = re.compile(r"/api/v1/rooms/[^/]+/pins$")
THREADS = re.compile(r"/api/v1/rooms/[^/]+/threads")
SEARCH = re.compile(r"/api/v1/rooms/[^/]+/search\?")

FAILED = refusing(Code.INVALID)
AWAY = refusing(Code.DATABASE_UNAVAILABLE)
TOO_FAST = refusing(Code.TOO_MANY_REQUESTS, retry_after_ms=42_000)
FORBIDDEN = refusing(Code.FORBIDDEN)
NOTHING = saying({"items": [], "before": None, "after": None, "position": None})
PROVOKED = ("[kith] query ApiError", "[kith] history ApiError", "net::ERR_FAILED", "/previews?")


@contextmanager
def _answered(page: Page, what: re.Pattern[str], answer: Answer) -> Iterator[None]:
    page.route(what, answer)
    try:
        yield
    finally:
        page.unroute(what, answer)


def _enter(browsing: Browsing) -> Somebody:
    person = browsing.somebody()
    person.refusals = {400, 403, 404, 429, 503}
    person.provoked = PROVOKED
    person.enter("alice", "/settings/appearance")
    return person


def _heading(page: Page, title: str) -> Locator:
    return page.get_by_role("heading", name=title)


def _each(
    person: Somebody,
    shots: Shots,
    where: tuple[str, str, re.Pattern[str]],
    states: dict[str, tuple[Answer, str]],
) -> None:
    """Open a place with an answer, look at what it says; and so on."""
    place, path, asked = where
    for at, (name, (answer, title)) in enumerate(states.items()):
        with _answered(person.page, asked, answer):
            person.page.goto(person.url + path)
            there = _heading(person.page, title)
            everywhere(person, f"{place}-{name}", there, one(at), shots)


def _under_way(
    person: Somebody, shots: Shots, where: tuple[str, str, re.Pattern[str]], label: str
) -> None:
    place, path, asked = where
    held: list[Route] = []
    with _answered(person.page, asked, holding(held)):
        person.page.goto(person.url + path)
        there = person.page.get_by_text(label)
        expect(there.first).to_be_attached()
        there = person.page.locator(".skeleton")
        everywhere(person, f"{place}-loading", there, one(len(place)), shots)
        for route in held:
            route.continue_()


def test_the_lounge(browsing: Browsing, shots: Shots) -> None:
    person = _enter(browsing)
    place = ("lounge", "/lounge", FORUMS)
    states = {
        "empty": (saying({"forums": [], "next_cursor": None}), "No forums yet"),
        "failed": (FAILED, "That did not work"),
        "too-fast": (TOO_FAST, "One moment"),
        "forbidden": (FORBIDDEN, "Not for your eyes"),
        "offline": (cut, "You are offline"),
    }
    _each(person, shots, place, states)
    _under_way(person, shots, place, "Forums: on the way")


def test_a_forum(browsing: Browsing, shots: Shots) -> None:
    person = _enter(browsing)
    place = ("forum", GENERAL, FORUM)
    _each(person, shots, place, {"away": (AWAY, "That did not work")})
    _each(person, shots, place, {"forbidden": (FORBIDDEN, "There is no such forum")})
    _each(person, shots, place, {"too-fast": (TOO_FAST, "One moment")})
    _under_way(person, shots, place, "The forum: on the way")
    place = ("history", GENERAL, HISTORY)
    states = {
        "empty": (NOTHING, "Nothing has been said yet"),
        "failed": (AWAY, "That did not work"),
        "too-fast": (TOO_FAST, "One moment"),
        "forbidden": (FORBIDDEN, "Not for your eyes"),
        "offline": (cut, "You are offline"),
    }
    _each(person, shots, place, states)
    _under_way(person, shots, place, "The conversation: on the way")


def test_messages(browsing: Browsing, shots: Shots) -> None:
    person = _enter(browsing)
    place = ("inbox", "/messages", INBOX)
    states = {
        "empty": (saying({"conversations": [], "next_cursor": None}), "No conversations yet"),
        "failed": (FAILED, "That did not work"),
        "too-fast": (TOO_FAST, "One moment"),
        "forbidden": (FORBIDDEN, "Not for your eyes"),
    }
    _each(person, shots, place, states)
    _under_way(person, shots, place, "Conversations: on the way")
    page = person.page
    person.go("/messages")
    page.get_by_role("link", name=re.compile("^Bob Lindqvist")).click()
    expect(Talking(person).composer).to_be_visible()
    path = page.url.removeprefix(person.url)
    place = ("talk", path, TALK)
    states = {
        "forbidden": (FORBIDDEN, "There is no such conversation"),
        "too-fast": (TOO_FAST, "One moment"),
    }
    _each(person, shots, place, states)
    _under_way(person, shots, place, "The conversation: on the way")
    person.go(path)
    everywhere(person, "talk", Talking(person).composer, shots=shots)
    page.get_by_role("button", name="New conversation").first.click()
    everywhere(person, "talk-new", page.get_by_role("dialog"), shots=shots)


def test_what_opens_in_a_conversation(browsing: Browsing, shots: Shots) -> None:
    person = browsing.somebody()
    page, talking = person.page, among_friends(person)
    everywhere(person, "group", talking.composer, shots=shots)
    talking.tool(PLANET, "React")
    everywhere(person, "group-react", page.get_by_role("dialog", name="React"), shots=shots)
    page.get_by_role("button", name="All emoji").click()
    emoji = page.get_by_role("dialog", name="React").get_by_role("searchbox")
    expect(page.locator(".emoji-cell:visible").first).to_be_visible()
    everywhere(person, "group-emoji", emoji, shots=shots)
    page.keyboard.press("Escape")
    talking.tool(PLANET, "More")
    everywhere(person, "group-menu", page.get_by_role("menu"), shots=shots)
    page.get_by_role("menuitem", name="Who has read it").click()
    everywhere(person, "group-read-by", page.get_by_role("dialog"), shots=shots)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    talking.composer.fill("@")
    everywhere(person, "group-suggestions", page.get_by_role("listbox"), shots=shots)
    talking.composer.fill("")


def test_what_is_looked_up_in_a_forum(browsing: Browsing, shots: Shots) -> None:
    person = _enter(browsing)
    page = person.page
    person.go(GENERAL)
    states = {
        "empty": ("Pinned messages", PINS, NOTHING, "Nothing is pinned"),
        "failed": ("Pinned messages", PINS, FAILED, "That did not work"),
        "none": ("Threads", THREADS, NOTHING, "No threads yet"),
        "too-fast": ("Threads", THREADS, TOO_FAST, "One moment"),
    }
    for at, (name, (button, asked, answer, title)) in enumerate(states.items()):
        panel = page.get_by_role("complementary", name=re.compile(f"^{button}"))
        with _answered(page, asked, answer):
            person.go(GENERAL)
            page.get_by_role("button", name=button, exact=True).click()
            there = panel.get_by_role("heading", name=title)
            everywhere(person, f"panel-{name}", there, one(at), shots)
    person.go(GENERAL)
    page.get_by_role("button", name="Threads", exact=True).click()
    threads = page.get_by_role("complementary", name=re.compile("^Threads"))
    everywhere(person, "panel-threads", threads.get_by_text("spare bookshelf"), shots=shots)
    _searching(person, shots)


def _searching(person: Somebody, shots: Shots) -> None:
    page = person.page
    page.get_by_role("button", name="Search in this room").click()
    panel = page.get_by_role("complementary", name=re.compile("^Search"))
    start = panel.get_by_role("heading", name="Search this conversation")
    everywhere(person, "panel-search", start, one(3), shots)
    words = panel.get_by_role("searchbox", name="Words to look for")
    words.fill("lentil")
    everywhere(person, "panel-search-found", panel.get_by_text("lentil soup"), shots=shots)
    words.fill("zeppelin")
    nothing = panel.get_by_role("heading", name="Nothing found")
    everywhere(person, "panel-search-empty", nothing, one(1))
    with _answered(page, SEARCH, FAILED):
        words.fill("accordion")
        failed = panel.get_by_role("heading", name="That did not work")
        everywhere(person, "panel-search-failed", failed, one(2))
    held: list[Route] = []
    with _answered(page, SEARCH, holding(held)):
        words.fill("bread")
        everywhere(person, "panel-search-loading", panel.locator(".skeleton"), one(3))
        for route in held:
            route.continue_()


def test_who_was_removed_from_an_open_forum_may_come_back(
    browsing: Browsing, shots: Shots
) -> None:
    person = _enter(browsing)
    page = person.page

    def out(route: Route) -> None:
        room = route.fetch().json()
        route.fulfill(json={**room, "membership": "leave", "removed": True, "read_only": True})

    by = {"user_id": "@bob:localhost", "display_name": "Bob Lindqvist", "avatar_url": None}
    told = {"room_id": "!x", "what": "removed", "by": by, "at": "2026-01-05T12:00:00Z"}
    with (
        _answered(page, re.compile(r"/api/v1/rooms/[^/]+$"), out),
        _answered(page, re.compile(r"/api/v1/rooms/[^/]+/removal$"), saying(told)),
    ):
        person.go(GENERAL)
        said = page.get_by_text(re.compile(r"^Bob Lindqvist removed you .* you can join again\.$"))
        expect(page.get_by_role("button", name="Join", exact=True)).to_be_visible()
        everywhere(person, "forum-removed", said, shots=shots)
