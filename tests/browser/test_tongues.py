# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page in words that are longer, and in a page that is mirrored: whole, fitting, translated.

The two trial languages are made from English by the app itself (`web/src/lib/trial.ts`): each of
its sentences stands between two marks. Outside of them is what people wrote, or a mistake.
"""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.people import SIZES, Browsing, Somebody

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

OUTSIDE = {"welcome": "/", "sign-in": "/sign-in"}
INSIDE = {
    "lounge": "/lounge",
    "forum": "/lounge/general",
    "inbox": "/messages",
    "incoming": "/connections/incoming",
    "people": "/people",
    "profile": "/profile/alice",
    "edit-profile": "/settings/profile",
    "listings": "/listings",
    "new-listing": "/listings/new",
    "privacy": "/settings/privacy",
    "your-data": "/settings/data",
    "appearance": "/settings/appearance",
}
MIRRORED = ("lounge", "forum", "inbox", "profile", "listings", "appearance")
"""Pages of which each lays out differently; the words are the same."""
# Texts wider than their box that are not meant to be cut, and a page wider than its window.
_CLIPPED = """() => {
  // Whether a part of it lies outside of what hides what is outside.
  const hidden = (it) => {
    const { left, right } = it.getBoundingClientRect();
    for (let box = it.parentElement; box; box = box.parentElement) {
      const { overflowX } = getComputedStyle(box);
      if (overflowX === "visible") continue;
      if (overflowX !== "hidden" && overflowX !== "clip") return false;
      const edge = box.getBoundingClientRect();
      return left < edge.left - 1 || right > edge.right + 1;
    }
    return false;
  };
  const root = document.documentElement;
  const found = root.scrollWidth > root.clientWidth ? ["the page"] : [];
  for (const it of document.querySelectorAll("body *")) {
    if (![...it.childNodes].some((one) => one.nodeType === 3 && one.data.includes("⟦"))) continue;
    const style = getComputedStyle(it);
    if (style.textOverflow === "ellipsis" || it.closest(".sr-only, .truncate, .skip")) continue;
    if (!it.checkVisibility()) continue;
    const own = style.display !== "inline" && it.scrollWidth > it.clientWidth + 1;
    if (own || hidden(it)) found.push(it.outerHTML.slice(0, 200));
  }
  return found;
}"""
# Latin letters outside of the marks that are nobody's own: those stand in `bdi`, or where the
# direction follows what was written, and stand in names of parts of the page too.
_PLAIN = """() => {
  const marked = /\u202e?⟦[^⟦⟧]*⟧\u202c?/g;
  const own = "bdi, [dir=auto], [lang]:not(html), time, kbd, textarea, option, svg";
  const names = ["Kith", "AGPL", ...[...document.querySelectorAll("bdi, [dir=auto]")].map(
    (it) => it.textContent.trim())].filter(Boolean).toSorted((a, b) => b.length - a.length);
  const left = (text) => {
    const rest = names.reduce((now, name) => now.replaceAll(name, ""), text);
    return /[A-Za-z]{2,}/.test(rest.replace(marked, "").replace(marked, "")) ? text.trim() : null;
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { parentElement: it, data } = texts.currentNode;
    const plain = !it.closest(own) && it.checkVisibility() && left(data);
    if (plain) found.push(plain);
  }
  for (const it of document.querySelectorAll("[aria-label], [placeholder]")) {
    // A message is called by all it says.
    if (it.closest("[data-live-announcer], article, [role=article]")) continue;
    const texts = [it.ariaLabel, it.placeholder].filter((text) => text && !text.includes("⟦"));
    const plain = texts.map(left).find(Boolean);
    if (plain) found.push(`called: ${plain}`);
  }
  return [...new Set(found)];
}"""


@pytest.mark.parametrize("tongue", ["en-XA", "ar-XB"])
def test_every_page_fits_and_is_translated(browsing: Browsing, tongue: str) -> None:
    person = browsing.somebody()
    person.refusals = {403, 404}
    wish = json.dumps(json.dumps({"tongue": tongue}))
    person.page.context.add_init_script(f"localStorage.setItem('kith.look', {wish})")
    for name, path in OUTSIDE.items():
        _whole(person, f"{tongue}-{name}", path)
    if "alice" not in person.jar:
        other = browsing.somebody()
        other.enter("alice")
    person.enter("alice", "/lounge")
    direction = "rtl" if tongue == "ar-XB" else "ltr"
    expect(person.page.locator("html")).to_have_attribute("dir", direction)
    for name, path in INSIDE.items():
        if direction == "rtl" and name not in MIRRORED:
            continue
        _whole(person, f"{tongue}-{name}", path)


def _whole(person: Somebody, name: str, path: str) -> None:
    person.go(path)
    for size, (width, height) in SIZES.items():
        person.page.set_viewport_size({"width": width, "height": height})
        person.settle()
        clipped = person.page.evaluate(_CLIPPED)
        assert clipped == [], f"{name}, {size}: {clipped}"
    plain = person.page.evaluate(_PLAIN)
    assert plain == [], f"{name}: {plain}"


def test_a_language_is_chosen_and_kept(browsing: Browsing) -> None:
    person = browsing.somebody()
    person.enter("alice", "/settings/appearance")
    page = person.page
    # The radio itself is hidden; its label is what one presses.
    page.get_by_text("Deutsch", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aussehen & Tasten")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    person.go("/connections/blocked")
    expect(page.get_by_role("heading", name="Kontakte")).to_be_visible()
    # Emoji are found by their German names too, each in a file that others do not fetch.
    person.go("/lounge/general")
    page.get_by_role("button", name="Emoji", exact=True).click()
    page.get_by_role("searchbox", name="Emojis durchsuchen").fill("herz mit pfeil")
    expect(page.get_by_role("gridcell", name="Herz mit Pfeil")).to_have_text("💘")
    page.keyboard.press("Escape")
    person.go("/settings/appearance")
    page.get_by_text("Français", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Apparence et touches")
    person.accessible("the settings in French")
