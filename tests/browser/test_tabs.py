# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is read, begun, chosen or ended in one tab holds in the person's other one."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.element import Circle
from tests.browser.people import Browsing
from tests.browser.talking import soon

pytestmark = [pytest.mark.journey, pytest.mark.timeout(200)]
SLOW = 15_000


def _row(page: Page) -> Locator:
    """Of the inbox; beside an open conversation its people have links of their own."""
    return page.locator("[data-row]").and_(page.get_by_role("link", name=re.compile("^lars")))


def test_two_tabs_are_one(browsing: Browsing, crowd: Circle) -> None:
    jana, lars = crowd.person("jana"), crowd.person("lars")
    crowd.friends(("jana", "lars"))
    made = crowd.kith(lars, "POST", "/dm/conversations", {"participants": [jana.user_id]})
    jana.run(jana.client.join(made["room_id"]))
    person = browsing.somebody()
    # What is asked for while the other tab signs out is refused.
    person.refusals = {401}
    person.enter("jana", "/lounge")
    first, second = person.page, person.page.context.new_page()
    browsing.listen(person, second)
    second.goto(person.url + "/messages")
    expect(_row(second)).to_be_visible()

    lars.say(made["room_id"], "The kettle is on.")
    expect(_row(second)).to_contain_text("1 unread", timeout=SLOW)
    way = first.get_by_role("navigation", name="Community").get_by_role("link", name="Messages")
    expect(way).to_contain_text("for you")

    way.click()
    _row(first).click()
    expect(first.get_by_text("The kettle is on.").last).to_be_visible()
    expect(way).not_to_contain_text("for you")
    _row(second).get_by_text("unread").wait_for(state="detached", timeout=soon())
    for page in (first, second):
        page.reload()
        expect(_row(page)).to_be_visible()
        expect(_row(page)).not_to_contain_text("unread")
        expect(page).not_to_have_title(re.compile(r"^\("))

    # What is begun in one tab stands in the other.
    _row(second).click()
    box = re.compile("^Message ")
    first.get_by_role("textbox", name=box).fill("I bring the")
    expect(second.get_by_role("textbox", name=box)).to_have_value("I bring the", timeout=soon())

    person.you("Use the light theme", second)
    expect(first.locator("html")).to_have_attribute("data-theme", "light", timeout=soon())
    person.you("Sign out", second)
    expect(first).to_have_url(re.compile("/sign-in"), timeout=3 * soon())
