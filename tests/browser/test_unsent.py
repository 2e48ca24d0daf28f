# SPDX-License-Identifier: AGPL-3.0-or-later
"""What could not be sent outlives the page, goes out once, and is nobody else's to find."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.people import Browsing, Shots
from tests.browser.talking import Talking, Wire

pytestmark = [pytest.mark.journey, pytest.mark.timeout(150)]
_SENDING = re.compile(r"/api/v1/rooms/[^/]+/messages$")
_KEPT = "Object.keys(localStorage).filter(key => key.startsWith('kith.mine.'))"


def _refuse(route: Route) -> None:
    if route.request.method == "POST":
        route.abort()
    else:
        route.fallback()


def test_what_was_not_sent_outlives_the_page(browsing: Browsing, shots: Shots) -> None:
    person = browsing.somebody()
    wire = Wire(person.page)
    person.provoked = ("/messages", "/events?")
    alice = Talking(person).enter("alice")
    page = alice.page
    page.route(_SENDING, _refuse)
    wire.cut()
    for text in ("This one is kept.", "This one is given up."):
        alice.say(text)
    page.reload()
    person.settle()
    alice.at_the_newest()
    expect(alice.said("This one is kept.")).to_contain_text("Not sent")
    shots.take(page, "unsent-dark-wide")
    alice.said("This one is given up.").get_by_role("button", name="Delete").click()
    page.unroute(_SENDING)
    wire.mend()
    alice.said("This one is kept.").get_by_role("button", name="Try again").click()
    alice.confirmed("This one is kept.")
    expect(alice.said("This one is given up.")).to_have_count(0)
    page.reload()
    alice.confirmed("This one is kept.")
    expect(alice.said("This one is given up.")).to_have_count(0)


def test_nothing_that_was_written_stays_behind(browsing: Browsing) -> None:
    person = browsing.somebody()
    # Signing out ends the one session of the jar that others use.
    person.sign_in("dave")
    person.go("/lounge/general")
    dave = Talking(person)
    dave.composer.fill("Nobody else is to read this")
    dave.page.reload()
    expect(dave.composer).to_have_value("Nobody else is to read this")
    assert dave.page.evaluate(_KEPT) == ["kith.mine.drafts"]
    person.you("Sign out")
    expect(dave.page.get_by_role("button", name="Sign in")).to_be_visible()
    assert dave.page.evaluate(_KEPT) == []
    dave.page.go_back()
    expect(dave.page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(dave.page.get_by_text("Nobody else is to read this")).to_have_count(0)
