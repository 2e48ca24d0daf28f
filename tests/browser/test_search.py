# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looking for what was said, in all rooms: found, narrowed down, opened in its place."""

import re

import pytest
from playwright.sync_api import Route, expect

from appservice.rest.codes import Code
from tests.browser.answers import cut, holding, refusing
from tests.browser.looks import TWO, everywhere
from tests.browser.people import Browsing, Shots
from tests.browser.talking import Talking

pytestmark = [pytest.mark.journey, pytest.mark.timeout(150)]


def test_what_was_said_is_found_and_opened(browsing: Browsing, shots: Shots) -> None:
    person = browsing.somebody()
    alice = Talking(person).enter("alice")
    alice.say("The quokka came by. See https://quokka.example/visit")
    alice.confirmed("The quokka came by.")
    person.go("/messages")
    page = alice.page
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Find rooms, people and pages").fill("quokka")
    page.get_by_role("option", name="Messages with “quokka”").click()
    expect(page).to_have_url(re.compile(r"/search\?q=quokka$"))
    found = page.get_by_role("list", name="Messages found").get_by_role("link")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("General")
    expect(found.locator("mark").first).to_have_text("quokka")
    everywhere(person, "search-found", found, TWO, shots)

    page.get_by_role("button", name="Files").click()
    nothing = page.get_by_role("heading", name="Nothing found")
    expect(nothing).to_be_visible()
    page.get_by_role("button", name="Links").click()
    expect(found).to_have_count(1)
    page.get_by_label("From").fill("bob")
    expect(nothing).to_be_visible()
    everywhere(person, "search-empty", nothing, TWO)
    page.get_by_label("From").fill("alice")
    expect(found).to_have_count(1)
    page.get_by_label("Not after").fill("2020-01-01")
    expect(nothing).to_be_visible()
    page.get_by_label("Not after").fill("")
    page.get_by_role("combobox", name="Room").select_option("General")
    expect(found).to_have_count(1)
    # The address holds it all.
    page.reload()
    expect(found).to_have_count(1)
    expect(page.get_by_label("From")).to_have_value("alice")
    found.click()
    expect(page).to_have_url(re.compile(r"/lounge/general\?event="))
    expect(alice.said("The quokka came by.")).to_be_in_viewport()
    page.go_back()
    expect(found).to_have_count(1)


def test_while_it_looks_and_when_it_cannot(browsing: Browsing) -> None:
    person = browsing.somebody()
    page = person.page
    person.enter("bob", "/search")
    start = page.get_by_role("heading", name="Look for something that was said")
    everywhere(person, "search-start", start)
    held: list[Route] = []
    page.route("**/api/v1/search*", holding(held))
    page.get_by_label("Words to look for").fill("planet")
    expect(page.get_by_text("Messages found: on the way")).to_be_attached()
    page.unroute("**/api/v1/search*")
    person.refusals = {429, 503}
    person.provoked = ("[kith] query ApiError: The homeserver", "net::ERR_FAILED", "ERR_ABORTED")
    for answer, title in (
        (refusing(Code.TOO_MANY_REQUESTS, retry_after_ms=42000), "One moment"),
        (refusing(Code.HOMESERVER_UNAVAILABLE), "That did not work"),
        (cut, "You are offline"),
    ):
        page.route("**/api/v1/search*", answer)
        page.goto(person.url + "/search?q=planet")
        heading = page.get_by_role("heading", name=title)
        expect(heading).to_be_visible(timeout=15_000)
        person.accessible(title)
        page.unroute("**/api/v1/search*")
