# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chromium over a whole demo instance. Without a browser or a built app these tests are skipped.

`KITH_REQUIRE_BROWSER=1` makes that a failure, for machines that must not skip them.
`KITH_SCREENSHOTS=docs/screenshots` makes them keep a picture of every page and state.
"""

import os
import shutil
from collections.abc import Iterator
from functools import partial
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

from playwright.sync_api import expect  # noqa: E402 - may be skipped above

from tests.browser.chromium import Chromium  # noqa: E402 - needs Playwright
from tests.browser.element import Circle  # noqa: E402 - needs Playwright's fixtures only
from tests.browser.people import Browsing, Shots  # noqa: E402 - needs Playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
# The few people of the demo say more here within a minute than people do: on a fast machine they
# would meet the limits, which tests of their own are about.
_SETTINGS = """\
server_name: localhost
rules: {rates: {messages_per_minute: 600, messages_per_hour: 6000}}
"""
# Milliseconds until what has to be shown counts as missing. Nothing that works waits so long.
_PATIENCE = 15_000


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if "chromium" not in pyfuncitem.fixturenames:
        return None
    names = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    chromium: Chromium = pyfuncitem._request.getfixturevalue("chromium")
    chromium.run(partial(pyfuncitem.obj, **arguments))
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
def chromium(instance: Instance) -> Iterator[Chromium]:
    del instance  # what cannot run needs no browser
    assert CHROMIUM is not None
    expect.set_options(timeout=_PATIENCE)
    started = Chromium(CHROMIUM)
    yield started
    started.stop()


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
def browsing(chromium: Chromium, instance: Instance, jar: dict[str, Any]) -> Iterator[Browsing]:
    """Opens windows for people; afterwards none of them may have complained."""
    opened = Browsing(chromium.browser(), instance.url, jar)
    yield opened
    chromium.shut(opened.close)
    opened.quiet()


@pytest.fixture(scope="session")
def shots() -> Shots:
    folder = os.environ.get("KITH_SCREENSHOTS")
    return Shots(Path(folder) if folder else None)
