# SPDX-License-Identifier: AGPL-3.0-or-later
"""Records anew what the screens are told: `python -m tests.pixels.record`, some two minutes.

Starts the demo, opens each screen in both sizes, and keeps what came. All baselines have to be
taken anew afterwards, for ids, names of pictures and times are others.
"""

import json
import re
import shutil
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Route, WebSocket, expect

from stack.layout import Layout
from tests.browser.chromium import Chromium
from tests.browser.people import SIZES, Browsing
from tests.pixels.screens import ALICE, NOBODY, SCREENS, Screen
from tests.pixels.tape import FOLDER, Tape
from tests.support.folders import quick_folder
from tests.support.instance import CHEAP_PASSWORDS, Instance

_CHROMIUM = "chromium"
_MINUTE = 60_000


def main() -> None:
    """Record."""
    path = shutil.which(_CHROMIUM)
    assert path, "needs chromium"
    with quick_folder() as folder:
        layout = Layout(folder / "data")
        layout.make()
        layout.operator_settings.write_text("server_name: localhost\n")
        layout.extra_homeserver.write_text(CHEAP_PASSWORDS)
        with Instance(layout.data, "--demo") as instance:
            chromium = Chromium(path)
            try:
                chromium.run(partial(_record, chromium.browser(), instance.url))
            finally:
                chromium.stop()


def _record(browser: Any, url: str) -> None:
    expect.set_options(timeout=15_000)
    browsing = Browsing(browser, url, {})
    browsing.somebody().enter(ALICE)
    tapes = {ALICE: Tape(), NOBODY: Tape()}
    for size in SIZES:
        for screen in SCREENS:
            print(size, screen.name, flush=True)  # noqa: T201 - says how far it is
            _one(browsing, screen, size, tapes[screen.who])
    now = browsing.somebody()
    now.go("/sign-in")
    at = now.page.evaluate("Date.now()") // _MINUTE * _MINUTE + _MINUTE
    browsing.close()
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name, tape in tapes.items():
        tape.at = at
        tape.save(name)


def _one(browsing: Browsing, screen: Screen, size: str, tape: Tape) -> None:
    person = browsing.somebody(size)
    page = person.page
    if screen.who != NOBODY:
        page.context.add_cookies(browsing.jar[screen.who])
    page.route(re.compile("/api/"), partial(_keep, tape))
    page.on("websocket", partial(_listen, tape))
    screen.open(person, tape)
    person.settle()
    page.unroute_all(behavior="wait")
    page.context.close()


def _listen(tape: Tape, socket: WebSocket) -> None:
    def heard(payload: str | bytes) -> None:
        tape.hear(json.loads(payload))

    socket.on("framereceived", heard)


def _keep(tape: Tape, route: Route) -> None:
    """Pass a question on and keep the answer, which the page itself may never read to its end."""
    parts = urlsplit(route.request.url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    answer = route.fetch()
    kind = answer.headers.get("content-type", "")
    tape.add(f"{route.request.method} {path}", answer.status, kind, answer.body())
    route.fulfill(response=answer)


if __name__ == "__main__":
    main()
