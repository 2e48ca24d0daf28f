# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text on glass, gradients and pictures can be read, in every theme (WCAG 1.4.3)."""

import pytest
from playwright.sync_api import Page

from tests.browser.contrast import weak_texts
from tests.browser.looks import SMALL, WIDE, wear
from tests.browser.people import Browsing, Somebody
from tests.browser.talking import PLANET, among_friends

pytestmark = [pytest.mark.journey, pytest.mark.timeout(200)]
_MORE = "more => document.documentElement.toggleAttribute('data-contrast', more)"


def _readable(person: Somebody, what: str, size: tuple[int, int]) -> None:
    page = person.page
    for theme in ("dark", "light"):
        for more in (False, True):
            wear(person, theme, size)
            page.evaluate(_MORE, more)
            weak = [str(one) for one in weak_texts(page)]
            name = f"{what}, {theme}{', more contrast' if more else ''}"
            assert not weak, "\n".join([name, *weak])
    page.evaluate(_MORE, False)


def _height(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollHeight"))


def test_the_measure_itself(browsing: Browsing) -> None:
    person = browsing.somebody()
    person.go("/sign-in")
    assert weak_texts(person.page) == []
    person.page.evaluate(
        """() => {
          const it = document.querySelector("h1");
          it.style.color = "white";
          it.style.background = "linear-gradient(90deg, #06b6d4, #0891b2)";
          it.style.fontSize = "16px";
        }"""
    )
    [weak] = weak_texts(person.page)
    # White on the lighter end of the brand's cyan, as measured by others: 2.43:1.
    assert 2.4 < weak.ratio < 2.7


def test_text_on_glass_can_be_read(browsing: Browsing) -> None:
    person = browsing.somebody()
    person.go("/styleguide-neon")
    wear(person, "dark", WIDE)
    _readable(person, "styleguide", (WIDE[0], _height(person.page)))
    talking = among_friends(person)
    wear(person, "dark", WIDE)
    talking.said(PLANET).hover()
    for size in (WIDE, SMALL):
        _readable(person, f"conversation, {size[0]} pixels", size)
