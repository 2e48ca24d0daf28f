# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people do in rooms, two and three at once, each in a browser of their own."""

import re

import pytest
from playwright.sync_api import Route, expect

from appservice.rest.codes import Code
from tests.browser.answers import holding, refusing
from tests.browser.people import Browsing, Shots
from tests.browser.talking import BLOCKED, GENERAL, Talking, Wire

pytestmark = [pytest.mark.journey, pytest.mark.timeout(200)]


def test_what_one_does_the_others_see(browsing: Browsing, shots: Shots) -> None:
    alice = Talking(browsing.somebody()).enter("alice")
    bob = Talking(browsing.somebody("small")).enter("bob")
    carol = Talking(browsing.somebody("wide", "light")).enter("carol")

    alice.composer.press_sequentially("The tables", delay=20)
    expect(bob.page.get_by_text("Alice Moreau is typing")).to_be_visible()
    alice.say("The tables are in the cellar.")
    alice.confirmed("The tables are in the cellar.")
    expect(bob.said("The tables are in the cellar.")).to_be_visible()
    expect(carol.said("The tables are in the cellar.")).to_be_visible()
    expect(bob.page.get_by_text("Alice Moreau is typing")).to_be_hidden()

    carol.tool("The tables are in the cellar.", "React")
    carol.page.get_by_role("button", name="🎉", exact=True).click()
    mine = alice.said("The tables are in the cellar.")
    expect(mine.get_by_role("button", name=re.compile("🎉"))).to_be_visible()
    carol.tool("The tables are in the cellar.", "Reply")
    carol.say("All six of them?")
    expect(alice.said("All six of them?")).to_contain_text("The tables are in the cellar.")
    shots.take(alice.page, "conversation-dark-wide")
    shots.take(carol.page, "conversation-light-wide")
    shots.take(bob.page, "conversation-dark-small")

    alice.composer.press("ArrowUp")
    expect(alice.composer).to_have_value("The tables are in the cellar.")
    alice.composer.fill("The tables are in the attic.")
    alice.composer.press("Enter")
    for other in (bob, carol):
        expect(other.said("The tables are in the attic.").first).to_contain_text("edited")

    carol.tool("All six of them?", "Reply in thread")
    panel = carol.page.get_by_role("complementary", name=re.compile("^Thread"))
    panel.get_by_role("textbox").fill("Or only the good ones?")
    panel.get_by_role("textbox").press("Enter")
    expect(panel.get_by_text("Or only the good ones?")).to_be_visible()
    expect(alice.said("All six of them?").get_by_role("button", name="1 reply")).to_be_visible()
    carol.person.accessible("thread")
    shots.take(carol.page, "thread-light-wide")
    carol.page.go_back()
    expect(panel).to_be_hidden()

    alice.more("The tables are in the attic.", "Delete")
    expect(alice.page.get_by_text("This message was deleted").first).to_be_visible()
    alice.page.get_by_role("button", name="Undo").click()
    expect(alice.said("The tables are in the attic.").first).to_be_visible()
    alice.delete("The tables are in the attic.")
    for other in (bob, carol):
        expect(other.page.get_by_text("This message was deleted").first).to_be_visible()


