# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page and state, dark and light, wide and small: accessible, quiet, and pictured."""

import pytest
from playwright.sync_api import Route, expect

from appservice.rest.codes import Code
from tests.browser.answers import cut, holding, refusing
from tests.browser.people import SIZES, Browsing, Shots, Somebody

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]

OUTSIDE = {
    "welcome": "/",
    "sign-in": "/sign-in",
    "sign-up": "/sign-up",
    "forgot-password": "/forgot-password",
}
INSIDE = {
    "lounge": "/lounge",
    "forum": "/lounge/general",
    "thrive-circle": "/thrive-circle",
    "inbox": "/messages",
    "requests": "/messages?filter=requests",
    "quick-replies": "/settings/quick-replies",
    "friends": "/connections",
    "incoming": "/connections/incoming",
    "outgoing": "/connections/outgoing",
    "blocked": "/connections/blocked",
    "person-friend": "/people/bob",
    "person-asking": "/people/carol",
    "person-self": "/people/alice",
    "people": "/people",
    "search": "/search?q=planet",
    "edit-profile": "/settings/profile",
    "following": "/settings/following",
    "listings": "/listings",
    "new-listing": "/listings/new",
    "saved-searches": "/listings/saved",
    "privacy": "/settings/privacy",
    "your-data": "/settings/data",
    "appearance": "/settings/appearance",
}
REFUSED = {"person-stranger": "/people/dave", "person-nobody": "/people/nobody-of-that-name"}
LOOKS = [(theme, size) for theme in ("dark", "light") for size in SIZES]


def shown(person: Somebody, shots: Shots, name: str, *, whole: bool = False) -> None:
    """Check a page, and keep a picture of it."""
    person.accessible(name)
    shots.take(person.page, name, whole=whole)


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_every_page(browsing: Browsing, shots: Shots, theme: str, size: str) -> None:
    person = browsing.somebody(size, theme)
    person.refusals = {403, 404}
    look = f"{theme}-{size}"
    for name, path in OUTSIDE.items():
        person.go(path)
        shown(person, shots, f"{name}-{look}")
    person.enter("alice")
    titles = set()
    for name, path in (INSIDE | REFUSED).items():
        person.go(path)
        shown(person, shots, f"{name}-{look}")
        titles.add(person.page.title())
    assert len(titles) == len(INSIDE | REFUSED), titles
    person.go("/styleguide-neon")
    shown(person, shots, f"styleguide-{look}", whole=True)
    person.go("/no/such/page")
    expect(person.page.get_by_role("heading", name="There is no page here")).to_be_visible()
    shown(person, shots, f"unknown-{look}")


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_every_window(browsing: Browsing, shots: Shots, theme: str, size: str) -> None:
    person = browsing.somebody(size, theme)
    page, keys, look = person.page, person.page.keyboard, f"{theme}-{size}"
    person.enter("alice")
    for name, key in {"switcher": "Control+k", "shortcuts": "?", "add-friend": "n"}.items():
        keys.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        shown(person, shots, f"{name}-{look}")
        keys.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="More about Bob Lindqvist").click()
    expect(page.get_by_role("menu")).to_be_visible()
    shown(person, shots, f"menu-{look}")
    page.get_by_role("menuitem", name="Block").click()
    expect(page.get_by_role("alertdialog")).to_be_visible()
    shown(person, shots, f"ask-{look}")


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_every_state(browsing: Browsing, shots: Shots, theme: str, size: str) -> None:
    person = browsing.somebody(size, theme)
    page, look = person.page, f"{theme}-{size}"
    person.refusals = {429, 503}
    person.provoked = (
        "[kith] query ApiError: The database does not answer.",
        "net::ERR_FAILED (" + person.url + "/api/me/friends?",
    )
    person.enter("dave")
    expect(page.get_by_role("heading", name="Nobody here yet")).to_be_visible()
    shown(person, shots, f"empty-{look}")
    held: list[Route] = []
    page.route("**/api/me/blocks*", holding(held))
    page.goto(person.url + "/connections/blocked")
    expect(page.get_by_text("Blocked: on the way")).to_be_attached()
    shown(person, shots, f"loading-{look}")
    for route in held:
        route.continue_()
    page.unroute("**/api/me/blocks*")
    for name, answer, title in (
        ("too-fast", refusing(Code.TOO_MANY_REQUESTS, retry_after_ms=42000), "One moment"),
        ("failed", refusing(Code.DATABASE_UNAVAILABLE), "That did not work"),
        ("offline", cut, "You are offline"),
    ):
        page.route("**/api/me/friends*", answer)
        page.goto(person.url + "/connections")
        expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=15_000)
        shown(person, shots, f"{name}-{look}")
        page.unroute("**/api/me/friends*")
