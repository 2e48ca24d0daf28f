# SPDX-License-Identifier: AGPL-3.0-or-later
"""Listings as people use them: offered by keys, found, asked about, closed; searches kept."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from appservice.rest.codes import Code
from stack.demo.cast import PASSWORD
from stack.demo.goods import draw
from tests.browser.answers import holding, refusing, saying
from tests.browser.contrast import weak_texts
from tests.browser.element import Circle, Element
from tests.browser.looks import ALL, SMALL, TWO, WIDE, everywhere, one, wear
from tests.browser.people import Browsing, Shots, Somebody
from tests.support.instance import Instance

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

_PICTURE = {"name": "radio.jpg", "mimeType": "image/jpeg"}


def _found(page: Page) -> Locator:
    return page.get_by_role("list", name="Listings found").get_by_role("listitem")


def _pictures(page: Page) -> Locator:
    return page.get_by_role("list", name="Pictures", exact=True).get_by_role("img")


def _written_by_keys(person: Somebody) -> None:
    """A listing with everything, without a pointer; then a reload in the middle of it."""
    page, keys = person.page, person.page.keyboard
    person.tab_to("Title")
    keys.type("Kitchen radio")
    person.tab_to("Description")
    keys.type("From my aunt.")
    keys.press("Enter")
    keys.type("Works.")
    person.tab_to("Add a tag")
    for tag in ("Wood", "#radio"):
        keys.type(tag)
        keys.press("Enter")
    person.tab_to("Price")
    keys.type("12,5x")
    expect(page.get_by_text("Write an amount such as 12.50.")).to_be_visible()
    keys.press("Backspace")
    person.tab_to("Currency")
    keys.type("SEK")
    person.tab_to("Place")
    keys.type("berg")
    # The first question after a start waits for the gazetteer to be read.
    bergen = page.get_by_role("option", name=re.compile("Bergen, Norway"))
    expect(bergen).to_be_visible(timeout=30_000)
    _take_option(page, "Bergen, Norway")
    page.reload()
    person.settle()
    expect(page.get_by_text("What you left unsaved here is back.")).to_be_visible()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Kitchen radio")
    expect(page.get_by_role("combobox", name="Place")).to_have_value("Bergen, Norway")
    expect(page.get_by_text("#wood")).to_be_visible()


def _take_option(page: Page, name: str) -> None:
    for _ in range(12):
        page.keyboard.press("ArrowDown")
        marked = page.locator("[role=option][aria-selected=true]")
        if marked.count() and name in (marked.text_content() or ""):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"no option {name!r}")


def _with_pictures(page: Page) -> None:
    """Two of them, the second one made the first; what is no picture says so."""
    chosen = page.locator("input[type=file]")
    chosen.set_input_files(
        [{**_PICTURE, "name": "radio.txt", "mimeType": "text/plain", "buffer": b"x"}]
    )
    expect(page.get_by_text("Choose a PNG, JPEG, WebP or GIF.")).to_be_visible()
    page.get_by_role("button", name="Put away").click()
    chosen.set_input_files([{**_PICTURE, "buffer": draw(name)} for name in ("table", "radio")])
    expect(_pictures(page)).to_have_count(2, timeout=30_000)
    before = _pictures(page).first.get_attribute("src") or ""
    page.get_by_role("button", name="More about Picture 2 of 2").click()
    page.get_by_role("menuitem", name="Move forward").click()
    expect(page.get_by_text("The picture is now 1 of 2.")).to_be_attached()
    assert (_pictures(page).first.get_attribute("src") or "").split("/")[-2] not in before


def test_a_listing_from_the_first_key_to_its_end(
    browsing: Browsing, crowd: Circle, instance: Instance, shots: Shots
) -> None:
    lotte = crowd.person("lotte")
    seller = browsing.somebody()
    seller.enter("lotte", "/listings/new")
    page = seller.page
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Give it a title.")).to_be_visible()
    expect(page.get_by_label("Title", exact=True)).to_be_focused()
    page.get_by_role("heading", level=1).focus()
    _written_by_keys(seller)
    _with_pictures(page)
    seller.settle()
    everywhere(seller, "listing-written", page.get_by_text("#wood"), ALL, shots, all_shots=True)
    seller.press("Publish")
    seller.says("Your listing is published.")
    expect(page.get_by_role("heading", level=1, name="Kitchen radio")).to_be_visible()
    expect(page.get_by_text("SEK 12.50")).to_be_visible()
    listing = page.url.rsplit("/", 1)[1]
    body = crowd.kith(lotte, "GET", f"/listings/{listing}")
    assert (body["price_minor"], body["currency"], body["city"]) == (1250, "SEK", "Bergen")
    assert (body["tags"], len(body["images"])) == (["wood", "radio"], 2)
    page.reload()
    seller.settle()
    everywhere(seller, "listing-own", page.get_by_text("SEK 12.50"), ALL, shots, all_shots=True)

    cards = {
        "collection": "featured_listings",
        "cards": [{"entity_id": listing, "note": "Soon gone"}],
    }
    crowd.kith(lotte, "PUT", "/profile/lotte/showcase", cards)
    levels = {"visibility_settings": {"featured_listings": "public"}}
    crowd.kith(lotte, "PUT", "/profile/lotte", levels)
    _asked_about(browsing, shots)

    _changed(seller)
    page.get_by_role("button", name="More about Kitchen radio, polished").click()
    page.get_by_role("menuitem", name="Close").click()
    seller.says("It is closed. Nobody else sees it any more.")
    buyer = browsing.somebody()
    buyer.refusals = {403, 404}
    buyer.enter("dave", "/profile/lotte")
    expect(buyer.page.get_by_role("heading", level=1, name="lotte")).to_be_visible()
    expect(buyer.page.get_by_text("Kitchen radio")).to_have_count(0)
    buyer.go(f"/listings/{listing}")
    gone = buyer.page.get_by_role("heading", name="This listing is not there")
    everywhere(buyer, "listing-gone", gone, one(0), shots)

    page.get_by_role("button", name="Open again").click()
    seller.says("It is open again.")
    _closed_by_staff(browsing, instance, seller, lotte, shots)
    page.get_by_role("button", name="More about Kitchen radio, polished").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    seller.says("“Kitchen radio, polished” is deleted.")
    expect(page.get_by_role("heading", level=1, name="Your listings")).to_be_visible()
    expect(page.get_by_role("heading", name="You offer nothing yet")).to_be_visible()


def _closed_by_staff(
    browsing: Browsing, instance: Instance, seller: Somebody, lotte: Element, shots: Shots
) -> None:
    """What a moderator writes its seller reads from the bot, and on the page."""
    command = ("user", "create", "vera", "--admin", "--password-stdin")
    made = instance.command(*command, stdin=f"{PASSWORD}\n")
    assert made.returncode == 0, made.stdout + made.stderr
    vera = browsing.somebody()
    vera.refusals = {403}
    vera.enter("vera", seller.page.url.removeprefix(seller.url))
    page = vera.page
    page.get_by_role("button", name="Close this listing…").click()
    dialog = page.get_by_role("alertdialog")
    closing = dialog.get_by_role("button", name="Close the listing")
    expect(closing).to_be_disabled()
    dialog.get_by_label("Reason").fill("Sold twice over.")
    everywhere(vera, "listing-moderate", closing, TWO, shots)
    closing.click()
    vera.says("It is closed. Its seller is told why.")
    expect(page.get_by_text("Closed: only its seller and moderators see it.")).to_be_visible()
    expect(dialog).to_have_count(0)
    lotte.until(lambda: _told(lotte, "“Kitchen radio, polished”: “Sold twice over.”"))
    seller.page.reload()
    why = seller.page.get_by_text("They wrote: Sold twice over.")
    everywhere(seller, "listing-closed-by-staff", why, TWO, shots)
    expect(seller.page.get_by_role("button", name="Open again")).to_have_count(0)


def _told(who: Element, words: str) -> bool:
    """Whether a notice in any of their rooms says so."""
    said = [one["content"] for room in who.seen.values() for one in room]
    return any(one.get("msgtype") == "m.notice" and words in one.get("body", "") for one in said)


def _asked_about(browsing: Browsing, shots: Shots) -> None:
    """From the card on a profile to the listing, and to its seller."""
    buyer = browsing.somebody()
    buyer.refusals = {403}
    buyer.enter("dave", "/profile/lotte")
    page = buyer.page
    page.get_by_role("link", name=re.compile("Kitchen radio")).click()
    expect(page.get_by_role("heading", level=1, name="Kitchen radio")).to_be_visible()
    expect(page.get_by_role("button", name="Ask about it")).to_be_visible()
    page.get_by_role("button", name="Show picture 2 of 2").click()
    expect(page.get_by_role("img", name="Kitchen radio, picture 2 of 2")).to_be_visible()
    expect(page.get_by_role("button", name="More about Kitchen radio")).to_have_count(0)
    buyer.settle()
    everywhere(
        buyer,
        "listing",
        page.get_by_role("button", name="Ask about it"),
        ALL,
        shots,
        all_shots=True,
    )
    page.get_by_role("button", name="Ask about it").click()
    note = page.get_by_role("dialog").get_by_label(re.compile("note", re.IGNORECASE))
    expect(note).to_have_value("About “Kitchen radio”: ")
    page.keyboard.press("Escape")


def _changed(seller: Somebody) -> None:
    """What is changed, and what another window was first to change."""
    page = seller.page
    page.get_by_role("link", name="Edit", exact=True).click()
    title = page.get_by_label("Title", exact=True)
    title.fill("Kitchen radio, polished")
    seller.refusals = {409}
    seller.page.evaluate(
        _PATCH, [f"/api/listings/{page.url.split('/')[-2]}", {"description": "Shines."}]
    )
    page.get_by_role("button", name="Save").click()
    seller.says("The listing changed meanwhile. Your changes are on top: save once more.")
    page.get_by_role("button", name="Save").click()
    seller.says("Your changes are saved.")
    expect(page.get_by_role("heading", level=1, name="Kitchen radio, polished")).to_be_visible()
    expect(page.get_by_text("Shines.")).to_be_visible()


def test_listings_are_found_and_searches_kept(browsing: Browsing, shots: Shots) -> None:
    carol = browsing.somebody()
    carol.enter("carol", "/listings")
    page = carol.page
    expect(_found(page).filter(has_text="Box of crime novels")).to_contain_text("Free")
    page.get_by_role("combobox", name="State").select_option("Reserved")
    expect(_found(page).filter(has_text="Valve radio from 1952")).to_contain_text("Reserved")
    page.get_by_role("button", name="Take away the filter Reserved").click()
    page.get_by_label("Find listings").fill("tab")
    expect(_found(page)).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/listings\?q=tab$"))
    page.get_by_label("Find listings").fill("")
    page.get_by_label("To", exact=True).fill("50")
    page.get_by_label("To", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(r"max_price=5000&currency=EUR"))
    expect(_found(page).filter(has_text="Trail shoes")).to_be_visible()
    expect(_found(page).filter(has_text="Kitchen table")).to_have_count(0)
    page.get_by_role("combobox", name="Tags").fill("running")
    page.keyboard.press("Enter")
    expect(_found(page)).to_have_count(1)
    carol.settle()
    everywhere(
        carol, "listings-narrowed", page.get_by_text("€50 or less"), ALL, shots, all_shots=True
    )
    row = _kept(carol, shots)
    page.get_by_role("link", name="Running shoes").click()
    # The address, the filters and what is found are all there again, also after a reload.
    page.reload()
    expect(_found(page)).to_have_count(1)
    page.get_by_role("button", name="Take away the filter #running").click()
    page.get_by_role("button", name="Take away the filter €50 or less").click()
    expect(page).to_have_url(re.compile(r"/listings$"))
    page.get_by_role("link", name="Saved searches").click()
    page.get_by_role("button", name="More about Running shoes").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row).to_have_count(1)
    page.get_by_role("button", name="More about Running shoes").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Put this message away").last.click()
    expect(row).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="No saved searches")).to_be_visible()


def _kept(person: Somebody, shots: Shots) -> Locator:
    """Save what is asked for, and call it something else; the row of its page."""
    page = person.page
    page.get_by_role("button", name="Save this search").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_have_value("#running, €50 or less")
    # A window waits for a keyboard on the screen where one might be: sizes change here.
    expect(page.locator(".veil")).to_have_css("opacity", "1")
    person.accessible("save a search")
    dialog.get_by_label("Name").fill("Shoes")
    dialog.get_by_role("button", name="Save").click()
    person.says("“Shoes” is saved.")
    page.get_by_role("link", name="Saved as “Shoes”").click()
    row = page.get_by_role("list", name="Saved searches").get_by_role("listitem")
    expect(row).to_contain_text("#running · €50 or less")
    page.reload()
    person.settle()
    everywhere(person, "saved-searches-kept", row, ALL, shots, all_shots=True)
    page.get_by_role("button", name="More about Shoes").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Running shoes")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    return row


def test_listings_in_every_state(browsing: Browsing, shots: Shots) -> None:
    carol = browsing.somebody()
    page = carol.page
    carol.refusals = {403, 404, 429, 503}
    carol.provoked = ("[kith] query ApiError: The database does not answer.",)
    carol.enter("carol", "/listings")
    everywhere(carol, "listings", _found(page), ALL)
    for size in (WIDE, SMALL):
        for theme in ("dark", "light"):
            wear(carol, theme, size)
            weak = [str(each) for each in weak_texts(page)]
            assert not weak, "\n".join([f"listings, {theme}", *weak])
    wear(carol, "dark", WIDE)
    carol.go("/listings?q=nothing+like+that")
    none = page.get_by_role("heading", name="Nothing fits")
    everywhere(carol, "listings-none", none, one(1), shots)
    held: list[Route] = []
    there = "**/api/listings?*"
    page.route(there, holding(held))
    page.goto(carol.url + "/listings")
    awaited = page.get_by_text("Listings found: on the way")
    expect(awaited).to_be_attached()
    carol.accessible("listings on the way")
    shots.take(page, "listings-loading-dark-wide")
    for route in held:
        route.fulfill(
            content_type="application/json", body=json.dumps({"listings": [], "next_cursor": None})
        )
    expect(page.get_by_role("heading", name="Nothing is offered yet")).to_be_visible()
    page.unroute(there)
    states: tuple[tuple[str, Any, str], ...] = (
        ("too-fast", refusing(Code.TOO_MANY_REQUESTS, retry_after_ms=42000), "One moment"),
        ("forbidden", refusing(Code.FORBIDDEN), "Not for your eyes"),
        ("failed", refusing(Code.DATABASE_UNAVAILABLE), "That did not work"),
    )
    for at, (name, answer, title) in enumerate(states):
        page.route(there, answer)
        page.goto(carol.url + "/listings")
        heading = page.get_by_role("heading", name=title)
        everywhere(carol, f"listings-{name}", heading, one(at), shots)
        page.unroute(there)
    page.route("**/api/saved-searches", saying({"searches": []}))
    carol.go("/listings/saved")
    expect(page.get_by_role("heading", name="No saved searches")).to_be_visible()


_PATCH = """async ([path, body]) => {
  const { csrf_token } = await (await fetch("/api/auth/session")).json();
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf_token };
  const answer = await fetch(path, { method: "PATCH", headers, body: JSON.stringify(body) });
  return answer.status;
}"""
