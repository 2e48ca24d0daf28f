# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chromium over a whole demo instance. Without a browser or a built app these tests are skipped.

`KITH_REQUIRE_BROWSER=1` makes that a failure, for machines that must not skip them.
`KITH_SCREENSHOTS=docs/screenshots` makes them keep a picture of every page and state.
"""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from stack import webapp
from stack.accounts import Doors
from stack.layout import Layout
from tests.support.folders import quick_folder
from tests.support.instance import CHEAP_PASSWORDS, Instance

REQUIRED = os.environ.get("KITH_REQUIRE_BROWSER") == "1"
if not REQUIRED:
    pytest.importorskip("playwright.sync_api")

from playwright.sync_api import (  # noqa: E402 - may be skipped above
    Browser,
    expect,
    sync_playwright,
)

from tests.browser.element import Circle  # noqa: E402 - needs Playwright's fixtures only
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
# The few people of the demo say more here within a minute than people do: on a fast machine they
# would meet the limits, which tests of their own are about.
_SETTINGS = """\
server_name: localhost
rules: {rates: {messages_per_minute: 600, messages_per_hour: 6000}}
"""
# Milliseconds until what has to be shown counts as missing. Nothing that works waits so long.
_PATIENCE = 15_000
# Playwright's plain calls leave a loop running in their thread, which every asyncio test after
# them would trip over. So whatever touches a browser runs in this one thread.
_THREAD = ThreadPoolExecutor(1, thread_name_prefix="browser")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
    names = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    _THREAD.submit(pyfuncitem.obj, **arguments).result()
    return True


def _missing(what: str) -> None:
    if REQUIRED:
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def instance() -> Iterator[Instance]:
    if CHROMIUM is None:
        _missing("needs chromium (apt install chromium)")
    if not (webapp.BUILT / "index.html").is_file():
        _missing("needs the built web app (./kith web)")
    with quick_folder() as folder:
        layout = Layout(folder / "data")
        layout.make()
        layout.operator_settings.write_text(_SETTINGS)
        layout.extra_homeserver.write_text(CHEAP_PASSWORDS)
        with Instance(layout.data, "--demo") as running:
            yield running


@pytest.fixture(scope="session")
def browser(instance: Instance) -> Iterator[Browser]:
    del instance  # what cannot run needs no browser

    def opened() -> tuple[object, Browser]:
        expect.set_options(timeout=_PATIENCE)
        driver = sync_playwright().start()
        return driver, driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

    driver, browser = _THREAD.submit(opened).result()
    yield browser
    _THREAD.submit(browser.close).result()
    _THREAD.submit(driver.stop).result()


@pytest.fixture(scope="session")
def jar() -> dict[str, Any]:
    """Cookies of everybody who signed in."""
    return {}


@pytest.fixture(scope="session")
def crowd(instance: Instance) -> Iterator[Circle]:
    """Accounts that only tests have, made when they are asked for."""
    with Circle(Doors.of(instance.data / "run" / "kith.yaml")) as made:
        yield made


@pytest.fixture
def browsing(browser: Browser, instance: Instance, jar: dict[str, Any]) -> Iterator[Browsing]:
    """Opens windows for people; afterwards none of them may have complained."""
    opened = Browsing(browser, instance.url, jar)
    yield opened
    _THREAD.submit(opened.close).result()


@pytest.fixture(scope="session")
def shots() -> Shots:
    folder = os.environ.get("KITH_SCREENSHOTS")
    return Shots(Path(folder) if folder else None)