def test_a_change_that_is_refused_is_not_lost(browsing: Browsing) -> None:
    person = browsing.somebody()
    person.refusals = {429}
    alice = Talking(person).enter("alice")
    page, again = alice.page, "**/api/v1/rooms/*/messages/*"
    alice.say("The gate is at the front.")
    alice.confirmed("The gate is at the front.")
    alice.tool("The gate is at the front.", "Edit")
    page.route(again, refusing(Code.TOO_MANY_REQUESTS))
    alice.composer.fill("The gate is at the back.")
    alice.composer.press("Enter")
    person.says("Too many requests. Wait a moment.")
    expect(page.get_by_text("Editing your message")).to_be_visible()
    expect(alice.composer).to_have_value("The gate is at the back.")
    # Who writes something else meanwhile is left alone, and finds it at the next wish to edit.
    alice.composer.press("Escape")
    alice.tool("The gate is at the front.", "Edit")
    alice.composer.fill("The gate is at the side.")
    held: list[Route] = []
    page.unroute(again)
    page.route(again, holding(held))
    with page.expect_request(again):
        alice.composer.press("Enter")
    alice.composer.fill("By the way")
    refusing(Code.TOO_MANY_REQUESTS)(held[0])
    expect(alice.said("The gate is at the front.")).to_be_visible()
    expect(alice.composer).to_have_value("By the way")
    page.unroute(again)
    alice.tool("The gate is at the front.", "Edit")
    expect(alice.composer).to_have_value("The gate is at the side.")
    alice.composer.press("Enter")
    expect(alice.said("The gate is at the side.")).to_contain_text("edited")
    expect(alice.composer).to_have_value("By the way")
    alice.composer.fill("")


def test_what_was_missed_comes_once_and_in_order(browsing: Browsing, shots: Shots) -> None:
    alone = browsing.somebody()
    wire = Wire(alone.page)
    alone.provoked = ("/events?",)
    alice = Talking(alone).enter("alice")
    bob = Talking(browsing.somebody()).enter("bob")
    bob.say("Before the cut.")
    expect(alice.said("Before the cut.")).to_be_visible()
    wire.cut(polling=True)
    for text in ("First in the gap.", "Second in the gap.", "Third in the gap."):
        bob.say(text)
        bob.confirmed(text)
    expect(alice.page.get_by_text("The connection is lost")).to_be_visible(timeout=15_000)
    alone.accessible("connection lost")
    shots.take(alone.page, "connection-lost-dark-wide")
    # What is written meanwhile is kept, and goes out by whatever way there is.
    alice.say("Written without a connection.")
    wire.mend()
    expect(alice.page.get_by_text("The connection is lost")).to_be_hidden(timeout=40_000)
    alice.confirmed("Written without a connection.")
    for text in ("First in the gap.", "Second in the gap.", "Third in the gap."):
        # The way back is there before all that was missed has come by it.
        expect(alice.said(text)).to_be_visible()
    seen = alice.page.get_by_role("article").all_inner_texts()
    order = [
        next(place for place, row in enumerate(seen) if text in row)
        for text in ("Before the cut", "First in", "Second in", "Third in")
    ]
    assert order == sorted(order), seen
    for text in ("First in the gap.", "Second in the gap.", "Third in the gap."):
        expect(alice.said(text)).to_have_count(1)
    expect(bob.said("Written without a connection.")).to_have_count(1)


def test_without_websockets_it_works_all_the_same(browsing: Browsing) -> None:
    alone = browsing.somebody()
    alone.page.add_init_script(BLOCKED)
    alice = Talking(alone).enter("alice")
    bob = Talking(browsing.somebody()).enter("bob")
    bob.say("Do you hear me by the long way?")
    expect(alice.said("Do you hear me by the long way?")).to_be_visible(timeout=45_000)
    alice.say("Loud and clear.")
    alice.confirmed("Loud and clear.")
    expect(bob.said("Loud and clear.")).to_have_count(1)


