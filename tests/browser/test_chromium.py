# SPDX-License-Identifier: AGPL-3.0-or-later
"""That the browser of the tests is there again whatever became of it, and of another one.

A worker of pytest has two of them. Once one did not close its windows; both were killed, and the
other test's next window was asked of a browser that was gone.
"""

import threading
from collections.abc import Iterator

import pytest

from tests.browser import chromium as module
from tests.browser.chromium import Chromium
from tests.browser.conftest import CHROMIUM, _missing


@pytest.fixture
def two() -> Iterator[tuple[Chromium, Chromium]]:
    if CHROMIUM is None:
        _missing("needs chromium (apt install chromium)")
    assert CHROMIUM is not None
    both = Chromium(CHROMIUM), Chromium(CHROMIUM)
    yield both
    for one in both:
        one.stop()


def _opens(one: Chromium) -> bool:
    browser = one.browser()

    def window() -> bool:
        page = browser.new_page()
        page.set_content("<h1>There</h1>")
        said = page.inner_text("h1")
        page.close()
        return said == "There"

    return one.run(window)


def _wait(closed: threading.Event) -> None:
    assert closed.wait(60)


def test_one_that_hangs_takes_no_other_with_it(
    two: tuple[Chromium, Chromium], monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging, other = two
    assert _opens(hanging)
    assert _opens(other)
    there, closed = other.browser(), threading.Event()
    with monkeypatch.context() as hurried:
        hurried.setattr(module, "CLOSING", 0.2)
        hanging.shut(lambda: _wait(closed))
    closed.set()
    assert _opens(other)
    assert other.browser() is there
    assert _opens(hanging)


def test_one_that_died_is_started_anew(two: tuple[Chromium, Chromium]) -> None:
    one, _ = two
    assert _opens(one)
    gone = one.browser()
    one._kill()
    assert _opens(one)
    assert one.browser() is not gone
