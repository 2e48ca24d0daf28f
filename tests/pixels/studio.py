# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opens screens over recorded answers, and holds them against their baselines."""

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page

from appservice.rest.openapi import COOKIE
from tests.browser.chromium import Chromium
from tests.browser.looks import wear
from tests.browser.people import SIZES, Browsing, Somebody
from tests.pixels import calibration, layout, picture
from tests.pixels.replay import Replay
from tests.pixels.screens import ALICE, NOBODY, Screen
from tests.pixels.tape import Tape

BASELINES = Path(__file__).parent / "baselines"
MADE_WITH = BASELINES / "made-with.json"
WRITE = "KITH_WRITE"
HOW = f"{WRITE}=1 .venv/bin/pytest -n 2 --dist loadfile tests/pixels"
THEMES = ("dark", "light")
_CALIBRATION = BASELINES / "calibration.webp"
_SAME_ENGINE = 0.0002
_PATIENCE = 6.0
"""Seconds until a screen that is not as it was counts as changed."""
Change = Callable[[Page], None]


@dataclass
class Studio:
    """One browser and one server of recorded answers.

    Attributes:
        tapes: what each person is told.
        output: where pictures of what has changed go.
    """

    chromium: Chromium
    replay: Replay
    url: str
    tapes: dict[str, Tape]
    output: Path

    @property
    def writing(self) -> bool:
        """Whether baselines are taken instead of compared."""
        return bool(os.environ.get(WRITE))

    @property
    def version(self) -> str:
        """Of the browser."""
        return self.chromium.browser().version

    @cached_property
    def exact(self) -> bool:
        """Whether what draws here is what drew the baselines, so that pixels can be compared."""
        return self._within("wide", self._calibrate)

    def check(self, screen: Screen, size: str, change: Change | None = None) -> None:
        """Hold a screen against its baselines, dark and light.

        A `change` is done to the page before, to prove that changes are found.

        Raises:
            AssertionError: it has changed, or asked for what nobody has recorded.
        """
        exact = self.exact or self.writing
        self.replay.missing.clear()
        self._within(size, lambda person: self._both(screen, size, person, exact, change))
        assert not self.replay.missing, f"not recorded: {self.replay.missing}"

    def _within(self, size: str, work: Callable[[Somebody], Any]) -> Any:
        browsing = Browsing(self.chromium.browser(), self.url, {})
        try:
            return self.chromium.run(lambda: work(browsing.somebody(size)))
        finally:
            self.chromium.shut(browsing.close)

    def _both(
        self, screen: Screen, size: str, person: Somebody, exact: bool, change: Change | None
    ) -> None:
        tape = self.tapes[screen.who]
        person.page.clock.set_fixed_time(self.tapes[ALICE].at / 1000)
        if screen.who != NOBODY:
            cookie = {"name": COOKIE, "value": screen.who, "url": self.url}
            person.page.context.add_cookies([cookie])  # type: ignore[list-item]
        screen.open(person, tape)
        layouts: dict[str, layout.Sequence[layout.Thing]] = {}
        for theme in THEMES:
            wear(person, theme, SIZES[size])
            person.page.evaluate(_DECODED)
            person.settle()
            if change:
                change(person.page)
            name = f"{screen.name}-{theme}-{size}"
            if self.writing:
                picture.save(_still(person), BASELINES / f"{name}.webp")
                layouts[theme] = person.page.evaluate(layout.SEEN)
            elif exact:
                self._pixels(person, name)
            else:
                self._boxes(person, screen.name, size, theme)
        if self.writing:
            layout.save(layouts, _boxes_of(screen.name, size))

    def _pixels(self, person: Somebody, name: str) -> None:
        expected = _open(BASELINES / f"{name}.webp")
        end = time.monotonic() + _PATIENCE
        while True:
            actual = _shot(person.page)
            part = picture.changed(expected, actual)
            if part <= picture.ALLOWED:
                return
            if time.monotonic() > end:
                break
            person.settle()
        self.output.mkdir(parents=True, exist_ok=True)
        actual.save(self.output / f"{name}-actual.png")
        picture.marked(expected, actual).save(self.output / f"{name}-changed.png")
        word = name.partition("-")[0]
        raise AssertionError(
            f"{name}: {part:.2%} of the pixels changed, {picture.ALLOWED:.1%} may. See "
            f"{self.output}/{name}-changed.png; if it is meant: {HOW} -k {word}"
        )

    def _boxes(self, person: Somebody, name: str, size: str, theme: str) -> None:
        expected = layout.load(_boxes_of(name, size))[theme]
        end = time.monotonic() + _PATIENCE
        while True:
            actual = person.page.evaluate(layout.SEEN)
            part = layout.changed(expected, actual, SIZES[size])
            if part <= layout.ALLOWED:
                return
            if time.monotonic() > end:
                break
            person.settle()
        gone = [one for one in expected if one not in actual][:5]
        come = [one for one in actual if one not in expected][:5]
        raise AssertionError(f"{name}-{theme}-{size}: {part:.2%} moved: {gone} became {come}")

    def _calibrate(self, person: Somebody) -> bool:
        page = person.page
        page.goto(self.url + calibration.PATH)
        page.wait_for_function(_FONT_THERE)
        if self.writing:
            picture.save(_shot(page), _CALIBRATION)
            return True
        with suppress(FileNotFoundError):
            expected = _open(_CALIBRATION)
            end = time.monotonic() + _PATIENCE
            while time.monotonic() < end:
                if picture.changed(expected, _shot(page)) <= _SAME_ENGINE:
                    return True
        return False

    def write_down(self, fonts: dict[str, str]) -> None:
        """Keep what the baselines were made with."""
        made = {"chromium": self.version, "fonts": fonts}
        BASELINES.mkdir(exist_ok=True)
        MADE_WITH.write_text(json.dumps(made, indent=1) + "\n", "utf-8")


def _shot(page: Page) -> Image.Image:
    return picture.shot(page.screenshot(animations="disabled", caret="hide", scale="css"))


def _still(person: Somebody) -> Image.Image:
    """Its picture once two on end are the same."""
    end = time.monotonic() + _PATIENCE
    before = _shot(person.page)
    while True:
        person.settle()
        now = _shot(person.page)
        if picture.changed(before, now) == 0:
            return now
        assert time.monotonic() < end, "it does not come to rest"
        before = now


def _open(path: Path) -> Image.Image:
    with Image.open(path) as found:
        return found.convert("RGB")


def _boxes_of(name: str, size: str) -> Path:
    return BASELINES / f"{name}-{size}.json.gz"


# `document.fonts.status` says "loaded" as well before anything is fetched.
_FONT_THERE = "[...document.fonts].some((it) => it.status === 'loaded')"
_DECODED = """async () => {
  await document.fonts.ready;
  const seen = [...document.images].filter((it) => it.complete && it.naturalWidth);
  await Promise.all(seen.map((it) => it.decode().catch(() => undefined)));
}"""
