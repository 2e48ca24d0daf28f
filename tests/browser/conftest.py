# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chromium over a whole demo instance. Without a browser or a built app these tests are skipped.

`KITH_SCREENSHOTS=docs/screenshots` makes them keep a picture of every page and state.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack import webapp
from tests.support.instance import Instance

playwright = pytest.importorskip("playwright.sync_api")

from tests.browser.people import Browsing, Shots  # noqa: E402 - needs Playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    if CHROMIUM is None:
        pytest.skip("needs chromium (apt install chromium)")
    if not (webapp.BUILT / "index.html").is_file():
        pytest.skip("needs the built web app (./kith web)")
    with Instance(tmp_path_factory.mktemp("browser") / "data", "--demo") as running:
        yield running


@pytest.fixture(scope="session")
def browser(instance: Instance) -> Iterator["playwright.Browser"]:
    del instance  # what cannot run needs no browser
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def browsing(browser: "playwright.Browser", instance: Instance) -> Iterator[Browsing]:
    """Opens windows for people; afterwards none of them may have complained."""
    opened = Browsing(browser, instance.url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shots() -> Shots:
    folder = os.environ.get("KITH_SCREENSHOTS")
    return Shots(Path(folder) if folder else None)