def test_unread_is_the_same_in_every_tab(browsing: Browsing, shots: Shots) -> None:
    bob = browsing.somebody()
    bob.enter("bob", "/messages")
    row = bob.page.get_by_role("link", name=re.compile("^Alice Moreau"))
    row.click()
    expect(bob.page.get_by_role("heading", level=1, name="Alice Moreau")).to_be_visible()
    bob.go("/lounge")
    second = bob.page.context.new_page()
    browsing.listen(bob, second)
    second.goto(bob.url + "/messages")
    alice = Talking(browsing.somebody())
    alice.person.enter("alice", "/messages")
    alice.page.get_by_role("link", name=re.compile("^Bob Lindqvist")).click()
    alice.say("The bread is rising.")
    alice.confirmed("The bread is rising.")
    way = bob.page.get_by_role("navigation", name="Community").get_by_role("link", name="Messages")
    expect(way).to_contain_text("for you")
    elsewhere = second.get_by_role("link", name=re.compile("^Alice Moreau"))
    expect(elsewhere).to_contain_text("1 unread")
    for page in (bob.page, second):
        expect(page).to_have_title(re.compile(r"^\(\d+\) "))
    shots.take(bob.page, "unread-dark-wide")
    bob.page.get_by_role("link", name="Messages").click()
    row = bob.page.get_by_role("link", name=re.compile("^Alice Moreau"))
    expect(row).to_contain_text("The bread is rising.")
    row.click()
    expect(bob.page.get_by_text("The bread is rising.").last).to_be_visible()
    expect(elsewhere).not_to_contain_text("unread")


def test_strings_of_every_kind_stay_inside(browsing: Browsing) -> None:
    alice = Talking(browsing.somebody("small")).enter("alice")
    address = "https://example.org/" + "a" * 280
    for text in (
        address,
        "مرحبا بالجميع، هل نلتقي يوم الأحد في الساحة؟",
        "日曜日の朝八時に中庭で会いましょう。種の交換会です。" * 3,
        "👩‍🌾🌱🌿🍅🥕🌽🥬🧅🫑🥔🍠🌶️",
        "W" * 400,
    ):
        alice.say(text)
    alice.person.accessible("strings of every kind")
    alice.person.go(GENERAL)
    alice.person.accessible("strings of every kind, again")


def test_no_friends_no_writing_and_back(browsing: Browsing, shots: Shots) -> None:
    alice, bob = browsing.somebody(), browsing.somebody("small")
    alice.refusals = bob.refusals = {403, 409}
    alice.enter("alice", "/messages")
    alice.page.get_by_role("link", name=re.compile("^Bob Lindqvist")).click()
    expect(alice.page.get_by_role("textbox", name=re.compile("^Message "))).to_be_visible()
    alice.page.get_by_role("button", name="More about Bob Lindqvist").click()
    alice.page.get_by_role("menuitem", name="End the friendship").click()
    alice.page.get_by_role("alertdialog").get_by_role("button", name="End the friendship").click()
    expect(alice.page.get_by_text("are not friends at the moment")).to_be_visible()
    expect(alice.page.get_by_role("textbox", name=re.compile("^Message "))).to_be_hidden()
    alice.accessible("frozen")
    shots.take(alice.page, "frozen-dark-wide")
    bob.enter("bob", "/messages")
    bob.page.get_by_role("link", name=re.compile("^Alice Moreau")).click()
    expect(bob.page.get_by_text("are not friends at the moment")).to_be_visible()
    shots.take(bob.page, "frozen-dark-small")
    alice.page.get_by_role("button", name="Add a friend").click()
    alice.page.get_by_role("button", name="Send the request").click()
    expect(alice.page.get_by_text("as soon as Bob Lindqvist accepts")).to_be_visible()
    bob.page.get_by_role("button", name="Accept").click()
    for page in (bob.page, alice.page):
        expect(page.get_by_role("textbox", name=re.compile("^Message "))).to_be_visible()


def test_an_invitation_is_answered(browsing: Browsing, shots: Shots) -> None:
    alice = browsing.somebody()
    alice.enter("alice", "/messages?filter=requests")
    row = alice.page.get_by_role("listitem").filter(has_text="Repair café helpers")
    alice.accessible("requests")
    row.get_by_role("button", name="Decline").click()
    expect(row).to_be_hidden()
    alice.page.get_by_role("button", name="Undo").click()
    row.get_by_role("button", name="Accept").click()
    expect(alice.page.get_by_role("heading", level=1, name="Repair café helpers")).to_be_visible()
    expect(alice.page.get_by_text("Alice has steady hands").last).to_be_visible()
    shots.take(alice.page, "group-dark-wide")
