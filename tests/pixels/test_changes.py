# SPDX-License-Identifier: AGPL-3.0-or-later
"""That a change is found: by pixels, or by boxes where another engine draws."""

import json

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.pixels import layout, picture
from tests.pixels.screens import SCREENS
from tests.pixels.studio import MADE_WITH, Change, Studio

PRIVACY = next(screen for screen in SCREENS if screen.name == "privacy")
_RULES = {
    "another accent": ":root { --accent: #67f9c0 !important }",
    "two pixels more": ".option { padding: 14px 16px !important }",
    "wider letters": "body { letter-spacing: 0.01em !important }",
}


def _styled(rule: str) -> Change:
    # By a sheet that is there: the app's policy takes no style of another's making.
    def change(page: Page) -> None:
        page.evaluate("(rule) => document.styleSheets[0].insertRule(rule, 0)", rule)

    return change


@pytest.fixture
def pressed(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """A studio that waits no longer than it must."""
    if studio.writing:
        pytest.skip("the baselines are being taken")
    assert studio.exact in (True, False), "found out while there is time"
    monkeypatch.setattr("tests.pixels.studio._PATIENCE", 0.2)
    return studio


@pytest.mark.parametrize("rule", _RULES.values(), ids=_RULES)
def test_a_changed_token_is_found(pressed: Studio, rule: str) -> None:
    with pytest.raises(AssertionError, match=r"pixels changed|moved"):
        pressed.check(PRIVACY, "wide", _styled(rule))


@pytest.mark.parametrize("rule", [":root { --accent: #67f9c0 }", ".option { padding: 16px }"])
def test_another_engine_finds_it_by_its_boxes(
    pressed: Studio, monkeypatch: pytest.MonkeyPatch, rule: str
) -> None:
    monkeypatch.setitem(vars(pressed), "exact", False)
    pressed.check(PRIVACY, "wide")
    with pytest.raises(AssertionError, match="moved"):
        pressed.check(PRIVACY, "wide", _styled(rule.replace(" }", " !important }")))


def test_pixels_are_compared_here(studio: Studio) -> None:
    made = json.loads(MADE_WITH.read_text("utf-8"))
    if not studio.exact:
        pytest.skip(
            f"Chromium {studio.version} draws otherwise than {made['chromium']}, which drew the "
            "baselines: boxes and colours are compared in place of pixels"
        )


def test_what_no_eye_sees_is_no_change() -> None:
    one = Image.new("RGB", (100, 100), (100, 100, 100))
    assert picture.changed(one, Image.new("RGB", (100, 100), (106, 94, 100))) == 0
    assert picture.changed(one, Image.new("RGB", (100, 100), (107, 100, 100))) == 1
    assert picture.changed(one, Image.new("RGB", (100, 101), (100, 100, 100))) == 1


def test_a_thousandth_may_change_and_no_more() -> None:
    one = Image.new("RGB", (100, 100))
    other = one.copy()
    for at in range(10):
        other.putpixel((at, 5), (255, 0, 0))
    assert picture.changed(one, other) == picture.ALLOWED
    other.putpixel((50, 50), (0, 9, 0))
    assert picture.changed(one, other) > picture.ALLOWED
    assert picture.marked(one, other).getpixel((50, 50)) == (220, 0, 0)


def test_things_that_stand_elsewhere_or_look_otherwise_are_counted() -> None:
    window, look = (100, 100), "P|31.31.31.255"
    at = [[10, 10, 20, 5, look], [10, 20, 20, 5, look]]
    assert layout.changed(at, [[11, 12, 20, 5, look], [10, 20, 21, 5, look]], window) == 0
    assert layout.changed(at, [[10, 10, 20, 5, look]], window) == 0.01
    assert layout.changed(at, [[10, 13, 20, 5, look], at[1]], window) == 0.02
    assert layout.changed(at, [[10, 10, 20, 5, "P|31.0.0.255"], at[1]], window) == 0.02
