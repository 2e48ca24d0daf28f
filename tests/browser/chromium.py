# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chromium and the one thread that talks to it; started anew when it no longer answers."""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from secrets import token_hex
from typing import TypeVar

import psutil
from playwright.sync_api import Browser, Error, Playwright, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CLOSING = 30.0
"""Seconds in which the windows of a test are closed."""
ANSWERING = 10.0
"""Seconds in which a browser that lives says which one it is."""
Given = TypeVar("Given")
_LOG = logging.getLogger("tests.browser")


class Chromium:
    """A browser that is there whenever somebody wants a window.

    Playwright's plain calls leave a loop running in their thread, which every asyncio test after
    them would trip over. So whatever touches the browser runs in a thread of its own.
    """

    def __init__(
        self, path: str, more: Sequence[str] = (), env: Mapping[str, str] | None = None
    ) -> None:
        """Args: where the browser is, further arguments, variables of its environment."""
        # A word of its own in the command line: one process may have several browsers, and only
        # the one that hangs may be killed.
        self._mark = f"--started-as={token_hex(8)}"
        self._path, self._arguments = path, [*ARGUMENTS, *more, self._mark]
        self._env: dict[str, str | float | bool] = {**os.environ, **(env or {})}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="browser")
        self._driver: Playwright = self.run(sync_playwright().start)
        self._browser: Browser | None = None

    def run(self, work: Callable[[], Given]) -> Given:
        """Do something with windows, in their thread."""
        return self._thread.submit(work).result()

    def browser(self) -> Browser:
        """It, running."""
        if self._browser is None or not self._answers(self._browser):
            launch = partial(self._driver.chromium.launch, executable_path=self._path)
            self._browser = self.run(lambda: launch(args=self._arguments, env=self._env))
        return self._browser

    def shut(self, windows: Callable[[], None]) -> None:
        """Close windows; a browser that does not is killed, and says nothing of what was tested.

        Now and then Chromium never answers when it is to let go of a window, and would hold up
        all that comes after.
        """
        closing = self._thread.submit(windows)
        if not wait([closing], CLOSING).not_done:
            closing.result()
            return
        _LOG.warning("Chromium did not close its windows and was killed")
        self._kill()
        # What waits for its answer ends now, with an error that is ours.
        wait([closing], CLOSING)

    def stop(self) -> None:
        """End it."""
        if self._browser is not None:
            self.shut(self._browser.close)
        self.run(self._driver.stop)
        self._thread.shutdown()

    def _answers(self, browser: Browser) -> bool:
        # Asked, for Playwright hears of a browser's end only while it is asked for something.
        def ask() -> None:
            session = browser.new_browser_cdp_session()
            session.send("Browser.getVersion")
            session.detach()

        asked = self._thread.submit(ask)
        if wait([asked], ANSWERING).not_done:
            _LOG.warning("Chromium did not answer and was killed")
            self._kill()
        return not isinstance(asked.exception(), Error)

    def _kill(self) -> None:
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if self._mark in process.cmdline():
                    for one in (*process.children(recursive=True), process):
                        one.kill()
