# SPDX-License-Identifier: AGPL-3.0-or-later
"""One page in every theme and size, without loading it anew: loading costs more than looking."""

from playwright.sync_api import Locator, expect

from tests.browser.people import Shots, Somebody

WIDE, SMALL = (1280, 800), (390, 844)
ALL = (("dark", WIDE), ("light", WIDE), ("light", SMALL), ("dark", SMALL))
# Each theme and each size once.
TWO = (("dark", WIDE), ("light", SMALL))
_DRAWN = """() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30)));
})"""


def wear(person: Somebody, theme: str, size: tuple[int, int]) -> None:
    """Let the system ask for a theme, in a window of this size."""
    page = person.page
    page.emulate_media(color_scheme="light" if theme == "light" else "dark")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    page.evaluate(_DRAWN)


def one(at: int) -> tuple[tuple[str, tuple[int, int]], ...]:
    """One look after the other, for states that all pages draw by the same parts."""
    return (ALL[at % len(ALL)],)


def everywhere(
    person: Somebody,
    name: str,
    there: Locator,
    looks: tuple[tuple[str, tuple[int, int]], ...] = TWO,
    shots: Shots | None = None,
    *,
    all_shots: bool = False,
) -> None:
    """What is `there` breaks no rule and is not too wide in any of these looks.

    A picture is kept of the first one, or of all.
    """
    for theme, size in looks:
        wear(person, theme, size)
        expect(there.first).to_be_visible(timeout=15_000)
        person.accessible(f"{name}, {theme}, {size[0]} pixels")
        if shots and (all_shots or (theme, size) == looks[0]):
            shots.take(person.page, f"{name}-{theme}-{'wide' if size == WIDE else 'small'}")
    wear(person, "dark", WIDE)
