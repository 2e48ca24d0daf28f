# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people do, two at once, by keys alone where it says so."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.element import Circle
from tests.browser.people import Browsing, Shots

pytestmark = [pytest.mark.journey, pytest.mark.timeout(200)]


def test_a_friendship_by_keys_alone(browsing: Browsing, shots: Shots) -> None:
    carol, dave = browsing.somebody(), browsing.somebody("small", "light")
    # Strangers do not see each other's friends.
    carol.refusals = dave.refusals = {403}
    # Deep links lead to the sign-in page and on to where one wanted to go.
    dave.go("/connections/incoming")
    expect(dave.page).to_have_url(re.compile("/sign-in"))
    dave.sign_in("dave")
    expect(dave.page).to_have_url(re.compile("/connections/incoming$"))
    expect(dave.page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()

    carol.sign_in("carol")
    carol.page.keyboard.press("n")
    expect(carol.page.get_by_label("Name or Matrix id")).to_be_focused()
    carol.page.keyboard.type("dave")
    carol.tab_to("A short note")
    carol.page.keyboard.type("Chess on Thursday?")
    carol.page.keyboard.press("Enter")
    carol.says("Your request to dave is on its way.")
    shots.take(carol.page, "toast-dark-wide")

    dave.look_again()
    expect(dave.page.get_by_text("Chess on Thursday?")).to_be_visible()
    expect(dave.page).to_have_title(re.compile(r"^\(1\) Incoming"))
    dave.press("Accept: Carol Okafor")
    dave.says("You and Carol Okafor are friends now.")

    carol.page.keyboard.press("Control+k")
    expect(carol.page.get_by_role("combobox")).to_be_focused()
    carol.page.keyboard.type("dave")
    expect(carol.page.get_by_role("option", name="dave").first).to_be_visible()
    carol.page.keyboard.press("Enter")
    expect(carol.page.get_by_role("heading", level=1, name="Dave Petrov")).to_be_focused()
    carol.press("More about Dave Petrov")
    carol.choose("End the friendship")
    carol.press("End the friendship")
    carol.says("You and Dave Petrov are no longer friends.")
    expect(carol.page.get_by_role("button", name="Add a friend")).to_be_visible()
    carol.press("More about Dave Petrov")
    carol.choose("Block")
    carol.press("Block")
    carol.says("Dave Petrov is blocked.")
    expect(carol.page.get_by_role("button", name="Unblock")).to_be_visible()
    shots.take(carol.page, "person-blocked-dark-wide")

    # Nothing tells him.
    dave.go("/people/carol")
    assert "block" not in dave.page.get_by_role("main").inner_text().lower()
    carol.press("Unblock")
    carol.says("Dave Petrov is no longer blocked.")


def test_putting_a_request_away_can_be_undone(browsing: Browsing, shots: Shots) -> None:
    bob = browsing.somebody()
    bob.enter("bob")
    bob.go("/connections/incoming")
    row = bob.page.get_by_role("listitem").filter(has_text="Jonas Weber")
    row.get_by_role("button", name="Decline").click()
    expect(row).to_be_hidden()
    bob.says("Put away. Jonas Weber is not told.")
    shots.take(bob.page, "undo-dark-wide")
    bob.page.get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()
    # Leaving the page settles what was not undone.
    row.get_by_role("button", name="Decline").click()
    with bob.page.expect_response("**/respond"):
        bob.page.get_by_role("button", name="Put this message away").click()
    bob.go("/connections/incoming")
    expect(bob.page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()


def test_a_request_can_be_edited_and_taken_back(browsing: Browsing) -> None:
    dave = browsing.somebody("small")
    dave.refusals = {403, 409}
    dave.enter("dave")
    dave.go("/people/bob")
    page = dave.page
    page.get_by_role("button", name="Add a friend").click()
    page.get_by_label("A short note").fill("Sourdough?")
    page.get_by_role("button", name="Send the request").click()
    dave.says("Your request to bob is on its way.")
    page.get_by_role("button", name="Edit note").click()
    page.get_by_label("A short note").fill("Sourdough, please?")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Sourdough, please?")).to_be_visible()
    page.get_by_role("button", name="Remind them").click()
    dave.says("A reminder is possible three days after the request.")
    page.get_by_role("button", name="Cancel request").click()
    expect(page.get_by_role("button", name="Add a friend")).to_be_visible()
    page.goto(dave.url + "/connections/outgoing")
    expect(page.get_by_role("heading", name="No open requests")).to_be_visible()


def test_a_friend_is_found_among_many(browsing: Browsing, crowd: Circle, shots: Shots) -> None:
    names = ("asta", "birk", "cleo", "dora", "elin", "finn", "gerd")
    crowd.friends(*((name, "rosa") for name in names))
    person = browsing.somebody()
    person.enter("rosa", "/connections")
    page = person.page
    rows = page.get_by_role("list", name="Friends").get_by_role("listitem")
    expect(rows).to_have_count(len(names))
    looking = page.get_by_role("searchbox", name="Find a friend")
    looking.fill("GER")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("gerd")
    expect(page.get_by_text("1 friend", exact=True)).to_be_visible()
    person.accessible("a friend that was found")
    shots.take(page, "friends-found-dark-wide")
    looking.fill("nobody")
    expect(page.get_by_role("heading", name="No friend of that name")).to_be_visible()
    person.accessible("no friend of that name")
    looking.press("Escape")
    expect(rows).to_have_count(len(names))


def test_settings_hold_for_others_and_in_other_tabs(browsing: Browsing) -> None:
    carol = browsing.somebody()
    carol.sign_in("carol")
    carol.go("/settings/privacy")
    page = carol.page
    page.get_by_text("Only you", exact=True).click()
    carol.says("Saved.")
    page.reload()
    expect(page.get_by_label("Only you")).to_be_checked()
    stranger = browsing.somebody()
    stranger.refusals = {403}
    stranger.enter("alice")
    stranger.go("/people/carol")
    expect(stranger.page.get_by_role("heading", name="Private to them")).to_be_visible()
    choices = page.get_by_role("radiogroup", name="Who may see your friends")
    choices.get_by_text("Your friends", exact=True).click()

    # What is asked for while the other tab signs out is refused.
    carol.refusals = {401}
    second = page.context.new_page()
    browsing.listen(carol, second)
    second.goto(carol.url + "/settings/appearance")
    expect(second.locator("html")).to_have_attribute("data-theme", "dark")
    carol.you("Use the light theme")
    expect(second.locator("html")).to_have_attribute("data-theme", "light")
    carol.you("Sign out", second)
    expect(page).to_have_url(re.compile("/sign-in"))


def test_what_is_wrong_is_said_where_it_is(browsing: Browsing, shots: Shots) -> None:
    somebody = browsing.somebody()
    somebody.refusals = {401, 404}
    page = somebody.page
    somebody.go("/sign-in")
    page.get_by_label("Name").fill("alice")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    shots.take(page, "wrong-password-dark-wide")
    somebody.go("/sign-up")
    expect(page.get_by_role("heading", name="Accounts are made by the operator")).to_be_visible()
    somebody.go("/sign-in")
    somebody.sign_in("alice")
    page.get_by_role("link", name="Settings").first.click()
    expect(page.get_by_role("heading", level=1, name="Privacy")).to_be_focused()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="The Lounge")).to_be_visible()
    somebody.provoked = ("net::ERR_INTERNET_DISCONNECTED",)
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline. What you see may be old")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline. What you see may be old")).to_be_hidden()
